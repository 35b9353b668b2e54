"""What shares a pull request, under which key and branch, in which order."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bumper.config.proposals import PullRequests
from bumper.messages import titles
from bumper.model import Bump, Level, Policy
from bumper.plan import plan
from tests.support import use

if TYPE_CHECKING:
    from bumper.model import ChangeRequest


def bump(
    written: str, new: str, level: Level = Level.MINOR, path: str = "a/compose.yaml", line: int = 1,
    group: str | None = None,
) -> Bump:  # fmt: skip
    return Bump(
        use(written, path, line), Policy(group=group), new, None, level, "newer-tag", "newer"
    )


def keys(per: str, *bumps: Bump) -> list[str]:
    settings = PullRequests.model_validate({"per": per})
    return [request.key for request in plan(bumps, settings, "main")]


WEB = bump("acme/web:1.0", "1.1")
API = bump("acme/api:1.0", "1.1", path="b/compose.yaml")
AGAIN = bump("acme/web:1.0", "1.1", path="b/compose.yaml", line=9)
NEW = bump("acme/new:1.0", "2.0", Level.MAJOR)
POSTGRES = bump("postgres:16.1", "16.2")
GROUPED = bump("acme/sub:1.0", "1.1", group="acme")


@pytest.mark.parametrize(
    ("per", "bumps", "expected"),
    [
        pytest.param("image", [WEB, AGAIN, API], ["acme/api", "acme/web"], id="one-image-in-many-files-is-one"),
        pytest.param("file", [WEB, AGAIN, API], ["file a/compose.yaml", "file b/compose.yaml"], id="file"),
        pytest.param("directory", [WEB, AGAIN, API], ["directory a", "directory b"], id="directory"),
        pytest.param("all", [WEB, AGAIN, API], ["all images"], id="all"),
        pytest.param("all", [WEB, NEW], ["all images", "major acme/new"], id="a-major-stands-alone"),
        pytest.param("all", [WEB, POSTGRES], ["all images", "postgres"], id="what-keeps-data-stands-alone"),
        pytest.param("all", [WEB, GROUPED], ["all images", "group acme"], id="a-group-of-the-rules"),
    ],
)  # fmt: skip
def test_what_shares_a_pull_request(per: str, bumps: list[Bump], expected: list[str]) -> None:
    assert sorted(keys(per, *bumps)) == expected


@pytest.mark.parametrize(
    ("per", "one", "other"),
    [
        pytest.param("directory", bump("x:1", "2", path="postgres/a.yaml"), POSTGRES, id="a-folder-and-an-image"),
        pytest.param("file", bump("x:1", "2", path="postgres"), POSTGRES, id="a-file-and-an-image"),
        pytest.param("directory", bump("x:1", "2", path="a.yaml"), bump("y:1", "2", group="."), id="the-root-and-a-group"),
        pytest.param("image", bump("group:1", "2", Level.MAJOR), bump("x:1", "2", group="major"), id="a-major-and-a-group"),
    ],
)  # fmt: skip
def test_keys_of_different_kinds_never_coincide(per: str, one: Bump, other: Bump) -> None:
    assert len(set(keys(per, one, other))) == 2


def test_the_smallest_step_comes_first_and_majors_are_labelled() -> None:
    patch = bump("z/z:1.0.0", "1.0.1", Level.PATCH)
    requests = plan([NEW, WEB, patch], PullRequests(), "main")
    assert [one.key for one in requests] == ["z/z", "acme/web", "major acme/new"]
    assert [one.labels for one in requests] == [
        ("bumper",),
        ("bumper",),
        ("bumper", "bumper/major"),
    ]


def test_a_key_and_its_branch_are_stable_over_versions() -> None:
    first, second = (
        plan([bump("acme/web:1.0", tag)], PullRequests(), "main")[0] for tag in ("1.1", "1.2")
    )
    assert (first.key, first.branch) == (second.key, second.branch)
    assert first.targets == ("docker.io/acme/web=1.1",)
    assert second.targets == ("docker.io/acme/web=1.2",)


def test_the_order_of_the_bumps_does_not_matter() -> None:
    def flat(requests: tuple[ChangeRequest, ...]) -> list[ChangeRequest]:
        return [replace(one, bumps=()) for one in requests]

    one = plan([WEB, AGAIN, API, NEW], PullRequests(), "main")
    other = plan([NEW, API, AGAIN, WEB], PullRequests(), "main")
    assert flat(one) == flat(other)


@pytest.mark.parametrize(
    "key",
    ["localhost:5000/a", "[::1]:5000/a", "file .github/x..y.lock", "group /", "directory -x", "ä", "@{1}", "a" * 300],
)  # fmt: skip
def test_row_144_a_branch_is_legal_whatever_the_key_holds(key: str) -> None:
    name = titles.branch("bumper/", key)
    subprocess.run(["git", "check-ref-format", "--branch", name], check=True, capture_output=True)
    assert titles.is_branch("bumper/", name)
    assert re.fullmatch(r"bumper/[a-z0-9-]{1,100}", name)  # row 143: flat


@given(some.text(min_size=1), some.text(min_size=1))
def test_row_145_another_key_is_another_branch(one: str, other: str) -> None:
    assert (titles.branch("b/", one) == titles.branch("b/", other)) == (one == other)


@pytest.mark.parametrize(
    "name", ["bumper/first-seen-ledger", "bumper/", "bumper/web", "main", "x/web-0a1b2c"]
)
def test_a_name_that_is_no_change_request_is_known(name: str) -> None:
    assert not titles.is_branch("bumper/", name)
