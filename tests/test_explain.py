"""`explain` in a repository: where the image stands, which setting counts there, and who says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import git
import pytest

from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """services:
  web:
    image: nginx:1.25.3
    labels:
      bumper.policy: patch
  old:
    # bumper: ignore until=2999-01-01 reason="the next one needs a newer kernel"
    image: redis:7.2.0
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, {"compose.yaml": COMPOSE, "tags.txt": "1.25.3\n1.25.5\n1.27.0\n"})
    with git.Repo.init(tmp_path) as repository:
        repository.index.add(["compose.yaml"])
    return tmp_path


def test_the_setting_in_the_file_decides_and_is_named_with_its_line(root: Path) -> None:
    ran = bumper("explain", "nginx:1.25.3", "-C", root, "--tags", root / "tags.txt", "-f", "json")
    told = json.loads(ran.out)
    assert told["chosen"] == "1.25.5"
    assert told["rule"] == "compose.yaml:5 (label bumper.policy)"
    assert [place["line"] for place in told["places"]] == [3]
    words = bumper("explain", "nginx:1.25.3", "-C", root, "--tags", root / "tags.txt").out
    place = (
        "compose.yaml:3  services.web.image: policy patch from compose.yaml:5 (label bumper.policy)"
    )
    assert place in words


def test_what_is_ignored_for_a_time_says_until_when_and_why(root: Path) -> None:
    ran = bumper("explain", "redis:7.2.0", "-C", root, "--tags", root / "tags.txt")
    assert "compose.yaml:7 (comment) says ignore; until 2999-01-01: the next one needs" in ran.out


def test_an_image_that_stands_nowhere_is_judged_by_the_rules_alone(root: Path) -> None:
    ran = bumper("explain", "traefik:1.25.3", "-C", root, "--tags", root / "tags.txt", "-f", "json")
    told = json.loads(ran.out)
    assert (told["chosen"], told["places"]) == ("1.27.0", [])
