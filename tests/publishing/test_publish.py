"""The state machine of pull requests: every state of the forge with every wish, and then once more.

The forge and the branches are in memory; what they do with a real server, `test_line` shows.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bumper import publish
from bumper.errors import ForgeError
from bumper.messages import marker
from bumper.model import Operation
from bumper.publishing.limits import Limits
from bumper.publishing.wish import Wish
from tests.publishing.scene import (
    BRANCH,
    CLOSED,
    MERGED,
    OPEN,
    Forge,
    Git,
    commit,
    ended,
    pull,
    request,
    told,
)

if TYPE_CHECKING:
    from bumper.model import Published, PullRequest

PERSON = "person:1.1:base1"
# What stands on the forge: pull requests, and where the branch is.
STATES: dict[str, tuple[list[PullRequest], str | None]] = {
    "nothing": ([], None),
    "row-135-pushed-then-killed": ([], commit("1.1")),
    "pushed-then-killed-and-the-base-moved": ([], commit("1.0", "base0")),
    "a-person-uses-our-branch-name": ([], PERSON),
    "open": ([told("1.1", commit("1.1"))], commit("1.1")),
    "open-made-on-an-older-base": ([told("1.1", commit("1.1", "base0"))], commit("1.1", "base0")),
    "open-for-an-older-tag": ([told("1.0", commit("1.0"))], commit("1.0")),
    "killed-between-push-and-telling": ([told("1.0", commit("1.0"))], commit("1.1", "base0")),
    "killed-then-something-newer": ([told("0.9", commit("0.9"))], commit("1.0", "base0")),
    "row-139-a-person-committed": ([told("1.1", commit("1.1"))], PERSON),
    "row-139-committed-on-an-older-tag": ([told("1.0", commit("1.0"))], "person:1.0:base1"),
    "row-183-marker-broken": ([pull(1, "Hello", title="Bump web to 1.1")], commit("1.1")),
    "row-146-branch-deleted": ([told("1.1", commit("1.1"))], None),
    "row-178-closed-by-a-person": ([told("1.1", commit("1.1"), CLOSED)], commit("1.1")),
    "closed-by-a-person-for-an-older-tag": ([told("1.0", commit("1.0"), CLOSED)], commit("1.0")),
    "row-179-closed-by-us": ([ended("1.1")], None),
    "merged-and-the-branch-kept": ([told("1.0", commit("1.0"), MERGED)], commit("1.0")),
    "row-184-a-fork-with-our-branch": ([told("1.1", commit("1.1"), own=False)], None),
}
# The state, what is wished (None: nothing), what is done, the branch afterwards.
C, U, S, E = Operation.CREATED, Operation.UPDATED, Operation.UNCHANGED, Operation.EDITED
R, X = Operation.REFUSED, Operation.CLOSED
TABLE: list[tuple[str, str | None, list[Operation], str | None]] = [
    ("nothing", "1.1", [C], commit("1.1")),
    ("nothing", None, [], None),
    ("row-135-pushed-then-killed", "1.1", [C], commit("1.1")),
    ("row-135-pushed-then-killed", None, [], None),
    ("pushed-then-killed-and-the-base-moved", "1.1", [C], commit("1.1")),
    ("pushed-then-killed-and-the-base-moved", None, [], None),
    ("a-person-uses-our-branch-name", "1.1", [E], PERSON),
    ("a-person-uses-our-branch-name", None, [], PERSON),
    ("open", "1.1", [S], commit("1.1")),
    ("open", "1.2", [U], commit("1.2")),
    ("open", None, [X], None),
    ("open-made-on-an-older-base", "1.1", [S], commit("1.1", "base0")),
    ("open-made-on-an-older-base", "1.2", [U], commit("1.2")),
    ("open-for-an-older-tag", "1.1", [U], commit("1.1")),
    ("open-for-an-older-tag", None, [X], None),
    ("killed-between-push-and-telling", "1.1", [U], commit("1.1", "base0")),
    ("killed-between-push-and-telling", "1.2", [U], commit("1.2")),
    ("killed-between-push-and-telling", None, [X], None),
    ("killed-then-something-newer", "1.1", [U], commit("1.1")),
    ("row-139-a-person-committed", "1.1", [E], PERSON),
    ("row-139-a-person-committed", "1.2", [E], PERSON),
    ("row-139-a-person-committed", None, [E], PERSON),
    ("row-139-committed-on-an-older-tag", "1.1", [E], "person:1.0:base1"),
    ("row-183-marker-broken", "1.1", [U], commit("1.1")),
    ("row-183-marker-broken", "1.2", [U], commit("1.2")),
    ("row-183-marker-broken", None, [], commit("1.1")),
    ("row-146-branch-deleted", "1.1", [U], commit("1.1")),
    ("row-146-branch-deleted", None, [X], None),
    ("row-178-closed-by-a-person", "1.1", [R], commit("1.1")),
    ("row-178-closed-by-a-person", "1.2", [C], commit("1.2")),
    ("row-178-closed-by-a-person", None, [], None),
    ("closed-by-a-person-for-an-older-tag", "1.1", [C], commit("1.1")),
    ("row-179-closed-by-us", "1.1", [C], commit("1.1")),
    ("row-179-closed-by-us", None, [], None),
    ("merged-and-the-branch-kept", "1.1", [C], commit("1.1")),
    ("merged-and-the-branch-kept", None, [], None),
    ("row-184-a-fork-with-our-branch", "1.1", [C], commit("1.1")),
    ("row-184-a-fork-with-our-branch", None, [], None),
]


def wish(
    *tags: str, limit: int = 0, unknown: frozenset[str] = frozenset(), whole: bool = True
) -> Wish:
    requests = tuple(
        request(tag, BRANCH if number == 0 else f"bumper/web{number}-0a1b2c")
        for number, tag in enumerate(tags)
    )
    return Wish(
        requests,
        {one.branch: commit(tag) for one, tag in zip(requests, tags, strict=True)},
        {
            one.branch: {"compose.yaml": tag.encode()}
            for one, tag in zip(requests, tags, strict=True)
        },
        Limits(limit),
        unknown,
        whole,
    )


def run(git: Git, forge: Forge, wanted: Wish) -> tuple[Published, ...]:
    return asyncio.run(publish.publish(wanted, "bumper/", git, git, forge))  # type: ignore[arg-type] # Git stands for the worktree too


@pytest.mark.parametrize(
    ("state", "tag", "operations", "tip"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}") for row in TABLE],
)
def test_every_state_with_every_wish(
    state: str, tag: str | None, operations: list[Operation], tip: str | None
) -> None:
    pulls, at = STATES[state]
    git, forge = Git({} if at is None else {BRANCH: at}), Forge(list(pulls))
    wanted = wish(*([tag] if tag else []))
    done = run(git, forge, wanted)
    assert [one.operation for one in done] == operations, done
    assert git.tips.get(BRANCH) == tip
    ours = [one for one in forge.found if one.state is OPEN and one.own_head]
    assert len(ours) <= 1
    written = (git.writes, forge.writes)
    again = run(git, forge, wanted)
    assert (git.writes, forge.writes) == written, "a second run writes nothing"
    settled = {C: [S], U: [S], X: []}
    assert [one.operation for one in again] == (
        settled.get(operations[0], operations) if operations else []
    )


def test_every_state_is_in_the_table() -> None:
    assert {row[0] for row in TABLE} == set(STATES)


def test_row_182_what_a_person_wrote_stays() -> None:
    opened = told("1.0", commit("1.0"))
    mine = replace(opened, title="Mine", body=f"{opened.body.partition(chr(10))[0]}\nmy words\n")
    forge = Forge([mine])
    run(Git({BRANCH: commit("1.0")}), forge, wish("1.1"))
    known, words = marker.read(forge.found[0].body)
    assert (forge.found[0].title, words.strip()) == ("Mine", "my words")
    assert known is not None
    assert known.targets == request("1.1").targets


def test_row_199_what_the_limit_keeps_back_is_told() -> None:
    git, forge = Git(), Forge()
    done = run(git, forge, wish("1.1", "1.1", "1.1", limit=2))
    assert [one.operation for one in done] == [C, C, Operation.HELD]
    assert len(git.tips) == 2


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(ForgeError("no"), id="row-168-refused"),
        pytest.param(KeyError("number"), id="row-177-an-odd-answer"),
        pytest.param(RecursionError(), id="anything-else"),
    ],
)
def test_one_failure_does_not_stop_the_others_and_heals(failure: Exception) -> None:
    git, forge = Git(), Forge(fail=[failure])
    done = run(git, forge, wish("1.1", "1.1"))
    assert [one.operation for one in done] == [Operation.FAILED, C]
    assert done[0].reason
    assert [one.operation for one in run(git, forge, wish("1.1", "1.1"))] == [C, S]


def test_row_141_a_protected_branch_is_told() -> None:
    done = run(Git(refuse=True), Forge(), wish("1.1"))
    assert [(one.operation, one.reason) for one in done] == [(Operation.FAILED, "protected branch")]


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(wish(unknown=frozenset({"docker.io/acme/web"})), id="row-221-image-unknown"),
        pytest.param(wish(whole=False), id="only-a-part-was-read"),
    ],
)
def test_what_was_not_looked_up_stays_open(wanted: Wish) -> None:
    git, forge = Git({BRANCH: commit("1.0")}), Forge([told("1.0", commit("1.0"))])
    assert run(git, forge, wanted) == ()
    assert (git.writes, forge.writes) == (0, 0)


def test_what_belongs_to_a_pull_request_is_set_once_and_what_could_not_is_told_once() -> None:
    git, forge = Git(), Forge(notes=["reviewer nobody not set"])
    done = run(git, forge, wish("1.1"))
    assert [(one.operation, one.reason) for one in done] == [(C, "reviewer nobody not set")]
    done = run(git, forge, wish("1.1"))
    assert [(one.operation, one.reason) for one in done] == [(S, "")]
    assert [number for number, _ in forge.furnished] == [1]


def test_the_ledger_is_never_swept() -> None:
    git = Git({"bumper/ledger": commit("1.0"), BRANCH: commit("1.0")})
    run(git, Forge(), wish())
    assert git.tips == {"bumper/ledger": commit("1.0")}
