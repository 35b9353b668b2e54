"""Every setting of every dialect that stands beside an image: what it means, and what it refuses."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from bumper import attach, catalog, discover
from bumper.asides.settings import SAME_TAG
from bumper.flags import container_updater, keel, shepherd, watchtower

if TYPE_CHECKING:
    from bumper.model import Problem

W = "com.centurylinklabs.watchtower"
SAME = {"policy": SAME_TAG}
IGNORE = {"policy": "ignore"}
NOTHING: dict[str, str] = {}
BAD = None
UNKNOWN = "unknown"

# dialect, key, value -> the settings it stands for; None: the value is refused.
ROWS: tuple[tuple[str, str, str, dict[str, str] | None], ...] = (
    ("watchtower", f"{W}.enable", "true", SAME),
    ("watchtower", f"{W}.enable", "T", SAME),
    ("watchtower", f"{W}.enable", "1", SAME),
    ("watchtower", f"{W}.enable", "false", IGNORE),
    ("watchtower", f"{W}.enable", "0", IGNORE),
    ("watchtower", f"{W}.enable", "yess", BAD),
    ("watchtower", f"{W}.enable", "", BAD),
    ("watchtower", f"{W}.monitor-only", "true", {"monitor": "true"}),
    ("watchtower", f"{W}.monitor-only", "false", NOTHING),
    ("watchtower", f"{W}.monitor-only", "on", BAD),
    ("watchtower", f"{W}.no-pull", "true", IGNORE),
    ("watchtower", f"{W}.no-pull", "false", NOTHING),
    ("watchtower", f"{W}.no-pull", "never", BAD),
    ("watchtower", f"{W}.depends-on", "db,/cache", {"depends-on": "db,cache"}),
    ("watchtower", f"{W}.depends-on", "db,,cache", BAD),
    ("watchtower", f"{W}.cooldown-delay", "24h", {"min-age": "86400s"}),
    ("watchtower", f"{W}.cooldown-delay", "1w12h", {"min-age": "648000s"}),
    ("watchtower", f"{W}.cooldown-delay", "1M", {"min-age": "2592000s"}),
    ("watchtower", f"{W}.cooldown-delay", "0", {"min-age": "0s"}),
    ("watchtower", f"{W}.cooldown-delay", "3 days", BAD),
    ("watchtower", W, "true", NOTHING),
    ("watchtower", W, "tru", BAD),
    ("watchtower", f"{W}.scope", "prod", NOTHING),
    ("watchtower", f"{W}.stop-signal", "SIGHUP", NOTHING),
    ("watchtower", f"{W}.lifecycle.pre-update", "/dump.sh", NOTHING),
    ("watchtower", f"{W}.lifecycle.pre-update-timeout", "5", NOTHING),
    ("watchtower", f"{W}.lifecycle.pre-update-timeout", "5m", BAD),
    ("watchtower", f"{W}.container-chain", "a,b", NOTHING),
    ("watchtower", f"{W}.ephemeral-orchestrator", "true", NOTHING),
    ("watchtower", "com.centurylinklabs.zodiac.original-image", "nginx", NOTHING),
    ("container-updater", "autoupdate", "true", SAME),
    ("container-updater", "autoupdate", "monitor", {"monitor": "true"}),
    ("container-updater", "autoupdate", "false", IGNORE),
    ("container-updater", "autoupdate", "monitr", BAD),
    ("container-updater", "autoupdate.docker-compose", "/srv/docker-compose.yml", NOTHING),
    ("container-updater", "autoupdate.webhook", "https://portainer.example/x", NOTHING),
    ("container-updater", "autoupdate.docker-run", "true", NOTHING),
    ("container-updater", "autoupdate.docker-run", "treu", BAD),
    ("shepherd", "shepherd.enable", "true", SAME),
    ("shepherd", "shepherd.enable", "false", IGNORE),
    ("shepherd", "shepherd.enable", "yess", BAD),
    ("shepherd", "shepherd.autodeploy", "true", SAME),
    ("shepherd", "shepherd.autodeploy", "flase", BAD),
    ("shepherd", "shepherd.auth.config", "team-a", {"auth": "team-a"}),
    ("keel", "keel.sh/policy", "all", {"policy": "all"}),
    ("keel", "keel.sh/policy", "major", {"policy": "major"}),
    ("keel", "keel.sh/policy", "minor", {"policy": "minor"}),
    ("keel", "keel.sh/policy", "patch", {"policy": "patch"}),
    ("keel", "keel.sh/policy", "never", {"policy": "never"}),
    ("keel", "keel.sh/policy", "force", SAME),
    ("keel", "keel.sh/policy", "glob:build-*", {"policy": "glob:build-*"}),
    ("keel", "keel.sh/policy", "regexp:^b-(?P<compare>.+)$", {"policy": "regexp:^b-(?P<order>.+)$"}),
    ("keel", "keel.sh/policy", "regexp:^b-(", BAD),
    ("keel", "keel.sh/policy", "minro", BAD),
    ("keel", "keel.observer/policy", "patch", {"policy": "patch"}),
    ("wud", "wud.watch", "true", NOTHING),
    ("wud", "wud.watch", "false", IGNORE),
    ("wud", "wud.watch", "fasle", BAD),
    ("wud", "wud.watch.digest", "true", {"digest": "pin"}),
    ("wud", "wud.watch.digest", "false", NOTHING),
    ("wud", "wud.watch.digest", "maybe", BAD),
    ("wud", "wud.tag.include", r"^\d+\.\d+\.\d+$$", {"tags": r"^\d+\.\d+\.\d+$"}),
    ("wud", "wud.tag.include", "^(", BAD),
    ("wud", "wud.tag.exclude", "beta", {"deny": "beta"}),
    ("wud", "wud.tag.exclude", "[", BAD),
    ("wud", "wud.tag.transform", r"^(\d+\.\d+\.\d+-\d+)-.*$$ => $$1", {"tags": r"^(?P<order>\d+\.\d+\.\d+-\d+)-.*$"}),
    ("wud", "wud.tag.transform", r"^v(\d+) => $$1.0.0", BAD),
    ("wud", "wud.trigger.include", "smtp.me:minor,slack.ops:minor", {"policy": "minor"}),
    ("wud", "wud.trigger.include", "smtp.me:patch-no-digest", {"policy": "patch"}),
    ("wud", "wud.trigger.include", "smtp.me", NOTHING),
    ("wud", "wud.trigger.include", "smtp.me:mnior", BAD),
    ("wud", "wud.trigger.exclude", "smtp.me", NOTHING),
    ("wud", "wud.link.template", "https://example.org/$${major}", NOTHING),
    ("wud", "wud.watch.delay", "3d", {"min-age": "3d"}),
    ("wud", "wud.tag.delay", "3d", {"min-age": "3d"}),
    ("wud", "wud.tag.delay", "soon", BAD),
    ("wud", "wud.display.icon", "mdi:docker", NOTHING),
    ("wud", "wud.display.name", "Mine", NOTHING),
    ("wud", "wud.stack", "mine", NOTHING),
    ("wud", "wud.compose.file", "/x.yml", NOTHING),
    ("wud", "wud.inspect.tag.path", "a/b", NOTHING),
    ("wud", "wud.registry.lookup.image", "ghcr.io/a/b", NOTHING),
    ("diun", "diun.enable", "true", SAME),
    ("diun", "diun.enable", "false", IGNORE),
    ("diun", "diun.enable", "ture", BAD),
    ("diun", "diun.watch_repo", "true", NOTHING),
    ("diun", "diun.watch_repo", "si", BAD),
    ("diun", "diun.include_tags", "^1;^2", {"tags": "(?:^1)|(?:^2)"}),
    ("diun", "diun.include_tags", "^1;(", BAD),
    ("diun", "diun.exclude_tags", "rc", {"deny": "(?:rc)"}),
    ("diun", "diun.exclude_tags", "*", BAD),
    ("diun", "diun.sort_tags", "semver", NOTHING),
    ("diun", "diun.sort_tags", "lexicographical", {"scheme": "alphabetical"}),
    ("diun", "diun.sort_tags", "semvre", BAD),
    ("diun", "diun.platform", "linux/arm/v7", {"platforms": "linux/arm/v7"}),
    ("diun", "diun.platform", "arm", BAD),
    ("diun", "diun.regopt", "team-a", {"auth": "team-a"}),
    ("diun", "diun.max_tags", "10", NOTHING),
    ("diun", "diun.max_tags", "ten", BAD),
    ("diun", "diun.notify_on", "new;update", NOTHING),
    ("diun", "diun.notify_on", "new;updates", BAD),
    ("diun", "diun.hub_link", "https://hub.example", NOTHING),
    ("diun", "diun.metadata.team", "x", NOTHING),
    ("labels", "bumper.policy", "minor", {"policy": "minor"}),
    ("labels", "bumper.policy", "^1.2", {"policy": "^1.2"}),
    ("labels", "bumper.policy", "minro", BAD),
    ("labels", "bumper.scheme", "numeric", {"scheme": "numeric"}),
    ("labels", "bumper.scheme", "numerical", BAD),
    ("labels", "bumper.environment", "follow", {"environment": "follow"}),
    ("labels", "bumper.environment", "folow", BAD),
    ("labels", "bumper.digest", "strip", {"digest": "strip"}),
    ("labels", "bumper.digest", "pinned", BAD),
    ("labels", "bumper.tags", "^v", {"tags": "^v"}),
    ("labels", "bumper.tags", "(", BAD),
    ("labels", "bumper.deny", "rc", {"deny": "rc"}),
    ("labels", "bumper.prerelease", "yes", {"prerelease": "true"}),
    ("labels", "bumper.prerelease", "yess", BAD),
    ("labels", "bumper.platforms", "linux/amd64,linux/arm64", {"platforms": "linux/amd64,linux/arm64"}),
    ("labels", "bumper.group", "db", {"group": "db"}),
    ("labels", "bumper.together", "true", {"together": "true"}),
    ("labels", "bumper.lift", "scheme-jump,above-latest", {"lift": "scheme-jump,above-latest"}),
    ("labels", "bumper.lift", "above-lates", BAD),
    ("labels", "bumper.stateful", "yes", {"stateful": "yes"}),
    ("labels", "bumper.stepwise", "maybe", BAD),
    ("labels", "bumper.min-age", "3d", {"min-age": "3d"}),
    ("labels", "bumper.min-age", "three", BAD),
    ("labels", "bumper.schedule", "nights; 0 5 * * 6,0", {"schedule": "nights; 0 5 * * 6,0"}),
    ("labels", "bumper.schedule", "sometimes", BAD),
    ("labels", "bumper.stale", "14d", {"stale": "14d"}),
    ("labels", "bumper.stale", "soon", BAD),
    ("labels", "bumper.monitor", "true", {"monitor": "true"}),
    ("labels", "bumper.ignore", "true", IGNORE),
    ("labels", "bumper.ignore", "false", {"policy": "major"}),
    ("labels", "bumper.ignore", "ture", BAD),
    ("labels", "bumper.pin", "true", {"digest": "pin"}),
    ("labels", "bumper.until", "2026-03-01", {"until": "2026-03-01"}),
    ("labels", "bumper.until", "March", BAD),
    ("labels", "bumper.reason", "why not", {"reason": "why not"}),
    ("labels", "bumper.depends-on", "db", {"depends-on": "db"}),
    ("labels", "bumper.auth", "team-a", {"auth": "team-a"}),
    ("labels", "bumper.notify", "ops", {"notify": "ops"}),
    ("labels", "bumper.release-notes", "https://example.org/n", {"release-notes": "https://example.org/n"}),
    ("labels", "bumper.release-notes", "javascript:alert(1)", BAD),
    ("labels", "bumper.source", "https://github.com/acme/app", {"source": "https://github.com/acme/app"}),
    ("labels", "bumper.reviewers", "ada, acme/web", {"reviewers": "ada, acme/web"}),
    ("labels", "bumper.assignees", "ada", {"assignees": "ada"}),
    ("labels", "bumper.labels", "web", {"labels": "web"}),
    ("labels", "bumper.automerge", "patch", {"automerge": "patch"}),
    ("labels", "bumper.automerge", "major", BAD),
    ("labels", "bumper.approvals", "2", {"approvals": "2"}),
    ("labels", "bumper.approvals", "two", BAD),
    ("labels", "bumper.polcy", "minor", BAD),
)  # fmt: skip

# Keel's other settings count only beside a policy.
KEEL: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("matchTag", "true", {}),
    ("matchTag", "yess", BAD),
    ("match-tag", "true", {}),
    ("match-tag", "ture", BAD),
    ("matchPreRelease", "true", {}),
    ("matchPreRelease", "false", {"prerelease": "true"}),
    ("matchPreRelease", "flase", BAD),
    ("trigger", "poll", {}),
    ("trigger", "pol", BAD),
    ("pollSchedule", "@every 1m", {}),
    ("pollSchedule", "@every 1h30m", {}),
    ("pollSchedule", "@daily", {}),
    ("pollSchedule", "*/5 * * * *", {}),
    ("pollSchedule", "0 0 2 * * MON-FRI", {}),
    ("pollSchedule", "every minute", BAD),
    ("approvals", "2", {"approvals": "2"}),
    ("approvals", "two", BAD),
    ("approvalDeadline", "5", {"stale": "5h"}),
    ("approvalDeadline", "5h", BAD),
    ("notify", "ops,dev", {"notify": "ops,dev"}),
    ("releaseNotes", "https://example.org/notes", {"release-notes": "https://example.org/notes"}),
    ("releaseNotes", "http://example.org", BAD),
    ("initContainers", "true", {}),
    ("initContainers", "yess", BAD),
    ("imageVolumes", "false", {}),
    ("imageVolumes", "no way", BAD),
    ("monitorContainers", "^web", {}),
    ("monitorContainers", "(", BAD),
    ("imagePullSecret", "regcred", {}),
    ("digest", "sha256:1", {}),
    ("update-time", "now", {}),
)

IN_VALUES = {
    "matchTag",
    "matchPreRelease",
    "trigger",
    "pollSchedule",
    "approvals",
    "approvalDeadline",
}

RENOVATE: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("versioning", "docker", {}),
    ("versioning", "semver", {"scheme": "semver"}),
    ("versioning", r"regex:^v(?<major>\d+)$", {"tags": r"^v(?P<major>\d+)$"}),
    ("versioning", "semvr", BAD),
    ("extractVersion", "^v(?<version>.+)$", {"tags": "^v(?P<version>.+)$"}),
    ("extractVersion", "^v(.+)$", BAD),
    ("datasource", "docker", {}),
    ("depName", "nginx", {}),
    ("packageName", "nginx", {}),
    ("lookupName", "nginx", {}),
    ("image", "nginx", {}),
    ("registryUrl", "https://example.org", {}),
    ("depType", "final", {}),
    ("currentValue", "1", {}),
    ("currentDigest", "sha256:1", {}),
    ("datasorce", "docker", BAD),
)


def heard(name: str, text: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """What one dialect says beside the nginx of a text."""
    found = discover.read("f.yaml", text, catalog.FORMATS).uses
    uses = tuple(use for use in found if use.reference.name == "nginx")
    settled, problems = attach.attach("f.yaml", text, uses, [catalog.DIALECTS[name]])
    return {one.key: one.value for one in settled[0].settings}, problems


def judge(
    said: tuple[dict[str, str], tuple[Problem, ...]], expected: dict[str, str] | None, line: int
) -> None:
    settings, problems = said
    if expected is not None:
        assert (settings, problems) == (expected, ())
        return
    # A loud error: the place, and a fault that keeps the image from being decided without it.
    (problem,) = problems
    assert (problem.path, problem.line) == ("f.yaml", line)
    assert "fault" in settings


@pytest.mark.parametrize(
    ("dialect", "key", "value", "expected"),
    [pytest.param(*row, id=f"{row[1]}={row[2]}") for row in ROWS],
)
def test_label(dialect: str, key: str, value: str, expected: dict[str, str] | None) -> None:
    if dialect == "keel":
        kind = "annotations"
        text = (
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  {kind}:\n    '{key}': '{value}'\n"
            "spec: {template: {spec: {containers: [{name: web, image: 'nginx:1.25.3'}]}}}\n"
        )
    else:
        text = f"services:\n  web:\n    image: nginx:1.25.3\n    labels:\n      - '{key}={value}'\n"
    judge(heard(dialect, text), expected, 5)


@pytest.mark.parametrize(
    ("key", "value", "expected"), [pytest.param(*row, id=f"{row[0]}={row[1]}") for row in KEEL]
)
def test_keel_beside_a_policy(key: str, value: str, expected: dict[str, str] | None) -> None:
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations:\n"
        f"    keel.sh/policy: minor\n    keel.sh/{key}: '{value}'\n"
        "spec: {template: {spec: {containers: [{name: web, image: 'nginx:1.25.3'}]}}}\n"
    )
    judge(heard("keel", text), None if expected is None else {"policy": "minor", **expected}, 6)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [pytest.param(*row, id=f"{row[0]}={row[1]}") for row in KEEL if row[0] in IN_VALUES],
)
def test_keel_in_helm_values(key: str, value: str, expected: dict[str, str] | None) -> None:
    text = (
        f"keel:\n  policy: minor\n  {key}: '{value}'\n  images:\n"
        "    - {repository: image.repository, tag: image.tag}\n"
        "image: {repository: nginx, tag: 1.25.3}\n"
    )
    judge(heard("keel", text), None if expected is None else {"policy": "minor", **expected}, 3)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param("notificationChannels: [ops, dev]", {"notify": "ops,dev"}, id="channels"),
        pytest.param("notificationChannels: []", {}, id="no-channels"),
    ],
)
def test_keels_list_of_channels(more: str, expected: dict[str, str]) -> None:
    text = (
        f"keel:\n  policy: minor\n  {more}\n  images: [{{repository: image.repository, tag: image.tag}}]\n"
        "image: {repository: nginx, tag: 1.25.3}\n"
    )
    judge(heard("keel", text), {"policy": "minor", **expected}, 3)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param(
            "releaseNotes: 'https://example.org/n'",
            {"release-notes": "https://example.org/n"},
            id="notes",
        ),
        pytest.param("releaseNotes: 'javascript:x'", BAD, id="notes-of-no-page"),
        pytest.param("imagePullSecret: regcred", {}, id="secret"),
        pytest.param("relaseNotes: x", BAD, id="a-key-that-is-none"),
    ],
)
def test_keels_entry_of_an_image(more: str, expected: dict[str, str] | None) -> None:
    text = (
        f"keel:\n  policy: minor\n  images: [{{repository: image.repository, tag: image.tag, {more}}}]\n"
        "image: {repository: nginx, tag: 1.25.3}\n"
    )
    judge(heard("keel", text), None if expected is None else {"policy": "minor", **expected}, 3)


@pytest.mark.parametrize(
    ("key", "value", "expected"), [pytest.param(*row, id=f"{row[0]}={row[1]}") for row in RENOVATE]
)
def test_renovate_comment(key: str, value: str, expected: dict[str, str] | None) -> None:
    text = f"# renovate: {key}={value}\nimage: nginx:1.25.3\n"
    judge(heard("renovate", text), expected, 1)


def test_every_row_of_every_dialect_is_in_a_table() -> None:
    tried = {(dialect, key) for dialect, key, _, _ in ROWS}
    tried |= {("keel", f"keel.sh/{key}") for key, _, _ in KEEL}
    tried |= {("keel", f"keel.{key}") for key, _, _ in KEEL} | {("keel", "keel.policy")}
    inner = ("notificationChannels", "images", "images.releaseNotes", "images.imagePullSecret")
    tried |= {("keel", f"keel.{key}") for key in inner}
    tried |= {("renovate", f"renovate.{key}") for key, _, _ in RENOVATE}
    started = {
        option.key
        for system in (watchtower, shepherd, keel, container_updater)
        for option in system.OPTIONS
    }
    untried = [
        (name, row.key)
        for name, dialect in catalog.DIALECTS.items()
        for row in dialect.ROWS
        if name != "directives"
        and row.key not in {*started, "Watchtower's arguments", "bumper.dev/KEY.NAME"}
        and not any(name == one and fnmatchcase(key, row.key) for one, key in tried)
    ]
    assert untried == []


def test_a_word_that_nobody_meant_is_told_and_changes_nothing() -> None:
    text = "services:\n  web:\n    image: nginx:1.25.3\n    labels: [wud.entirely.new=1]\n"
    settings, problems = heard("wud", text)
    assert settings == {}
    assert [problem.code for problem in problems] == ["unknown-setting"]
