"""Renovate's config moves: what each option becomes, and that the proof finds what differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bumper.migrations.spans import age, cron
from tests.fakes.git_http import git
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """services:
  web:
    image: nginx:1.25.3
  db:
    image: postgres:16.3
  api:
    image: ghcr.io/acme/api:1.0.0
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - {name: a, image: 'nginx:1.0'}\n"


def moved(root: Path, config: str, files: dict[str, str] | None = None) -> dict[str, Any]:
    write(root, {"renovate.json": config, "compose.yaml": COMPOSE, **(files or {})})
    ran = bumper("migrate", "-C", root, "-f", "json", "--no-cache")
    assert ran.code in {0, 1}, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    assert ran.code == (1 if found["lost"] or found["differences"] else 0)
    return found


def rule(**said: Any) -> str:
    return json.dumps({"packageRules": [said]})


ROWS = [
    pytest.param(rule(matchPackageNames=["postgres"], enabled=False), "- match: [postgres]\n    policy: ignore", id="disabled"),
    pytest.param(rule(matchUpdateTypes=["major"], enabled=False), "- policy: minor", id="no-majors"),
    pytest.param(rule(matchUpdateTypes=["major", "minor"], enabled=False), "- policy: patch", id="patches-alone"),
    pytest.param('{"major": {"enabled": false}}', "- policy: minor", id="no-majors-at-the-top"),
    pytest.param(rule(matchPackageNames=["postgres"], allowedVersions="<17"), 'policy: "<17"', id="a-range"),
    pytest.param(rule(matchPackageNames=["nginx"], allowedVersions="!/rc/"), "deny: rc", id="not-this-expression"),
    pytest.param(rule(matchPackageNames=["/^ghcr\\.io\\/acme\\//".replace("\\/", "/")], groupName="acme"), 'match: ["ghcr.io/acme/**"]\n    group: acme', id="a-beginning-is-a-glob"),
    pytest.param(rule(matchPackageNames=["!nginx"], minimumReleaseAge="3 days"), 'match: [ghcr.io/acme/api, postgres]\n    min-age: "3d"', id="all-but-one-names-the-others"),
    pytest.param(rule(matchFileNames=["compose*.yaml"], pinDigests=True), 'files: ["compose*.yaml"]\n    digest: pin', id="by-file"),
    pytest.param(rule(automerge=True, matchUpdateTypes=["patch", "digest"]), "- automerge: patch", id="merging"),
    pytest.param('{"extends": [":automergeMinor"]}', "- automerge: minor", id="merging-by-a-preset"),
    pytest.param(rule(reviewers=["ada", "grace"], assigneesFromCodeOwners=True), 'reviewers: "ada,grace"\n    assignees: codeowners', id="people"),
    pytest.param(rule(matchPackageNames=["nginx"], addLabels=["web"]), "labels: web", id="more-labels"),
    pytest.param('{"ignoreDeps": ["nginx"]}', "- match: [nginx]\n    policy: ignore", id="ignored"),
    pytest.param('{"extends": ["docker:disableMajor"]}', "- policy: minor", id="a-preset"),
    pytest.param('{// ours\n"prConcurrentLimit": 3,}', "limit: 3", id="json5"),
    pytest.param('{"branchPrefix": "deps/", "labels": ["a"]}', "branch-prefix: deps/\n  labels: [a]", id="for-all"),
    pytest.param('{"extends": [":dependencyDashboard"], "draftPR": true}', "dashboard: true\n  draft: true", id="a-dashboard-and-drafts"),
    pytest.param('{"gitAuthor": "Ada Bot <bot@example.org>"}', 'author: "Ada Bot <bot@example.org>"', id="an-author"),
    pytest.param('{"ignorePaths": ["old/"]}', 'exclude: ["**old/**"]', id="paths-left-out"),
    pytest.param('{"baseBranches": "trunk"}', "base: trunk", id="a-branch"),
    pytest.param('{"schedule": ["before 5am on monday"]}', '- schedule: "* 0-4 * * 1"', id="a-schedule"),
    pytest.param(json.dumps({"packageRules": [{"matchPackageNames": ["*"], "enabled": False}, {"matchPackageNames": ["nginx"], "enabled": True}]}), "- match: [nginx]\n    policy: major", id="the-last-rule-wins"),
]  # fmt: skip


