"""Dependabot's file moves: its entries, its `ignore`, and the places it does not look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "deploy/compose.yaml": "services:\n  web:\n    image: nginx:1.25.3\n  db:\n    image: ghcr.io/acme/db:16.3\n",
    "deploy/Dockerfile": "FROM python:3.12\n",
    "other/compose.yaml": "services:\n  web:\n    image: nginx:1.25.3\n",
}
HEAD = "version: 2\nupdates:\n- package-ecosystem: docker-compose\n  directory: /deploy\n"


def moved(root: Path, entry: str, head: str = HEAD) -> dict[str, Any]:
    write(root, {**FILES, ".github/dependabot.yml": head + entry})
    ran = bumper("migrate", "-C", root, "-f", "json", "--no-cache")
    assert ran.code in {0, 1}, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


ROWS = [
    pytest.param("", "files: [deploy/Dockerfile, other/compose.yaml]\n    policy: ignore", id="no-more-than-its-folder"),
    pytest.param("  schedule: {interval: weekly}\n", '"* * * * 1"', id="a-week"),
    pytest.param("  schedule: {interval: weekly, day: friday, time: '05:30', timezone: Europe/Berlin}\n", '"30 5 * * 5"', id="a-day"),
    pytest.param("  ignore:\n  - {dependency-name: nginx}\n", "policy: ignore", id="an-image"),
    pytest.param("  ignore:\n  - {dependency-name: acme/*}\n", "match: [ghcr.io/acme/db]", id="names-have-no-registry"),
    pytest.param("  ignore:\n  - {dependency-name: '*', update-types: ['version-update:semver-major']}\n", "policy: minor", id="majors"),
    pytest.param("  ignore:\n  - {dependency-name: nginx, versions: ['>= 1.26']}\n", 'policy: "<1.26"', id="versions"),
    pytest.param("  groups:\n    all: {patterns: ['*'], exclude-patterns: [nginx]}\n", "group: all", id="a-group-but-one"),
    pytest.param("  cooldown: {default-days: 5}\n", 'min-age: "5d"', id="an-age"),
    pytest.param("  open-pull-requests-limit: 3\n  labels: [deps]\n", "labels: [deps]\n  limit: 3", id="for-all"),
    pytest.param("  reviewers: [ada, acme/web]\n", 'reviewers: "ada,acme/web"', id="people"),
    pytest.param("  target-branch: develop\n", "base: develop", id="a-branch"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "said"), ROWS)
def test_an_entry_is_said_and_every_image_is_decided_the_same(
    tmp_path: Path, entry: str, said: str
) -> None:
    found = moved(tmp_path, entry)
    assert said in found["config"]
    assert (found["differences"], found["lost"], found["uses"]) == ([], [], 4)


LOST = [
    pytest.param("  milestone: 4\n", "pull-requests.milestone", id="a-milestone-by-number"),
    pytest.param("  cooldown: {default-days: soon}\n", "is no age", id="an-age-in-words"),
    pytest.param("  cooldown: {default-days: 5, semver-major-days: 30}\n", "min-age", id="ages-by-step"),
    pytest.param("  ignore:\n  - {dependency-name: nginx, versions: ['1.x']}\n", "only >=", id="a-range-that-is-not-read"),
    pytest.param("  ignore:\n  - {dependency-name: nginx, update-types: ['version-update:semver-patch']}\n", "smaller", id="patches-alone"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "why"), LOST)
def test_what_cannot_be_said_is_told_with_its_reason(tmp_path: Path, entry: str, why: str) -> None:
    (one,) = moved(tmp_path, entry)["lost"]
    assert why in one["new"]
    assert one["line"] >= 5


def test_conditions_that_add_up_to_no_policy_are_a_difference(tmp_path: Path) -> None:
    ignore = (
        "  ignore:\n"
        "  - {dependency-name: '*', update-types: ['version-update:semver-major']}\n"
        "  - {dependency-name: nginx, versions: ['>= 1.26']}\n"
    )
    (one,) = moved(tmp_path, ignore)["differences"]
    assert (one["path"], one["line"]) == ("deploy/compose.yaml", 3)


def test_an_entry_for_no_image_is_set_aside(tmp_path: Path) -> None:
    npm = "version: 2\nupdates:\n- {package-ecosystem: npm, directory: /}\n"
    found = moved(tmp_path, "", npm)
    assert len(found["aside"]) == 1
    assert found["differences"] == []


@pytest.mark.parametrize("folder", ["./deploy", "/deploy/", "deploy", "/./deploy"])
def test_a_folder_in_any_spelling(tmp_path: Path, folder: str) -> None:
    head = HEAD.replace("/deploy", folder)
    found = moved(tmp_path, "  ignore:\n  - {dependency-name: nginx}\n", head)
    assert 'match: [nginx]\n    files: ["deploy/*"]' in found["config"]
    assert (found["differences"], found["lost"]) == ([], [])
