"""The dashboard over whole runs: a box is obeyed once, by whom may tick it, and a second run writes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bumper.errors import ForgeError
from bumper.messages import boxes, dashboard
from bumper.model import Level, Operation, Policy, Setting
from bumper.publishing.board import Board
from tests.publishing.scene import BASE, CLOSED, MERGED, OPEN, Forge, Git, bumps, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bumper.model import Bump, Published

TWO = {"api": "1.0", "web": "1.0"}
BOTH = bumps(TWO, dict.fromkeys(TWO, "1.1"))
ONE_AT_ONCE: dict[str, Any] = {"now": TWO, "settings": {"limit": 1}}
WEB = "docker.io/acme/web=1.1"


def paged(
    git: Git, forge: Forge, wanted: Sequence[Bump], meanwhile: Callable[[], None] | None = None, **around: Any
) -> tuple[tuple[Published, ...], Board]:  # fmt: skip
    """A run with the dashboard around it, as the command line does it."""
    board = Board()
    asyncio.run(board.hear(forge))
    done = run(git, forge, wanted, asked=board, **around)
    if meanwhile is not None:
        meanwhile()
    asyncio.run(board.show(forge, wanted, done))
    return done, board


def settled(git: Git, forge: Forge, wanted: Sequence[Bump], **around: Any) -> tuple[Published, ...]:
    """A run, and a second one that writes nothing; give what the first did."""
    done, _ = paged(git, forge, wanted, **around)
    written = (git.writes, forge.writes)
    paged(git, forge, wanted, **around)
    assert (git.writes, forge.writes) == written, "a second run writes nothing"
    return done


def page(forge: Forge) -> str:
    assert forge.page is not None
    return forge.page.body


def rows(forge: Forge, title: str) -> list[str]:
    section = (
        page(forge).partition(f"## {title}\n")[2].partition("\n## ")[0].partition("<details>")[0]
    )
    return [line for line in section.splitlines() if line.startswith("- ")]


def operations(done: Sequence[Published]) -> list[Operation]:
    return [one.operation for one in done]


def test_it_is_opened_pinned_and_left() -> None:
    git, forge = Git(), Forge()
    settled(git, forge, BOTH, now=TWO)
    assert forge.pins == [99]
    assert page(forge).startswith(f"{dashboard.MARK}\n{dashboard.PINNED}\n")
    assert len(rows(forge, "Open pull requests")) == 2


def test_who_closes_it_is_left_in_peace() -> None:
    git, forge = Git(), Forge()
    settled(git, forge, BOTH, now=TWO)
    assert forge.page is not None
    before = forge.page = replace(forge.page, is_open=False, body="done with it")
    settled(git, forge, bumps(TWO, dict.fromkeys(TWO, "1.2")), now=TWO)
    assert forge.page == before


def test_a_refusal_of_pinning_is_told_once_and_fails_nothing() -> None:
    git, forge = Git(), Forge()
    run(git, forge, BOTH, now=TWO)
    forge.fail = [None, ForgeError("three are pinned")]
    _, board = paged(git, forge, BOTH, now=TWO)
    assert board.notes == ["the dashboard is not pinned: three are pinned"]
    assert board.problems == []
    _, board = paged(git, forge, BOTH, now=TWO)
    assert (board.notes, forge.pins) == ([], [])


def test_what_waits_is_opened_at_once() -> None:
    git, forge = Git(), Forge()
    assert operations(settled(git, forge, BOTH, **ONE_AT_ONCE)) == [
        Operation.CREATED, Operation.HELD,
    ]  # fmt: skip
    (waiting,) = rows(forge, "Waiting")
    assert waiting.endswith("as many pull requests are open as may be")
    forge.mark("open bumper/")
    assert operations(settled(git, forge, BOTH, **ONE_AT_ONCE)) == [
        Operation.UNCHANGED, Operation.CREATED,
    ]  # fmt: skip
    assert rows(forge, "Waiting") == []
    assert boxes.ticked(page(forge), boxes.DASHBOARD) == ()


def test_what_waits_for_its_schedule_is_opened_at_once() -> None:
    git, forge = Git(), Forge()
    policy = Policy(said=(Setting("schedule", "weekends", "rules[1]"),))
    wanted = bumps(BASE, {"web": "1.1"}, policy=policy)
    tuesday = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    assert operations(settled(git, forge, wanted, moment=tuesday)) == [Operation.HELD]
    assert "next on Sat 2026-03-07 00:00 UTC" in rows(forge, "Waiting")[0]
    forge.mark("open")
    assert operations(settled(git, forge, wanted, moment=tuesday)) == [Operation.CREATED]


def refused(state: str) -> tuple[Git, Forge, list[Bump]]:
    """An image that is not offered, and why; what is decided of it."""
    git, forge = Git(), Forge()
    major = bumps(BASE, {"web": "1.1"}, level=Level.MAJOR)
    wanted = major if state == "no-majors" else bumps(BASE, {"web": "1.1"})
    run(git, forge, wanted)
    if state == "reverted":
        forge.set(1, state=MERGED)
        git.tips.clear()
    elif state == "refused":
        forge.set(1, state=CLOSED)
    elif state == "skipped":
        forge.tick(1, "skip")
    else:
        forge.tick(1, "skip-major")
    return git, forge, wanted


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("refused", "refused in"),
        ("skipped", "refused in"),
        ("no-majors", "no majors are wanted since"),
        ("reverted", "taken back after"),
    ],
)
def test_what_was_refused_is_offered_again(state: str, told: str) -> None:
    git, forge, wanted = refused(state)
    settled(git, forge, wanted)
    (row,) = rows(forge, "Ignored")
    assert f"offer again: `acme/web:0.8` to `1.1`, {told} [\\#\u200b1](https://forge/1)" in row
    assert [one.state for one in forge.found] == [MERGED if state == "reverted" else CLOSED]
    forge.mark("unskip")
    assert operations(settled(git, forge, wanted)) == [Operation.CREATED]
    assert [one.state for one in forge.found][1:] == [OPEN]
    assert rows(forge, "Ignored") == []
    # Refused again is refused.
    forge.set(2, state=CLOSED)
    assert operations(settled(git, forge, wanted)) == [Operation.REFUSED]
    assert "#2](" in rows(forge, "Ignored")[0].replace("\u200b", "")


def test_a_later_major_is_offered_once_majors_are_wanted_again() -> None:
    git, forge, _ = refused("no-majors")
    later = bumps(BASE, {"web": "2.0"}, level=Level.MAJOR)
    assert operations(settled(git, forge, later))[-1] is Operation.REFUSED
    assert "no majors are wanted since" in rows(forge, "Ignored")[0]
    forge.mark("unskip")
    assert operations(settled(git, forge, later)) == [Operation.CREATED]


def test_a_row_of_a_group_comes_back_into_it() -> None:
    git, forge = Git(), Forge()
    around: dict[str, Any] = {"now": TWO, "settings": {"per": "all"}}
    settled(git, forge, BOTH, **around)
    forge.tick(1, f"skip {WEB}")
    assert operations(settled(git, forge, BOTH, **around)) == [
        Operation.UPDATED, Operation.REFUSED,
    ]  # fmt: skip
    forge.mark(f"unskip {WEB}")
    assert operations(settled(git, forge, BOTH, **around)) == [Operation.UPDATED]
    assert len(forge.found) == 1
    assert WEB in forge.found[0].body


def test_an_unskip_that_the_forge_refuses_is_told() -> None:
    git, forge, wanted = refused("refused")
    settled(git, forge, wanted)
    forge.mark("unskip")
    forge.fail = [ForgeError("no right")]
    done, _ = paged(git, forge, wanted)
    assert operations(done) == [Operation.FAILED, Operation.REFUSED]
    assert "it still refuses what was asked for: no right" in rows(forge, "Needs a person")[0]


def test_a_tick_set_during_the_run_stays_for_the_next() -> None:
    git, forge = Git(), Forge()
    settled(git, forge, BOTH, **ONE_AT_ONCE)
    done, _ = paged(git, forge, BOTH, lambda: forge.mark("open"), **ONE_AT_ONCE)
    assert operations(done) == [Operation.UNCHANGED, Operation.HELD]
    assert len(boxes.ticked(page(forge), boxes.DASHBOARD)) == 1
    assert operations(settled(git, forge, BOTH, **ONE_AT_ONCE)) == [
        Operation.UNCHANGED, Operation.CREATED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("author", "editor", "why"),
    [
        pytest.param("bumper", "eve", "eve may not write", id="a-strangers-tick"),
        pytest.param("eve", "ada", "ada may not write", id="a-strangers-page"),
        pytest.param("bumper", "unknown", "not known whether unknown may write", id="nobody-knows"),
    ],
)
def test_only_who_may_write_is_obeyed(author: str, editor: str, why: str) -> None:
    git, forge = Git(), Forge()
    settled(git, forge, BOTH, **ONE_AT_ONCE)
    assert forge.page is not None
    forge.page = replace(forge.page, author=author)
    forge.mark("open", editor)
    done, board = paged(git, forge, BOTH, **ONE_AT_ONCE)
    assert operations(done) == [Operation.UNCHANGED, Operation.HELD]
    assert len(board.notes) == 1
    assert why.split(" ", 1)[1] in board.notes[0]
    assert boxes.ticked(page(forge), boxes.DASHBOARD) == ()


def test_a_tick_that_could_not_be_heard_stays() -> None:
    git, forge = Git(), Forge()
    settled(git, forge, BOTH, **ONE_AT_ONCE)
    forge.mark("open")
    before = page(forge)
    forge.deaf = ForgeError("no answer")
    done, board = paged(git, forge, BOTH, **ONE_AT_ONCE)
    assert operations(done) == [Operation.UNCHANGED, Operation.HELD]
    assert [one.reason for one in board.problems] == ["no answer"]
    forge.deaf = None
    assert page(forge) == before
    assert operations(settled(git, forge, BOTH, **ONE_AT_ONCE))[-1] is Operation.CREATED


def test_an_answer_that_cannot_be_read_costs_no_pull_request() -> None:
    forge, board = Forge(deaf=ValueError("odd")), Board()
    asyncio.run(board.hear(forge))
    asyncio.run(board.show(forge, (), ()))
    (told,) = board.problems
    assert (told.path, told.code, "ValueError" in told.reason) == ("dashboard", "odd-answer", True)


def test_recheck_is_asked_for_and_done_with() -> None:
    git, forge = Git(), Forge()
    settled(git, forge, BOTH, now=TWO)
    forge.mark("recheck")
    _, board = paged(git, forge, BOTH, now=TWO)
    assert board.wanted("recheck") == {""}
    _, board = paged(git, forge, BOTH, now=TWO)
    assert board.wanted("recheck") == frozenset()


def test_a_killed_run_is_caught_up_with_at_every_write() -> None:
    def ordered() -> tuple[Git, Forge]:
        git, forge = Git(), Forge()
        paged(git, forge, BOTH, **ONE_AT_ONCE)
        forge.set(1, state=CLOSED)
        paged(git, forge, BOTH, **ONE_AT_ONCE)
        forge.mark("unskip")
        forge.mark("recheck")
        return git, forge

    git, forge = ordered()
    before = forge.writes
    paged(git, forge, BOTH, **ONE_AT_ONCE)
    whole = page(forge), [one.state for one in forge.found], git.tips
    assert forge.writes > before + 1
    for number in range(forge.writes - before):
        git, forge = ordered()
        forge.fail = [None] * number + [KeyboardInterrupt()]
        with pytest.raises(KeyboardInterrupt):
            paged(git, forge, BOTH, **ONE_AT_ONCE)
        forge.fail.clear()
        settled(git, forge, BOTH, **ONE_AT_ONCE)
        assert (page(forge), [one.state for one in forge.found], git.tips) == whole
