"""What is set beside the words: once, completed after a kill, and called off before it would be wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bumper.errors import ForgeError
from bumper.messages import marker, worded
from bumper.model import Level, Operation, Policy, Setting
from tests.publishing.scene import (
    BASE,
    BRANCH,
    Forge,
    Git,
    again,
    bumps,
    commit,
    pull,
    request,
    run,
)

if TYPE_CHECKING:
    from bumper.model import Bump

DAY = 86_400
C, U, S = Operation.CREATED, Operation.UPDATED, Operation.UNCHANGED


def merging(tag: str, level: Level = Level.PATCH, age: int | None = 9 * DAY) -> list[Bump]:
    """A bump that may merge by itself where it is a patch, and old enough."""
    policy = Policy(said=(Setting("automerge", "patch", "rules[0]"),))
    return [replace(one, age_seconds=age) for one in bumps(BASE, {"web": tag}, level, policy)]


def test_row_137_a_run_killed_before_the_labels_is_completed() -> None:
    words = worded.worded(request("1.1"), commit("1.1"))
    git, forge = Git({BRANCH: commit("1.1")}), Forge([pull(1, words.body, title=words.title)])
    done = again(git, forge, bumps(BASE, {"web": "1.1"}))
    assert [one.operation for one in done] == [U]
    assert [number for number, _ in forge.furnished] == [1]
    assert marker.read(forge.found[0].body)[1].strip() == marker.read(words.body)[1].strip()


def test_a_merge_is_asked_for_once_and_stays_with_a_newer_patch() -> None:
    git, forge = Git(), Forge()
    assert [one.operation for one in again(git, forge, merging("1.1"))] == [C]
    assert [one.operation for one in again(git, forge, merging("1.2"))] == [U]
    assert forge.merges == [(1, True)]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(merging("1.2", Level.MINOR), id="a-bolder-step"),
        pytest.param(merging("1.2", age=DAY), id="too-young"),
        pytest.param(merging("1.2", age=None), id="age-unknown"),
        pytest.param(bumps(BASE, {"web": "1.1"}), id="the-setting-is-gone"),
    ],
)
def test_a_planned_merge_is_called_off_before_the_branch_moves(later: list[Bump]) -> None:
    git, forge = Git(), Forge()
    again(git, forge, merging("1.1"))
    forge.fail = [ForgeError("no")]
    (failed,) = run(git, forge, later)
    assert (failed.operation, git.tips[BRANCH]) == (Operation.FAILED, commit("1.1"))
    assert [one.operation for one in again(git, forge, later)] == [U]
    assert forge.merges == [(1, True), (1, False)]


def test_what_grows_old_enough_merges_then() -> None:
    git, forge = Git(), Forge()
    again(git, forge, merging("1.1", age=DAY))
    assert forge.merges == []
    assert [one.operation for one in again(git, forge, merging("1.1"))] == [U]
    assert forge.merges == [(1, True)]


def test_why_the_forge_will_not_is_told_once_and_asked_again_with_a_newer_version() -> None:
    git, forge = Git(), Forge(refusal="it would not wait")
    assert [one.reason for one in again(git, forge, merging("1.1"))] == ["it would not wait"]
    assert [one.reason for one in again(git, forge, merging("1.2"))] == ["it would not wait"]
    assert forge.merges == [(1, True), (1, True)]


def test_a_forge_that_is_busy_is_asked_by_the_next_run() -> None:
    git, forge = Git(), Forge(fail=[])
    run(git, forge, bumps(BASE, {"web": "1.1"}))
    forge.fail = [ForgeError("busy")]
    (done,) = run(git, forge, merging("1.1"))
    assert (done.operation, done.reason) == (U, "not planned to merge yet: busy")
    assert [one.operation for one in again(git, forge, merging("1.1"))] == [U]
    assert forge.merges == [(1, True)]


def test_a_draft_and_a_pull_request_without_its_marker_never_merge() -> None:
    git, forge = Git(), Forge()
    again(git, forge, merging("1.1"), settings={"draft": True})
    forge.set(1, body="mine now")
    again(git, forge, merging("1.2"))
    assert forge.merges == []


def test_a_commit_says_that_it_waits_and_then_that_it_is_old_enough() -> None:
    git, forge, asked = Git(), Forge(), {"status": True}
    again(git, forge, merging("1.1", age=DAY), settings=asked)
    again(git, forge, merging("1.1"), settings=asked)
    again(git, forge, merging("1.2", age=None), settings=asked)
    first, second = commit("1.1"), commit("1.2")
    assert forge.statuses == [(first, "pending"), (first, "success"), (second, "pending")]
    again(git, forge, merging("1.2", age=None))
    assert forge.statuses[-1] == (second, "success")


def test_a_status_that_cannot_be_set_is_told_and_fails_nothing() -> None:
    git, forge = Git(), Forge()
    again(git, forge, bumps(BASE, {"web": "1.1"}))
    forge.fail = [ForgeError("no right")]
    (done,) = run(git, forge, bumps(BASE, {"web": "1.1"}), settings={"status": True})
    assert (done.operation, done.reason) == (U, "status not set: no right")


@pytest.mark.parametrize("age", [0, 300, 3 * DAY - 1, None])
def test_row_239_what_was_published_minutes_ago_merges_by_nobodys_hand(age: int | None) -> None:
    """Where nothing is said nothing merges by itself; where it is, nothing younger than three days."""
    git, forge = Git(), Forge()
    again(git, forge, bumps(BASE, {"web": "1.1"}, Level.PATCH))
    assert forge.merges == []
    again(git, forge, merging("1.2", age=age))
    assert True not in {on for _, on in forge.merges}
    again(git, forge, merging("1.3", age=3 * DAY))
    assert forge.merges[-1] == (1, True)
