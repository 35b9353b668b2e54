"""A pull request that nobody decides: one reminder, then it is closed, which refuses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bumper.errors import ForgeError
from bumper.messages import marker
from bumper.model import Operation, Policy, PullRequestState, Setting
from tests.publishing.scene import (
    BASE,
    BRANCH,
    CLOSED,
    OPEN,
    Forge,
    Git,
    again,
    bumps,
    commit,
    run,
)

if TYPE_CHECKING:
    from bumper.model import Bump, Published

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
STALE: dict[str, Any] = {"settings": {"stale": "14d"}}
S, U, X, H = Operation.UNCHANGED, Operation.UPDATED, Operation.CLOSED, Operation.HELD


def wanted(tag: str = "1.1", policy: Policy | None = None) -> list[Bump]:
    return bumps(BASE, {"web": tag}, policy=policy)


def after(days: float) -> datetime:
    return START + timedelta(days=days)


def scene() -> tuple[Git, Forge]:
    git, forge = Git(), Forge()
    run(git, forge, wanted(), moment=START, **STALE)
    forge.set(1, created=START)
    return git, forge


def at(git: Git, forge: Forge, days: float, rows: list[Bump] | None = None) -> Published:
    (done,) = again(git, forge, wanted() if rows is None else rows, moment=after(days), **STALE)
    return done


def test_a_reminder_once_at_half_then_closed_and_that_is_no_refusal() -> None:
    git, forge = scene()
    assert at(git, forge, 6.9).operation is S
    assert forge.heard(1) == []
    assert (at(git, forge, 7).code, len(forge.heard(1))) == ("reminded", 1)
    assert "On 2026-11-15 it is closed" in forge.heard(1)[0]
    assert (at(git, forge, 13.9).code, len(forge.heard(1))) == ("", 1)
    done = at(git, forge, 14)
    assert (done.operation, done.code) == (X, "stale")
    assert forge.found[0].state is CLOSED
    assert list(git.tips.values()) == [commit("1.1")], "who reopens it needs its branch"
    assert len(forge.heard(1)) == 2
    # Nothing is opened at once again, and a newer version is.
    done = at(git, forge, 15)
    assert (done.operation, done.code) == (H, "stale")
    assert at(git, forge, 15, wanted("1.2")).operation is Operation.CREATED


def test_row_181_reopened_counts_anew() -> None:
    git, forge = scene()
    for days in (7, 14):
        at(git, forge, days)
    forge.set(1, state=OPEN)
    assert at(git, forge, 20).operation is U
    assert at(git, forge, 26).operation is S
    assert at(git, forge, 27).code == "reminded"
    # Closed by a person it is refused, whatever closed it before.
    forge.set(1, state=CLOSED)
    assert at(git, forge, 28).operation is Operation.REFUSED


def test_who_was_not_reminded_gets_half_of_the_time_still() -> None:
    git, forge = scene()
    assert at(git, forge, 100).code == "reminded"
    assert at(git, forge, 106.9).operation is S
    assert at(git, forge, 107).operation is X


@pytest.mark.parametrize(
    "event",
    [
        pytest.param("comment", id="a-person-spoke"),
        pytest.param("newer", id="other-versions-are-another-decision"),
    ],
)
def test_what_happens_counts_anew(event: str) -> None:
    git, forge = scene()
    rows = wanted()
    at(git, forge, 7)
    if event == "comment":
        forge.tell(1, "looking into it", "eve", after(10))
    else:
        rows = wanted("1.2")
        at(git, forge, 10, rows)
    assert at(git, forge, 16.9, rows).operation is S
    assert at(git, forge, 17, rows).code == "reminded"
    assert at(git, forge, 24, rows).operation is X


@pytest.mark.parametrize(
    "spared", ["committed", "approved", "held", "label", "no setting", "no clock", "nobody heard"]
)
def test_never_where_a_person_did_something_or_nothing_is_known(spared: str) -> None:
    git, forge = scene()
    at(git, forge, 7)
    settings, moment = STALE["settings"], after(30)
    if spared == "committed":
        git.tips[BRANCH] = "person:web=1.1:base1"
    forge.approvals = {1} if spared == "approved" else set()
    if spared == "held":
        forge.tell(1, "bumper hold 9w", at=after(8))
    if spared == "label":
        forge.set(1, labels=("bumper/hold",))
    forge.deaf = ForgeError("no") if spared == "nobody heard" else None
    (done,) = again(
        git, forge, wanted(), settings={} if spared == "no setting" else settings,
        moment=None if spared == "no clock" else moment,
    )  # fmt: skip
    assert done.operation is not X
    assert forge.found[0].state is OPEN


def test_an_image_may_have_its_own_time() -> None:
    git, forge = scene()
    policy = Policy(said=(Setting("stale", "2d", "keel"),))
    (done,) = again(git, forge, wanted(policy=policy), moment=after(1))
    assert done.code == "reminded"
    policy = replace(policy, said=(Setting("stale", "0", "keel"),))
    (done,) = again(git, forge, wanted(policy=policy), moment=after(99), **STALE)
    assert done.operation is S


def test_row_137_killed_while_closing_it_is_closed_by_the_next_run_and_said_once() -> None:
    for number in range(2):
        git, forge = scene()
        at(git, forge, 7)
        forge.fail = [None] * number + [KeyboardInterrupt()]
        with pytest.raises(KeyboardInterrupt):
            run(git, forge, wanted(), moment=after(14), **STALE)
        forge.fail.clear()
        again(git, forge, wanted(), moment=after(14), **STALE)
        found, _ = marker.read(forge.found[0].body)
        assert found is not None
        assert (forge.found[0].state, found.stale) == (PullRequestState.CLOSED, True)
        assert [len(forge.heard(1)), "nobody has decided" in forge.heard(1)[1]] == [2, True]
        assert list(git.tips.values()) == [commit("1.1")]
