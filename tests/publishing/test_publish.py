"""The state machine of pull requests: every state of the forge with every wish, and then once more.

The forge and the branches are in memory; what they do with a real server, `test_line` shows.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bumper.errors import ForgeError
from bumper.messages import marker
from bumper.model import Operation
from bumper.publish import look
from bumper.publishing import refusals
from tests.publishing.scene import (
    BASE,
    BRANCH,
    CLOSED,
    MERGED,
    OPEN,
    Forge,
    Git,
    again,
    bumps,
    commit,
    ended,
    pull,
    request,
    run,
    told,
)

if TYPE_CHECKING:
    from bumper.model import Bump, PullRequest, PullRequestState

C, U, S, E = Operation.CREATED, Operation.UPDATED, Operation.UNCHANGED, Operation.EDITED
R, X, H = Operation.REFUSED, Operation.CLOSED, Operation.HELD
PERSON = "person:web=1.1:base1"
OURS, NEWER, OLDER = commit("1.1"), commit("1.2"), commit("1.0")
MINE = f"{told('1.1', OURS).body.partition(chr(10))[0]}\nmy words\n"
Done = tuple[list[Operation], str | None]
# The state of the forge (pull requests, the branch's commit), and what is done and where the branch is
# afterwards if 1.1 is wished for, if 1.2 is, if nothing is.
TABLE: dict[str, tuple[list[PullRequest], str | None, Done, Done, Done]] = {
    "nothing": ([], None, ([C], OURS), ([C], NEWER), ([], None)),
    "row-135-pushed-then-killed": ([], OURS, ([C], OURS), ([C], NEWER), ([], None)),
    "pushed-then-killed-and-the-base-moved": (
        [], commit("1.0", "base0"), ([C], OURS), ([C], NEWER), ([], None),
    ),
    "a-person-uses-our-branch-name": ([], PERSON, ([E], PERSON), ([E], PERSON), ([], PERSON)),
    "open": ([told("1.1", OURS)], OURS, ([S], OURS), ([U], NEWER), ([X], None)),
    "open-made-on-an-older-base": (
        [told("1.1", commit("1.1", "base0"))], commit("1.1", "base0"),
        ([S], commit("1.1", "base0")), ([U], NEWER), ([X], None),
    ),
    "open-for-an-older-tag": ([told("1.0", OLDER)], OLDER, ([U], OURS), ([U], NEWER), ([X], None)),
    "killed-between-push-and-telling": (
        [told("1.0", OLDER)], commit("1.1", "base0"),
        ([U], commit("1.1", "base0")), ([U], NEWER), ([X], None),
    ),
    "killed-then-something-newer": (
        [told("0.9", commit("0.9"))], commit("1.0", "base0"), ([U], OURS), ([U], NEWER), ([X], None),
    ),
    "row-139-a-person-committed": (
        [told("1.1", OURS)], PERSON, ([E], PERSON), ([E], PERSON), ([E], PERSON),
    ),
    "row-139-committed-on-an-older-tag": (
        [told("1.0", OLDER)], "person:web=1.0:base1",
        *((([E], "person:web=1.0:base1"),) * 3),
    ),
    "row-183-marker-broken": (
        [pull(1, "Hello", title="Bump web to 1.1")], OURS, ([U], OURS), ([U], NEWER), ([H], OURS),
    ),
    "row-183-closed-and-its-marker-broken": (
        [pull(1, "Hello", CLOSED, title="Bump web to 1.1", head=OURS)], OURS,
        ([R], OURS), ([C], NEWER), ([], None),
    ),
    "row-183-closed-its-marker-broken-and-the-base-moved": (
        [pull(1, "Hello", CLOSED, title="Bump web to 1.1", head=commit("1.1", "base0"))],
        commit("1.1", "base0"), ([R], commit("1.1", "base0")), ([C], NEWER), ([], None),
    ),
    "row-146-branch-deleted": ([told("1.1", OURS)], None, ([U], OURS), ([U], NEWER), ([X], None)),
    "row-178-closed-by-a-person": (
        [told("1.1", OURS, CLOSED)], OURS, ([R], OURS), ([C], NEWER), ([], None),
    ),
    "row-178-closed-and-the-branch-deleted": (
        [told("1.1", OURS, CLOSED)], None, ([R], None), ([C], NEWER), ([], None),
    ),
    "closed-by-a-person-for-an-older-tag": (
        [told("1.0", OLDER, CLOSED)], OLDER, ([C], OURS), ([C], NEWER), ([], None),
    ),
    "row-179-closed-by-us": ([ended("1.1")], None, ([C], OURS), ([C], NEWER), ([], None)),
    "merged-and-the-branch-kept": (
        [told("1.0", OLDER, MERGED)], OLDER, ([C], OURS), ([C], NEWER), ([], None),
    ),
    "row-180-merged-then-reverted": (
        [told("1.1", OURS, MERGED)], None, ([H], None), ([C], NEWER), ([], None),
    ),
    "row-182-retitled-and-reworded": (
        [replace(told("1.1", OURS), title="Mine", body=MINE)], OURS, ([S], OURS), ([U], NEWER), ([X], None),
    ),
    "row-182-labelled-to-hold": (
        [replace(told("1.1", OURS), labels=("bumper/hold",))], OURS, ([H], OURS), ([H], OURS), ([H], OURS),
    ),
    "row-182-retargeted": (
        [replace(told("1.1", OURS), base="release")], OURS, *((([H], OURS),) * 3),
    ),
    "row-194-what-it-went-into-is-gone": (
        [replace(told("1.1", commit("1.1", "base0")), base="gone")], commit("1.1", "base0"),
        ([U], OURS), ([U], NEWER), ([X], None),
    ),
    "row-194-what-it-went-into-is-gone-killed-on-the-way": (
        [replace(told("1.1", commit("1.1", "base0")), base="gone")], OURS, ([U], OURS), ([U], NEWER), ([X], None),
    ),
    "row-194-what-it-went-into-is-gone-and-a-person-committed": (
        [replace(told("1.1", OURS), base="gone")], PERSON, ([E], PERSON), ([E], PERSON), ([E], PERSON),
    ),
    "row-181-reopened-after-we-closed-it": (
        [replace(ended("1.1"), state=OPEN)], None, ([U], OURS), ([U], NEWER), ([X], None),
    ),
    "row-181-reopened-with-a-persons-commit": (
        [replace(ended("1.1"), state=OPEN)], PERSON, ([E], PERSON), ([E], PERSON), ([E], PERSON),
    ),
    "killed-while-closing": (
        [replace(ended("1.1"), state=OPEN)], OURS, ([U], OURS), ([U], NEWER), ([X], None),
    ),
    "closed-as-nobody-decided": (
        [ended("1.1", stale=True)], None, ([H], None), ([C], NEWER), ([], None),
    ),
    "skipped-by-its-box": (
        [replace(told("1.1", OURS), body=told("1.1", OURS).body.replace("- [ ] <!-- bumper:skip", "- [x] <!-- bumper:skip"))],
        OURS, ([R, R], OURS), ([U], NEWER), ([R], None),
    ),
    "closed-by-a-person-and-a-newer-one-is-open": (
        [told("1.0", OLDER, CLOSED), replace(told("1.1", OURS), number=2)], OURS,
        ([S], OURS), ([U], NEWER), ([X], None),
    ),
    "row-184-a-fork-with-our-branch": (
        [told("1.1", OURS, own=False)], None, ([C], OURS), ([C], NEWER), ([], None),
    ),
}  # fmt: skip
WISHES = ("1.1", "1.2", None)
PAIRS = [
    pytest.param(found, at, tag, *done, id=f"{state}-{tag}")
    for state, (found, at, *expected) in TABLE.items()
    for tag, done in zip(WISHES, expected, strict=True)
]


def wanted(tag: str | None) -> list[Bump]:
    return bumps(BASE, {"web": tag}) if tag else []


THREE = {"web": "1.0", "api": "1.0", "job": "1.0"}


def three() -> list[Bump]:
    return bumps(THREE, dict.fromkeys(THREE, "1.1"))


@pytest.mark.parametrize(("found", "at", "tag", "operations", "tip"), PAIRS)
def test_every_state_with_every_wish(
    found: list[PullRequest],
    at: str | None,
    tag: str | None,
    operations: list[Operation],
    tip: str | None,
) -> None:
    git, forge = Git({} if at is None else {BRANCH: at}), Forge(list(found))
    done = again(git, forge, wanted(tag))
    assert [one.operation for one in done] == operations, done
    assert git.tips.get(BRANCH) == tip
    assert len([one for one in forge.found if one.state is OPEN and one.own_head]) <= 1
    settled = {C: [S], U: [S], X: [], R: [R] if tag else []}
    assert [one.operation for one in run(git, forge, wanted(tag))] == (
        settled.get(operations[0], operations) if operations else []
    )


def test_row_182_what_a_person_wrote_stays() -> None:
    opened = told("1.0", OLDER)
    mine = replace(opened, title="Mine", body=f"{opened.body.partition(chr(10))[0]}\nmy words\n")
    forge = Forge([mine])
    again(Git({BRANCH: OLDER}), forge, wanted("1.1"))
    known, words = marker.read(forge.found[0].body)
    assert (forge.found[0].title, words.strip()) == ("Mine", "my words")
    again(Git({BRANCH: OURS}), forge, wanted("1.2"))
    assert ["both stay as they are" in one for one in forge.heard(1)] == [True], "said once"
    known, _ = marker.read(forge.found[0].body)
    assert known is not None
    assert known.targets == request("1.2").targets


@pytest.mark.parametrize("tag", ["1.1", None], ids=["something-newer", "nothing-wanted"])
def test_row_182_row_194_another_base_branch_is_somebodys_choice(tag: str | None) -> None:
    """A person retargeted it, or the base of the config is another one now."""
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.0"))
    forge.set(1, base="release")
    tips = dict(git.tips)
    (held,) = again(git, forge, wanted(tag))
    assert (held.operation, held.code, git.tips) == (H, "retargeted", tips)
    (told_once,) = forge.heard(1)
    assert "goes into `release`, while `main` is" in told_once
    assert forge.found[0].state is OPEN
    forge.set(1, base="main")
    assert [one.operation for one in again(git, forge, wanted(tag))] == [U if tag else X]


@pytest.mark.parametrize("by", ["comment", "box"])
def test_row_194_who_asks_for_it_has_it_made_anew_for_the_base(by: str) -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.0"))
    forge.set(1, base="release")
    git.tips[BRANCH] = commit("1.0", "base of release")
    again(git, forge, wanted("1.0"))
    if by == "box":
        forge.tick(1, "rebase")
    else:
        forge.tell(1, "bumper rebase")
    (done,) = run(git, forge, wanted("1.0"))
    assert (done.operation, git.tips) == (U, {BRANCH: OLDER})
    assert "it goes into main now" in done.reason
    assert (forge.found[0].base, forge.found[0].state) == ("main", OPEN)
    assert len(forge.heard(1)) == (2 if by == "comment" else 1)
    assert [one.operation for one in run(git, forge, wanted("1.0"))] == [S]


@pytest.mark.parametrize("tag", ["1.2", None], ids=["something-newer", "nothing-wanted"])
@pytest.mark.parametrize("state", [CLOSED, MERGED, "retargeted"])
def test_row_182_what_a_person_decided_meanwhile_counts(
    tag: str | None, state: PullRequestState | str
) -> None:
    """Between the list and the writing lies the time in which all registries are asked."""
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    tips, body = dict(git.tips), forge.found[0].body
    change = {"base": "release"} if state == "retargeted" else {"state": state}
    forge.meanwhile = lambda: forge.set(1, **change)
    (done,) = run(git, forge, wanted(tag))
    assert (done.operation, "while this run was at work" in done.reason) == (S, True)
    assert (git.tips, forge.found[0].body) == (tips, body)
    assert (
        change.items()
        <= {
            "base": forge.found[0].base,
            "state": forge.found[0].state,
        }.items()
    )
    assert forge.heard(1) == []
    (done,) = again(git, forge, wanted("1.1"))
    assert (done.operation, done.pull_request) == (R if state is CLOSED else H, forge.found[0])


def test_row_182_what_a_person_wrote_and_ticked_meanwhile_is_not_lost() -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))

    def edit() -> None:
        forge.set(1, title="Mine")
        forge.tick(1, "rebase")

    forge.meanwhile = edit
    assert [one.operation for one in run(git, forge, wanted("1.2"))] == [U]
    assert forge.found[0].title == "Mine"
    assert "- [x] <!-- bumper:rebase" in forge.found[0].body
    (done,) = again(git, forge, wanted("1.2"))
    assert (done.operation, done.reason[:10]) == (U, "made anew,")
    mine = f"{forge.found[0].body.partition(chr(10))[0]}\nmy words"
    forge.meanwhile = lambda: forge.set(1, body=mine)
    again(git, forge, [])
    assert marker.read(forge.found[0].body)[1].strip() == "my words"


@pytest.mark.parametrize("tag", ["1.2", None])
def test_row_182_a_label_that_holds_from_now_on_holds(tag: str | None) -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    tips = dict(git.tips)
    forge.meanwhile = lambda: forge.set(1, labels=("bumper/hold",))
    (done,) = run(git, forge, wanted(tag))
    assert (done.operation, done.code, git.tips) == (H, "held", tips)
    assert forge.found[0].state is OPEN


def test_row_139_what_was_pushed_to_meanwhile_is_not_closed() -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    forge.set(1, head=OURS)

    def push() -> None:
        git.tips[BRANCH] = PERSON
        forge.set(1, head=PERSON)

    forge.meanwhile = push
    assert [one.operation for one in run(git, forge, [])] == [S]
    assert [one.operation for one in again(git, forge, [])] == [E]
    assert (git.tips, forge.found[0].state) == ({BRANCH: PERSON}, OPEN)


@pytest.mark.parametrize("how", ["commit", "base"])
def test_row_181_what_we_closed_and_a_person_took_over_is_refused_by_closing_it(how: str) -> None:
    git, forge = Git({BRANCH: PERSON if how == "commit" else OURS}), Forge([ended("1.1")])
    forge.set(1, state=OPEN, **({"base": "release"} if how == "base" else {}))
    again(git, forge, wanted("1.1"))
    forge.set(1, state=CLOSED)
    git.tips.clear()
    assert [one.operation for one in again(git, forge, wanted("1.1"))] == [R]


def test_row_163_something_newer_moves_the_same_pull_request() -> None:
    git, forge = Git(), Forge()
    for tag in ("1.0", "1.1", "1.2"):
        again(git, forge, wanted(tag))
        assert [(one.number, one.title) for one in forge.found] == [
            (1, f"Bump web 0.8 to {tag} (minor)")
        ]
    assert git.tips == {BRANCH: NEWER}


def test_row_193_what_is_in_a_merge_queue_is_not_pushed_to() -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.0"))
    tips, writes, forge.queued = dict(git.tips), forge.writes, {1}
    (held,) = again(git, forge, wanted("1.1"))
    assert (held.operation, held.code, git.tips, forge.writes) == (H, "queued", tips, writes)
    forge.queued = set()
    assert [one.operation for one in again(git, forge, wanted("1.1"))] == [U]


def test_row_161_words_that_would_differ_are_no_reason_to_write() -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    writes = forge.writes
    older = [replace(one, age_seconds=99, age_source="registry") for one in wanted("1.1")]
    assert [one.operation for one in run(git, forge, older)] == [S]
    assert forge.writes == writes


def test_row_162_done_on_the_base_by_hand_it_is_closed_with_the_reason() -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    (done,) = again(git, forge, [])
    assert (done.operation, done.code, git.tips) == (X, "obsolete", {})
    assert "Closed by bumper: no longer wanted: the base has these versions" in forge.heard(1)[0]


def test_row_183_words_without_a_marker_stay_and_get_one() -> None:
    forge = Forge([pull(1, "Opened by hand", title="Mine")])
    again(Git({BRANCH: OURS}), forge, wanted("1.1"))
    known, words = marker.read(forge.found[0].body)
    assert (forge.found[0].title, words.strip()) == ("Mine", "Opened by hand")
    assert known is not None
    assert known.head == OURS


@pytest.mark.parametrize("why", ["unknown", "held", "committed", "retargeted", "unmarked"])
def test_row_199_what_is_not_wanted_but_stays_open_counts(why: str) -> None:
    git, forge = Git(), Forge()
    web, others = three()[2:], three()[:2]
    assert web[0].use.reference.repository == "acme/job"
    settings = {"limit": 2}
    run(git, forge, web, THREE, settings=settings)
    if why == "held":
        forge.set(1, labels=("Bumper/Hold",))
    if why == "committed":
        git.tips[forge.found[0].branch] = "person:job=1.1:base1"
    if why == "retargeted":
        forge.set(1, base="release")
    if why == "unmarked":
        forge.set(1, body="mine")
    unknown = web if why == "unknown" else []
    done = again(git, forge, others, now=THREE, settings=settings, unknown=unknown)
    assert [one.operation for one in done if one.request] == [C, H]
    assert [one.state for one in forge.found] == [OPEN, OPEN]


@pytest.mark.parametrize(
    ("state", "operation", "code"),
    [(OPEN, H, "elsewhere"), (CLOSED, R, "refused"), (MERGED, H, "reverted")],
    ids=["open", "closed", "merged-and-taken-back"],
)
def test_another_prefix_offers_nothing_twice_and_nothing_that_was_refused(
    state: PullRequestState, operation: Operation, code: str
) -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    forge.set(1, state=state)
    done = again(git, forge, wanted("1.1"), prefix="bots/")
    assert [(one.operation, one.code) for one in done] == [(operation, code)]
    assert [one.operation for one in again(git, forge, wanted("1.2"), prefix="bots/")] == [C]


def test_another_prefix_of_another_place_or_another_base_is_somebody_elses() -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))
    forge.set(1, base="release")
    assert [one.operation for one in again(git, forge, wanted("1.1"), prefix="bots/")] == [C]
    forge.set(1, base="main")
    there = [replace(one, use=replace(one.use, path="other.yaml")) for one in wanted("1.1")]
    forge.set(2, state=CLOSED, body="")
    del git.tips["bots/" + BRANCH.removeprefix("bumper/")]
    offered, refused = refusals.sift(
        there,
        "image",
        asyncio.run(look("bots/", git, forge)),
        "main",
    )
    assert (list(offered), refused) == (there, ())


STAYS = ["committed", "labelled", "asked-to-wait"]


@pytest.mark.parametrize("why", STAYS)
def test_row_163_what_stays_is_not_offered_a_second_time_by_another_grouping(why: str) -> None:
    """One for each image becomes one for all, while a person keeps one of them."""
    git, forge, now = Git(), Forge(), datetime(2026, 3, 4, tzinfo=UTC)
    one_each: dict[str, Any] = {"now": THREE, "moment": now}
    run(git, forge, three(), **one_each)
    mine = next(one for one in forge.found if "web" in one.title)
    if why == "committed":
        git.tips[mine.branch] = "person:web=1.1:base1"
    elif why == "labelled":
        forge.set(mine.number, labels=("bumper/hold",))
    elif why == "asked-to-wait":
        forge.tell(mine.number, "bumper hold 2w", at=now)
        run(git, forge, three(), **one_each)
    done = again(git, forge, three(), settings={"per": "all"}, **one_each)
    standing = [one for one in forge.found if one.state is OPEN]
    targets = [told for one in standing for told in marker.read(one.body)[0].targets]  # type: ignore[union-attr] # ours have one
    assert (len(standing), len(targets), len(set(targets))) == (2, 3, 3)
    (told,) = [one.reason for one in done if one.code == "elsewhere"]
    assert f"#{mine.number} brings this and stays as it is" in told


def test_row_163_what_is_unknown_stays_and_the_rest_of_it_is_not_offered_a_second_time() -> None:
    """One for all becomes one for each image, while nobody can say what is newest of one of them."""
    git, forge = Git(), Forge()
    run(git, forge, three(), THREE, settings={"per": "all"})
    known = [one for one in three() if "web" not in one.target]
    lost = [one for one in three() if one not in known]
    again(git, forge, known, now=THREE, unknown=lost)
    assert [one.state for one in forge.found] == [OPEN]
    done = again(git, forge, three(), now=THREE)
    assert [one.operation for one in done] == [C, C, C, X]


def test_row_163_regrouped_is_said_so_and_nothing_is_closed_without_its_successor() -> None:
    git, forge = Git(), Forge()
    run(git, forge, three(), THREE)
    forge.fail = [ForgeError("no")]
    everything: dict[str, Any] = {"now": THREE, "settings": {"per": "all"}}
    done = run(git, forge, three(), **everything)
    assert [one.operation for one in done] == [Operation.FAILED, H, H, H]
    assert [one.state for one in forge.found] == [OPEN] * 3
    assert [one.operation for one in again(git, forge, three(), **everything)] == [C, X, X, X]
    assert "grouped in another way" in forge.heard(1)[0]


def test_a_list_that_grew_while_it_was_read_shows_one_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git, forge = Git(), Forge()
    run(git, forge, wanted("1.1"))

    async def twice(prefix: str, mark: str) -> tuple[PullRequest, ...]:
        assert prefix
        assert mark
        return forge.found[0], forge.found[0]

    monkeypatch.setattr(forge, "pull_requests", twice)
    assert [one.operation for one in run(git, forge, [])] == [X]
    assert len(forge.heard(1)) == 1


def test_row_199_what_the_limit_keeps_back_is_told() -> None:
    git, forge = Git(), Forge()
    done = again(git, forge, three(), now=THREE, settings={"limit": 2})
    assert [one.operation for one in done] == [C, C, H]
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
    done = run(git, forge, three(), THREE)
    assert [one.operation for one in done] == [Operation.FAILED, C, C]
    assert done[0].reason
    assert [one.operation for one in again(git, forge, three(), now=THREE)] == [C, S, S]


def test_row_141_a_protected_branch_is_told() -> None:
    done = run(Git(refuse=True), Forge(), wanted("1.1"))
    assert [(one.operation, one.reason) for one in done] == [(Operation.FAILED, "protected branch")]


@pytest.mark.parametrize(
    "around",
    [
        pytest.param({"unknown": wanted("1.1")}, id="row-221-image-unknown"),
        pytest.param({"whole": False}, id="only-a-part-was-read"),
    ],
)
def test_what_was_not_looked_up_stays_open(around: dict[str, Any]) -> None:
    git, forge = Git({BRANCH: OLDER}), Forge([told("1.0", OLDER)])
    assert run(git, forge, [], **around) == ()
    assert (git.writes, forge.writes) == (0, 0)


def test_what_belongs_to_a_pull_request_is_set_once_and_what_could_not_is_told_once() -> None:
    git, forge = Git(), Forge(notes=["reviewer nobody not set"])
    done = run(git, forge, wanted("1.1"))
    assert [(one.operation, one.reason) for one in done] == [(C, "reviewer nobody not set")]
    done = run(git, forge, wanted("1.1"))
    assert [(one.operation, one.reason) for one in done] == [(S, "")]
    assert [number for number, _ in forge.furnished] == [1]


def test_the_ledger_is_never_swept() -> None:
    git = Git({"bumper/ledger": OLDER, BRANCH: OLDER})
    run(git, Forge(), [])
    assert git.tips == {"bumper/ledger": OLDER}
