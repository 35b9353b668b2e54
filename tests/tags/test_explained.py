"""`explain`: every tag with its parts and verdict, who decided, and the one line that changes it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from bumper import lookup, worktree
from bumper.config.read import read
from bumper.registries.recorded import Replay
from tests.fakes.git_http import git
from tests.support import bumper, use, write

if TYPE_CHECKING:
    from pathlib import Path

TAGS = "7.2.1-alpine3.19 7.4.0-alpine3.20 8.0.0-alpine3.20 7.2.2-alpine latest 7.4.0-rc1-alpine3.19"
CONFIG = "defaults:\n  prerelease: false\n  policy: minor\nrules:\n  - match: redis\n    deny: ['-debug$']\n"


def explained(
    folder: Path, image: str, tags: str, *flags: str, config: str = CONFIG
) -> dict[str, Any]:
    write(folder, {"bumper.yaml": config, "tags.txt": "\n".join(tags.split())})
    ran = bumper(
        "-C", folder, "explain", image, "--tags", folder / "tags.txt", "-f", "json", *flags
    )
    assert ran.code == 0, ran.err
    document: dict[str, Any] = json.loads(ran.out)
    return document


def test_every_tag_has_one_verdict_with_its_parts(tmp_path: Path) -> None:
    found = explained(tmp_path, "redis:7.2.1-alpine3.19", TAGS)
    assert sorted(one["tag"] for one in found["verdicts"]) == sorted(TAGS.split())
    by_tag = {one["tag"]: one for one in found["verdicts"]}
    assert {tag: one["code"] for tag, one in by_tag.items()} == {
        "7.2.1-alpine3.19": "current",
        "7.4.0-alpine3.20": "other-environment",
        "8.0.0-alpine3.20": "above-policy",
        "7.2.2-alpine": "other-variant",
        "latest": "no-version",
        "7.4.0-rc1-alpine3.19": "pre-release",
    }
    assert by_tag["7.4.0-alpine3.20"]["verdict"] == "held"
    assert by_tag["7.4.0-rc1-alpine3.19"]["parts"] == [
        {"part": "version", "text": "7.4.0"},
        {"part": "pre-release", "text": "-rc1"},
        {"part": "variant", "text": "-alpine"},
        {"part": "environment", "text": "3.19"},
    ]
    assert all(one["reason"] for one in found["verdicts"])
    assert (found["status"], found["code"], found["chosen"]) == ("hold", "other-environment", None)


def test_it_names_the_line_that_decided(tmp_path: Path) -> None:
    found = explained(tmp_path, "redis:7.2.1-alpine3.19", TAGS)
    assert found["rule"] == "defaults (bumper.yaml:3)"
    ruled = explained(tmp_path, "redis:7.2.1", "7.2.2", config=f"{CONFIG}    policy: patch\n")
    assert ruled["rule"] == "rules[0] (bumper.yaml:5)"


def test_it_names_what_keeps_files_from_being_read(tmp_path: Path) -> None:
    worktree.found(tmp_path, "nothing", 0)
    write(tmp_path, {"examples/a.yaml": "image: redis:7.2.1\n"})
    git(tmp_path, "add", "--all")
    found = explained(tmp_path, "redis:7.2.1", "7.2.1 7.2.2")
    assert found["excluded"] == {"**/examples/**": 1}


@pytest.mark.parametrize(
    ("image", "tags", "line", "chosen"),
    [
        pytest.param("redis:7.2.1-alpine3.19", TAGS, "environment: follow", "7.4.0-alpine3.20", id="environment"),
        pytest.param("redis:7.2.1-alpine3.19", TAGS, "prerelease: true", "7.4.0-rc1-alpine3.19", id="pre-release"),
        pytest.param("acme/app:1.2", "1.2 2.0", "policy: major", "2.0", id="policy"),
        pytest.param("acme/app:1.2.0", "1.2.1 1.3.0", "policy: patch", "1.2.1", id="a-smaller-policy"),
        pytest.param("redis:1.2", "1.2 1.3-debug 1.3", "policy: patch", None, id="nothing"),
        pytest.param("redis:1.2-debug", "1.2-debug 1.3-debug", "deny: []", "1.3-debug", id="deny"),
    ],
)  # fmt: skip
def test_the_one_line_that_would_change_it(
    tmp_path: Path, image: str, tags: str, line: str, chosen: str | None
) -> None:
    found = explained(tmp_path, image, tags)
    assert {one["line"]: one["chosen"] for one in found["changes"]}[line] == chosen


def test_the_line_it_names_does_what_it_says(tmp_path: Path) -> None:
    for change in explained(tmp_path, "redis:7.2.1-alpine3.19", TAGS)["changes"]:
        lines = [line for line in CONFIG.splitlines() if not line.startswith("rules:")]
        config = "\n".join([*lines[:3], "rules:", f"  - {change['line']}", *lines[3:], ""])
        again = explained(tmp_path, "redis:7.2.1-alpine3.19", TAGS, config=config)
        assert (again["status"], again["chosen"]) == (change["status"], change["chosen"])


@pytest.mark.parametrize(
    ("image", "flags", "code"),
    [
        pytest.param("nginx:latest", (), "no-comparison", id="a-word"),
        pytest.param("nginx:1.25", ("--policy", "ignore"), "policy-ignore", id="ignored"),
        pytest.param("nginx:1.25", ("--policy", "digest"), "above-policy", id="digests-only"),
        pytest.param("nginx:latest", ("--policy", "pin"), "by-digest", id="pin"),
    ],
)
def test_also_what_is_not_compared_has_verdicts(
    tmp_path: Path, image: str, flags: tuple[str, ...], code: str
) -> None:
    found = explained(tmp_path, image, "1.25 1.26 latest", *flags)
    codes = {one["tag"]: one["code"] for one in found["refused"]}
    assert codes["1.26"] == code
    assert len(found["verdicts"]) == 3


def test_a_person_reads_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": CONFIG, "tags.txt": "\n".join(TAGS.split())})
    ran = bumper(
        "-C", tmp_path, "explain", "redis:7.2.1-alpine3.19", "--tags", tmp_path / "tags.txt", "-v"
    )
    assert "read as version 7.2.1 + variant -alpine + environment 3.19" in ran.out
    assert "policy minor from defaults (bumper.yaml:3)" in ran.out
    assert "? environment: follow would give 7.4.0-alpine3.20" in ran.out
    for tag in TAGS.split():
        assert tag in ran.out


# The line, from the settings to the outcome.


def looked_up(
    config: str, written: tuple[str, ...], answers: dict[str, Any]
) -> list[tuple[Any, ...]]:
    registry = Replay("r.example", answers)
    loaded = read("bumper.yaml", config)
    outcomes = asyncio.run(
        lookup.look_up([use(one) for one in written], loaded, lambda _: registry)
    )
    return [(one.status, getattr(one, "new_tag", None), one.code) for one in outcomes]


def repository(*tags: str, **platforms: list[str]) -> dict[str, Any]:
    manifests = {
        tag: {"digest": f"sha256:{n:064}", "platforms": platforms.get(f"v{n}", ["linux/amd64"])}
        for n, tag in enumerate(tags)
    }
    return {"tags": list(tags), "manifests": manifests}


GROUP = "defaults: {group: g, together: true}\n"


@pytest.mark.parametrize(
    ("config", "worker", "wanted"),
    [
        pytest.param(GROUP, repository("2.2", "2.3"), [("bump", "2.3", "newer-tag")] * 2, id="both"),
        pytest.param(GROUP, repository("2.2"), [("hold", "2.3", "waits-for-group"), ("current", None, "up-to-date")], id="one-lacks-it"),
        pytest.param(GROUP, repository("2.2", "2.3", v1=["linux/arm64"]), [("hold", "2.3", "waits-for-group"), ("hold", "2.3", "not-confirmed")], id="one-is-not-confirmed"),
        pytest.param(GROUP, {"error": {"code": "denied", "message": "no"}}, [("hold", "2.3", "waits-for-group"), ("failed", None, "denied")], id="one-is-unknown"),
        pytest.param("", repository("2.2"), [("bump", "2.3", "newer-tag"), ("current", None, "up-to-date")], id="not-together"),
    ],
)  # fmt: skip
def test_a_group_on_the_line(config: str, worker: dict[str, Any], wanted: list[Any]) -> None:
    answers = {"r.example/acme/web": repository("2.2", "2.3"), "r.example/acme/worker": worker}
    assert (
        looked_up(config, ("r.example/acme/web:2.2", "r.example/acme/worker:2.2"), answers)
        == wanted
    )


@pytest.mark.parametrize(
    ("config", "tags", "current", "wanted"),
    [
        pytest.param("defaults: {lift: scheme-jump}", "16 99", "16", "99", id="lift"),
        pytest.param("defaults: {stepwise: true}", "1.0 2.0 3.0", "1.0", "2.0", id="stepwise"),
        pytest.param("defaults: {environment-words: [acmeos]}", "1.0-acmeos4 1.1-acmeos5 1.1-acmeos4", "1.0-acmeos4", "1.1-acmeos4", id="environment-words"),
        pytest.param("defaults: {prerelease-words: [weekly]}", "1.0-weekly2 1.0", "1.0-weekly2", "1.0", id="prerelease-words"),
        pytest.param("defaults: {scheme: calver}", "24.04 24.10 1.0", "24.04", "24.10", id="calver"),
        pytest.param("defaults: {policy: pin}", "latest 1.1 1.0", "latest", None, id="pin-without-a-twin"),
    ],
)  # fmt: skip
def test_a_setting_on_the_line(config: str, tags: str, current: str, wanted: str | None) -> None:
    answers = {"r.example/a/b": repository(*tags.split())}
    ((_, tag, _),) = looked_up(f"{config}\n", (f"r.example/a/b:{current}",), answers)
    assert tag == wanted


def test_pin_finds_the_version_that_latest_is() -> None:
    kept = repository("1.0", "1.1", "latest")
    kept["manifests"]["latest"] = kept["manifests"]["1.0"]
    answers = {"r.example/a/b": kept}
    assert looked_up("defaults: {policy: pin}\n", ("r.example/a/b:latest",), answers) == [
        ("bump", "1.0", "same-digest")
    ]


def test_nothing_above_latest_on_the_line() -> None:
    kept = repository("2.1.0.3", "2.1.0.107", "latest")
    kept["manifests"]["latest"] = kept["manifests"]["2.1.0.3"]
    answers = {"r.example/a/b": kept}
    wanted = ("hold", "2.1.0.107", "above-latest")
    assert looked_up("", ("r.example/a/b:2.1.0.3",), answers) == [wanted]
    lifted = looked_up("defaults: {lift: above-latest}\n", ("r.example/a/b:2.1.0.3",), answers)
    assert lifted == [("bump", "2.1.0.107", "newer-tag")]