@pytest.mark.parametrize(("config", "said"), ROWS)
def test_an_option_is_said_and_every_image_is_decided_the_same(
    tmp_path: Path, config: str, said: str
) -> None:
    found = moved(tmp_path, config)
    assert said in found["config"]
    assert (found["differences"], found["lost"], found["uses"]) == ([], [], 3)


LOST = [
    pytest.param('{"extends": ["github>acme/renovate"]}', "preset", id="a-strange-preset"),
    pytest.param(rule(automerge=True), "never a major", id="merging-majors"),
    pytest.param(rule(automerge=True, matchUpdateTypes=["patch"]), "smaller steps", id="merging-patches-and-no-digest"),
    pytest.param(rule(reviewers=["team:web"]), "owner/team", id="a-team-of-nobody"),
    pytest.param(rule(matchCurrentVersion="<1", enabled=False), "matchCurrentVersion", id="by-version"),
    pytest.param(rule(matchUpdateTypes=["major"], minimumReleaseAge="9 days"), "major alone", id="by-level"),
    pytest.param('{"schedule": ["every 3 months"]}', "months", id="a-schedule-that-is-not-read"),
    pytest.param(rule(matchPackageNames=["/zz$/"], enabled=False), "no image here", id="nobody-is-meant"),
    pytest.param(rule(matchPackageNames=["!/x(/"], enabled=False), "regular expression", id="an-expression-that-cannot-be-read"),
    pytest.param('{"prHourlyLimit": "two"}', "no number", id="a-limit-in-words"),
    pytest.param('{"timezone": "Mars/Base"}', "time zone", id="no-such-zone"),
    pytest.param('{"gitAuthor": "bot@example.org"}', "`bumper explain commit.author`", id="an-author-without-a-name"),
    pytest.param('{"gitAuthor": null}', "`bumper explain commit.author`", id="no-author"),
    pytest.param('{"stabilityDays": -1}', "is no age", id="an-age-below-nought"),
    pytest.param('{"baseBranchPatterns": [""]}', "one branch", id="a-branch-without-a-name"),
    pytest.param('{"ignorePaths": ["/x/**"]}', "it means none", id="a-path-as-none-begins"),
    pytest.param(rule(matchFileNames=["./web/**"], enabled=False), "no image here", id="files-that-are-nowhere"),
    pytest.param(rule(matchPackageNames=["https://x.org/y"], enabled=False), "no image here", id="an-address-is-no-image"),
]  # fmt: skip


@pytest.mark.parametrize(("config", "why"), LOST)
def test_what_cannot_be_said_is_told_with_its_reason(tmp_path: Path, config: str, why: str) -> None:
    (entry,) = moved(tmp_path, config)["lost"]
    assert why in entry["new"] + entry["old"]
    assert (entry["path"], entry["line"]) == ("renovate.json", 1)


def test_a_difference_has_file_and_line(tmp_path: Path) -> None:
    both = {"packageRules": [
        {"matchUpdateTypes": ["major"], "enabled": False},
        {"matchPackageNames": ["postgres"], "allowedVersions": "<17"},
    ]}  # fmt: skip
    (one,) = moved(tmp_path, json.dumps(both))["differences"]
    assert (one["path"], one["line"], one["image"]) == (
        "compose.yaml", 5, "docker.io/library/postgres",
    )  # fmt: skip


