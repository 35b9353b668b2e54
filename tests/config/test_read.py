"""The config file: where it is, what is wrong in it, all at once and with the place; `$NAME`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bumper import catalog, templates
from bumper.config import load
from bumper.config.model import Config
from bumper.config.read import read
from bumper.config.secrets import expand
from bumper.errors import ConfigError, UsageError
from bumper.messages import body
from tests.canaries import canary
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

# One line each, and what must be said of it.
MISTAKES = [
    pytest.param("polcy: patch", ["bumper.yaml:1:1: polcy: unknown key"], id="unknown-key"),
    pytest.param("defaults: {polcy: patch}", ["unknown key, did you mean 'policy'?"], id="near-key"),
    pytest.param("rules: [{images: 'acme/*'}]", ["unknown key, did you mean 'match'?"], id="anothers-word"),
    pytest.param("registries: {ghcr.io: {user: x}}", ["did you mean 'username'?"], id="near-key-below-a-host"),
    pytest.param("defaults: {scheme: semvr}", ["must be one of", "did you mean 'semver'?"], id="near-value"),
    pytest.param("defaults: {policy: 1.10}", ["must be text: quote it, '1.10'"], id="a-number-for-a-text"),
    pytest.param("defaults: {tags: '(['}", ["bumper.yaml:1:"], id="row-125-a-broken-expression"),
    pytest.param("defaults: {min-age: soon}", ["min-age"], id="a-duration"),
    pytest.param("pull-requests: {limit: -1}", ["limit", "greater than or equal to 0"], id="a-negative-limit"),
    pytest.param("pull-requests: {branch-prefix: ''}", ["branch-prefix", "bumper/"], id="rule-g5-no-prefix"),
    pytest.param("pull-requests: {branch-prefix: main}", ["branch-prefix", "bumper/"], id="rule-g5-a-whole-name"),
    pytest.param("pull-requests: {branch-prefix: -x/}", ["branch-prefix"], id="rule-g5-an-option"),
    pytest.param("version: 2", ["version", "must be"], id="another-version"),
    pytest.param("rules: {match: x}", ["rules"], id="a-mapping-for-a-list"),
    pytest.param("- a", ["the file"], id="a-list-for-the-file"),
    pytest.param("rings: {}", ["rings: is not available in this version"], id="a-key-of-a-later-version"),
    pytest.param("- a", ["the file: must be a mapping, of keys"], id="in-plain-words"),
    pytest.param("rules: {match: x}", ["rules: must be a list"], id="a-list-in-plain-words"),
    pytest.param("defaults: {monitor: maybe}", ["must be true or false"], id="a-word-for-a-truth"),
    pytest.param("defaults: {group: true}", ["quote it, 'true'"], id="a-truth-for-a-text"),
    pytest.param("pull-requests: {limit: many}", ["must be a whole number"], id="a-word-for-a-number"),
    pytest.param("files: {patterns: [{match: '(?P<tag>x)', image: a}]}", ["files.patterns.0.files: is missing"], id="a-key-that-is-missing"),
    pytest.param("defaults: {policy: minor}\nrules: []\ndefaults: {policy: patch}", ["bumper.yaml:3:1: defaults: stands here a second time"], id="row-107-a-key-twice"),
    pytest.param("rules:\n  - {match: x, polcy: a, match: y}", ["bumper.yaml:2:26: match: stands", "2:16: rules.0.polcy"], id="row-107-a-key-twice-below-and-another-mistake"),
    pytest.param("rules: [{match: 'nginx:1.25'}]", ["'nginx:1.25': an image is matched by its name alone"], id="a-match-with-a-tag"),
    pytest.param("rules: [{match: [ok, 'https://ghcr.io/x']}]", ["rules.0.match.1", "https://ghcr.io/x"], id="a-match-by-address"),
    pytest.param("rules: [{files: ./web/*}]", ["'./web/*': paths begin at the repository's root"], id="a-path-from-here"),
    pytest.param("files: {exclude: /web/**}", ["paths begin at the repository's root"], id="a-path-from-the-root-of-all"),
    pytest.param("defaults: {platforms: amd64}", ["'amd64' is no platform; write it as linux/amd64"], id="half-a-platform"),
    pytest.param("registries: {'https://ghcr.io/': {token: a}}", ["registries.https://ghcr.io/: must be a host"], id="an-address-for-a-host"),
    pytest.param("registries: {'*.example.org': {token: a}}", ["must be a host"], id="a-pattern-for-a-host"),
    pytest.param("registries: {a.org: {username: bot}}", ["`username` needs `password` or `token`"], id="a-name-without-a-secret"),
    pytest.param("registries: {a.org: {mirror: 'https://m.org/x'}}", ["mirror: must be a host"], id="an-address-for-a-mirror"),
    pytest.param("registries: {a.org: {realm: auth.org}}", ["realm.0: must be an address with https://: 'https://auth.org'"], id="a-host-for-a-realm"),
    pytest.param("forge: {url: git.org}", ["must be an address with https://: 'https://git.org'"], id="a-host-for-a-forge"),
    pytest.param("forge: {slug: acme}", ["must be owner/name"], id="half-a-slug"),
    pytest.param("forge: {slug: 'https://github.com/acme/x'}", ["must be owner/name"], id="an-address-for-a-slug"),
    pytest.param("forge: {app: $A}", ["`app` and `app-key` need each other"], id="an-app-without-its-key"),
    pytest.param("forge: {kind: gitea, app: $A, app-key: $B}", ["`app` means nothing to gitea"], id="an-app-elsewhere"),
    pytest.param("commit: {key: $K}", ["`key` signs nothing without `sign"], id="a-key-that-signs-nothing"),
    pytest.param("notify: [{webhook: a, name: n}, {webhook: b, name: n}]", ["bumper.yaml:1:46: notify.1.name: another channel is named 'n'"], id="two-channels-of-a-name"),
    pytest.param("a: [", ["bumper.yaml:"], id="row-126-no-yaml"),
    pytest.param("a: 1\n---\nb: 2", ["one document is enough"], id="two-documents"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), MISTAKES)
def test_a_mistake_is_told_with_its_place(text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read("bumper.yaml", text)
    told = "\n".join(caught.value.problems)
    assert told.startswith("bumper.yaml")
    assert [word for word in words if word not in told] == [], told


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        pytest.param("defaults: {notify: opps}\nnotify: [{webhook: $A, name: ops}]\n", "bumper.yaml:1:12: defaults.notify: no channel under `notify` is named 'opps', did you mean 'ops'?", id="a-typo"),
        pytest.param("rules: [{notify: [webhook, webhook-2, x]}]\nnotify: [{webhook: $A}, {webhook: $B}]\n", "bumper.yaml:1:10: rules.0.notify: no channel under `notify` is named 'x'", id="by-kind"),
    ],
)  # fmt: skip
def test_a_channel_that_is_not_there_is_found_by_lint_and_borne_by_a_run(
    text: str, doubt: str, tmp_path: Path
) -> None:
    assert read("bumper.yaml", text).doubts == (doubt,)
    write(tmp_path, {"bumper.yaml": text})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, ran.out) == (1, f"{doubt}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("pull-requests: {template: '{{ headlin }} {{ boxes }}'}\n", "bumper.yaml: pull-requests.template: nothing is named 'headlin', did you mean 'headline'?\n", id="a-typo"),
        pytest.param("notify: [{webhook: $A, template: '{{ zz }}'}]\n", "bumper.yaml: notify.0.template: nothing is named 'zz'; there are title, body, level, events, numbers, lists, trial\n", id="of-a-channel"),
        pytest.param("notify: [{webhook: $A, template: '{% for e in events %}{{ loop.index }} {{ e.text }}{% endfor %}{% set n = 1 %}{{ n }}{% for i in range(2) %}{{ i }}{% endfor %}'}]\n", "bumper.yaml: no mistakes\n", id="names-of-its-own"),
    ],
)  # fmt: skip
def test_a_template_that_names_what_is_not_there_is_found_by_lint(
    text: str, said: str, tmp_path: Path
) -> None:
    write(tmp_path, {"bumper.yaml": text})
    assert bumper("config", "lint", "-C", tmp_path).out == said


def test_our_own_template_names_only_what_is_there() -> None:
    assert templates.unknown(body.template(), body.VALUES) == ()
    assert templates.unknown(body.template(), body.VALUES[1:]) != ()


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "defaults:\n  polcy: patch\nrules:\n  - match: a\n    sheme: auto\nlimit: 3\n"
    with pytest.raises(ConfigError) as caught:
        read("bumper.yaml", text)
    places = [problem.split(": ")[0] for problem in caught.value.problems]
    assert places == ["bumper.yaml:2:3", "bumper.yaml:5:5", "bumper.yaml:6:1"]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "\n", "version: 1\n", "\ufeffversion: 1"]
)
def test_an_empty_file_is_the_defaults(text: str) -> None:
    assert read("bumper.yaml", text.removeprefix("\ufeff")).config == Config()


def test_row_107_no_stays_a_word_and_an_anchor_is_followed() -> None:
    text = "defaults: &d {group: no}\nrules: [{match: x, group: yes}]\n"
    config = read("bumper.yaml", text).config
    assert (config.defaults.group, config.rules[0].group) == ("no", "yes")


@pytest.mark.parametrize("name", load.NAMES)
def test_a_file_is_found_under_every_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "pull-requests: {limit: 3}\n"})
    loaded = load.load(tmp_path)
    assert (loaded.path, loaded.config.pull_requests.limit) == (name, 3)


def test_two_files_are_an_error_that_names_both(tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": "", ".gitea/bumper.yaml": ""})
    with pytest.raises(UsageError, match=r"bumper\.yaml and \.gitea/bumper\.yaml"):
        load.load(tmp_path)
    named = tmp_path / "bumper.yaml"
    assert load.load(tmp_path, named).config == Config()


def test_a_named_file_comes_from_the_flag_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path, {"a.yaml": "pull-requests: {limit: 1}\n", "b.yaml": "pull-requests: {limit: 2}\n"}
    )
    monkeypatch.setenv("BUMPER_CONFIG", str(tmp_path / "a.yaml"))
    assert '"limit": 1' in bumper("config", "show", "-C", tmp_path).out
    assert '"limit": 2' in bumper("config", "show", "-C", tmp_path, "-c", tmp_path / "b.yaml").out


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("$TOKEN", canary("env"), id="a-name"),
        pytest.param("plain", "plain", id="a-value"),
        pytest.param("a$TOKEN", "a$TOKEN", id="not-wholly-a-name"),
        pytest.param("${TOKEN}", "${TOKEN}", id="no-other-form"),
        pytest.param("$TOKEN ", "$TOKEN ", id="a-blank-is-a-value"),
        pytest.param("$1", "$1", id="no-name"),
        pytest.param("", "", id="empty"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_a_value_comes_from_the_environment_only_where_it_is_wholly_a_name(
    value: str | None, expected: str | None
) -> None:
    assert expand(value, {"TOKEN": canary("env")}, "forge.token") == expected


def test_a_name_that_is_not_set_is_told_with_its_key() -> None:
    with pytest.raises(UsageError, match=r"registries\.ghcr\.io\.token.*NONE"):
        expand("$NONE", {}, "registries.ghcr.io.token")


def test_secrets_of_the_environment_reach_the_registry_and_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_SECRET", canary("env"))
    text = (
        "registries:\n"
        "  ghcr.io: {username: bot, password: $REGISTRY_SECRET}\n"
        "  quay.io: {token: written-in-the-file}\n"
    )
    write(tmp_path, {"bumper.yaml": text})
    config = load.load(tmp_path).config
    variables = {"REGISTRY_SECRET": canary("env")}
    found = catalog.keychains(config, variables)[0].credentials("ghcr.io")
    assert found is not None
    assert (found.username, found.secret) == ("bot", canary("env"))
    assert canary("env") not in repr(found)
    shown = bumper("config", "show", "-C", tmp_path)
    assert "$REGISTRY_SECRET" in shown.out
    assert canary("env") not in shown.out + shown.err
    assert "written-in-the-file" not in shown.out + shown.err


def test_lint_gives_every_mistake_and_1(tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": "polcy: a\nlimt: 3\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, len(ran.out.splitlines())) == (1, 2)
    write(tmp_path, {"bumper.yaml": "version: 1\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, ran.out) == (0, "bumper.yaml: no mistakes\n")


@pytest.mark.parametrize(
    ("text", "policy", "age"),
    [
        pytest.param("", "major", "0d", id="nothing-said"),
        pytest.param("defaults: {min-age: 3d, policy: minor}", "minor", "3d", id="said"),
    ],
)
def test_what_holds_is_shown_where_nothing_is_said(
    text: str, policy: str, age: str, tmp_path: Path
) -> None:
    write(tmp_path, {"bumper.yaml": text})
    shown = json.loads(bumper("config", "show", "-C", tmp_path).out)["defaults"]
    assert (shown["policy"], shown["min-age"], shown["digest"]) == (policy, age, "keep")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("forge: {token: SECRET}", id="the-forges-token"),
        pytest.param("forge: {app: '1', app-key: SECRET}", id="the-apps-key"),
        pytest.param("commit: {sign: ssh, key: SECRET}", id="the-key-that-signs"),
        pytest.param("registries: {a.org: {accounts: {team: {username: a, password: SECRET}}}}", id="an-accounts-password"),
        pytest.param("notify: [{pushgateway: 'https://a:SECRET@push.org'}]", id="an-address"),
    ],
)  # fmt: skip
def test_a_secret_that_stands_in_the_config_is_not_shown(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": text.replace("SECRET", "written-in-the-file")})
    shown = bumper("config", "show", "-C", tmp_path)
    assert (shown.code, "***" in shown.out) == (0, True)
    assert "written-in-the-file" not in shown.out + shown.err