def test_patches_alone_forbidden_is_a_difference_of_every_image(tmp_path: Path) -> None:
    found = moved(tmp_path, rule(matchUpdateTypes=["patch"], enabled=False))
    assert [one["line"] for one in found["differences"]] == [3, 5, 7]


def test_files_that_renovate_does_not_read_are_left_alone(tmp_path: Path) -> None:
    found = moved(tmp_path, "{}", {"pod.yaml": POD})
    assert "- files: [pod.yaml]\n    policy: ignore" in found["config"]
    assert (found["uses"], found["differences"]) == (4, [])


def test_marks_move_into_rules_or_stay(tmp_path: Path) -> None:
    labels = COMPOSE + "    labels: {com.centurylinklabs.watchtower.monitor-only: 'true'}\n"
    write(tmp_path, {"compose.yaml": labels})
    ran = bumper("migrate", "-C", tmp_path, "--no-cache")
    assert "match: [ghcr.io/acme/api]\n    monitor: true" in ran.out
    assert "watchtower: false" in ran.out
    assert "both readings: 3 of 3" in ran.out
    assert ran.code == 0


def test_two_marks_for_one_image_in_one_file_stay(tmp_path: Path) -> None:
    two = "services:\n  a: {image: 'nginx:1.0', labels: {wud.watch: 'false'}}\n  b: {image: 'nginx:1.0'}\n"
    write(tmp_path, {"compose.yaml": two})
    found = json.loads(bumper("migrate", "-C", tmp_path, "-f", "json", "--no-cache").out)
    assert [entry["line"] for entry in found["kept"]] == [2]
    assert "wud: false" not in found["config"]
    assert (found["uses"], found["differences"]) == (2, [])


def test_a_file_that_is_there_is_replaced_by_force_alone(tmp_path: Path) -> None:
    write(tmp_path, {"renovate.json": "{}", "compose.yaml": COMPOSE, "bumper.yaml": "version: 1\n"})
    refused = bumper("migrate", "-C", tmp_path, "--write", "--no-cache")
    assert (refused.code, "config-exists" in refused.err) == (2, True)
    assert bumper("migrate", "-C", tmp_path, "--write", "--force", "--no-cache").code == 0
    assert bumper("config", "lint", "-C", tmp_path).code == 0


@pytest.mark.parametrize(
    ("config", "names"),
    [("[1]", ()), ("{", ()), ('{"packageRules": [3]}', ()), ("{}", ("--from", "renovat"))],
)
def test_what_cannot_be_read_is_an_error(
    tmp_path: Path, config: str, names: tuple[str, ...]
) -> None:
    write(tmp_path, {"renovate.json": config})
    assert bumper("migrate", "-C", tmp_path, *names).code == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("after 10pm and before 5am every weekday", "* 0-4,22-23 * * 1-5"),
        ("every weekend", "* * * * 0,6"),
        ("before 4am on the first day of the month", "* 0-3 1 * *"),
        ("on friday and saturday", "* * * * 5,6"),
        ("* 0-3 * * 1", "* 0-3 * * 1"),
    ],
)
def test_a_schedule_in_words(text: str, expected: str) -> None:
    assert cron([text]) == expected


def test_an_age_in_words() -> None:
    assert age("14 days") == "14d"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param('{\n"extends": [\n', "error: renovate.json:3: cannot be read as JSON: ", id="no-json"),
        pytest.param("[]", "error: renovate.json:1: is no mapping of settings ", id="no-mapping"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, config: str, said: str
) -> None:
    write(tmp_path, {"renovate.json": config})
    ran = bumper("migrate", "-C", tmp_path)
    assert (ran.code, ran.err.startswith(said), "[bad-settings]" in ran.err) == (2, True, True), (
        ran.err
    )


def test_what_the_reading_notes_is_said_once_for_all_readings(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, {"renovate.json": "{}", "compose.yaml": COMPOSE})
    assert bumper("migrate", "-C", tmp_path).err == f"Git tracks no file in {tmp_path}\n"
