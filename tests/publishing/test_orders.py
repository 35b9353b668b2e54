"""What people ask for below a pull request: what is a command, who is obeyed, and each thing done once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bumper.errors import ForgeError
from bumper.messages import marker, said
from bumper.model import Comment, Level, Operation, Policy, Setting
from bumper.publishing import orders
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
    told,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.messages.marker import Marker
    from bumper.model import Bump, Published

OURS, NEWER, PERSON = commit("1.1"), commit("1.2"), "person:web=1.1:base1"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WEB = "docker.io/acme/web=1.1"


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        pytest.param("bumper rebase", ["rebase"], id="alone"),
        pytest.param("Please:\r\n  Bumper  Rebase  \r\nthanks", ["rebase"], id="a-line-of-its-own"),
        pytest.param("@bumper skip", ["skip"], id="as-a-mention"),
        pytest.param("bumper skip major", ["skip-major"], id="two-words"),
        pytest.param("bumper hold 2w\nbumper explain", ["hold 2w", "explain"], id="two-commands"),
        pytest.param("bumper hold", ["hold"], id="no-length"),
        pytest.param("> bumper skip", [], id="quoted"),
        pytest.param("```\nbumper skip\n```", [], id="in-a-code-block"),
        pytest.param("    bumper skip", [], id="as-code"),
        pytest.param("bumper skip it all", [], id="more-words"),
        pytest.param("why does bumper skip", [], id="within-a-sentence"),
        pytest.param("bumper merge", [], id="no-command"),
        pytest.param("\n".join(["bumper explain"] * 99), ["explain"] * 10, id="not-without-end"),
    ],
)
def test_what_is_a_command(text: str, verbs: list[str]) -> None:
    found = orders.of_comment(Comment("7", "ada", text))
    assert [f"{one.verb} {one.what}".strip() for one in found] == verbs


def scene(tip: str = OURS) -> tuple[Git, Forge]:
    return Git({BRANCH: tip}), Forge([told("1.1", OURS)])


def wanted(tag: str = "1.1", level: Level = Level.MINOR) -> list[Bump]:
    return bumps(BASE, {"web": tag}, level)


def known(forge: Forge, number: int = 1) -> Marker:
    found, _ = marker.read(forge.found[number - 1].body)
    assert found is not None
    return found


def operations(done: Sequence[Published]) -> list[Operation]:
    return [one.operation for one in done]


def test_row_139_who_committed_is_told_once() -> None:
    git, forge = scene(PERSON)
    again(git, forge, wanted())
    again(git, forge, wanted("1.2"))
    again(git, forge, [])
    assert len(forge.heard(1)) == 1
    assert "This branch holds commits that bumper did not make" in forge.heard(1)[0]
    assert git.tips == {BRANCH: PERSON}


def test_rebase_and_only_rebase_takes_a_persons_commit_away() -> None:
    git, forge = scene(PERSON)
    forge.tell(1, "bumper recheck")
    assert operations(again(git, forge, wanted())) == [Operation.EDITED]
    assert git.tips == {BRANCH: PERSON}
    forge.tell(1, "bumper rebase")
    done = again(git, forge, wanted("1.2"))
    assert operations(done) == [Operation.UPDATED]
    assert done[0].reason == "made anew, as ada asked"
    assert git.tips == {BRANCH: NEWER}
    assert "Made anew on the base branch, as ada asked" in forge.heard(1)[-1]
    assert known(forge).targets == ("docker.io/acme/web=1.2",)
    git.tips[BRANCH] = PERSON
    assert operations(again(git, forge, wanted("1.2"))) == [Operation.EDITED], "asked for once"
    assert len(forge.heard(1)) == 4, "told of the new commits too"


@pytest.mark.parametrize("way", ["comment", "box"])
def test_row_193_a_rebase_waits_until_the_merge_queue_is_left(way: str) -> None:
    git, forge = scene(PERSON)
    if way == "box":
        forge.tick(1, "rebase")
    else:
        forge.tell(1, "bumper rebase")
    forge.queued = {1}
    assert [one.code for one in again(git, forge, wanted())] == ["queued"]
    assert (git.tips, forge.heard(1)) == ({BRANCH: PERSON}, []), "not said to be done"
    forge.queued = set()
    assert operations(again(git, forge, wanted())) == [Operation.UPDATED]
    assert git.tips == {BRANCH: OURS}


def test_row_182_a_title_of_a_persons_survives_a_rebase() -> None:
    git, forge = scene(PERSON)
    forge.set(1, title="Mine")
    forge.tell(1, "bumper rebase")
    assert operations(again(git, forge, wanted("1.2"))) == [Operation.UPDATED]
    assert (forge.found[0].title, git.tips) == ("Mine", {BRANCH: NEWER})


@pytest.mark.parametrize(
    ("author", "obeyed"),
    [
        pytest.param("eve", True, id="a-stranger-is-not-believed"),
        pytest.param("bumper", False, id="we-are"),
        pytest.param("ada", False, id="an-account-that-may-write-may-have-been-ours"),
        pytest.param("old[bot]", False, id="so-may-an-app"),
        pytest.param("unknown", False, id="where-nobody-tells-nothing-is-said-twice"),
    ],
)
def test_row_184_a_strangers_copy_of_our_hidden_line_silences_nothing(
    author: str,
    obeyed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    git, forge = scene(PERSON)
    number = forge.tell(1, "bumper rebase")
    forge.tell(1, said.write("ha", [f"done {number}", f"edited {OURS[:12]}"]), author)
    again(git, forge, wanted())
    assert (git.tips == {BRANCH: OURS}) is obeyed
    assert bool([one for one in forge.heard(1) if "ada asked" in one]) is obeyed


def test_the_box_rebases_and_is_empty_again() -> None:
    git, forge = scene(PERSON)
    forge.tick(1, "rebase")
    assert operations(again(git, forge, wanted())) == [Operation.UPDATED]
    assert git.tips == {BRANCH: OURS}
    assert "- [x]" not in forge.found[0].body


def test_row_181_skip_is_closing_and_reopening_takes_it_back() -> None:
    git, forge = scene()
    forge.tell(1, "bumper skip")
    done = again(git, forge, wanted())
    assert operations(done) == [Operation.REFUSED]
    assert forge.found[0].state is CLOSED
    assert "these versions are not offered again" in forge.heard(1)[-1]
    assert operations(again(git, forge, wanted())) == [Operation.REFUSED]
    forge.set(1, state=OPEN)
    assert operations(again(git, forge, wanted())) == [Operation.UNCHANGED]
    forge.tell(1, "bumper skip")
    again(git, forge, wanted())
    assert operations(again(git, forge, wanted("1.2"))) == [Operation.CREATED]


def test_the_box_skips_one_row_of_a_group_and_it_stays_skipped() -> None:
    three = {"web": "1.0", "api": "1.0", "job": "1.0"}
    rows = bumps(three, dict.fromkeys(three, "1.1"))
    settings = {"per": "all"}
    git, forge = Git(), Forge()
    run(git, forge, rows, three, settings=settings)
    forge.tick(1, f"skip {WEB}")
    done = again(git, forge, rows, now=three, settings=settings)
    assert operations(done) == [Operation.UPDATED, Operation.REFUSED]
    assert (done[1].code, [one.target for one in done[1].request.bumps]) == ("skipped", [WEB])  # type: ignore[union-attr] # a row has one
    assert known(forge).skipped == (WEB,)
    assert list(git.tips.values()) == ["ours:web=1.0,api=1.1,job=1.1:base1"]
    # And when it is merged.
    forge.set(1, state="merged")
    now = {"web": "1.0", "api": "1.1", "job": "1.1"}
    done = again(git, forge, bumps(now, {"web": "1.1"}), now=now, settings=settings)
    assert [(one.operation, one.code) for one in done] == [(Operation.REFUSED, "skipped")]
    # The last rows: the pull request is closed as refused.
    git, forge = Git(), Forge()
    run(git, forge, rows, three, settings=settings)
    for bump in rows:
        forge.tick(1, f"skip {bump.target}")
    done = again(git, forge, rows, now=three, settings=settings)
    assert forge.found[0].state is CLOSED
    assert "- [x]" not in forge.found[0].body, "it would be closed again when it is reopened"
    forge.set(1, state=OPEN)
    assert operations(again(git, forge, rows, now=three, settings=settings)) == [
        Operation.UNCHANGED
    ]


def test_row_200_what_was_skipped_stays_skipped_when_it_is_grouped_in_another_way() -> None:
    """The box is ticked and the config changed before the next run: the group is closed, its skip is not lost."""
    three = {"web": "1.0", "api": "1.0", "job": "1.0"}
    rows = bumps(three, dict.fromkeys(three, "1.1"))
    git, forge = Git(), Forge()
    run(git, forge, rows, three, settings={"per": "all"})
    forge.tick(1, f"skip {WEB}")
    done = again(git, forge, rows, now=three)
    assert [(one.operation.value, one.code) for one in done] == [
        ("created", ""), ("created", ""), ("closed", "obsolete"), ("refused", "skipped"),
    ]  # fmt: skip
    assert not [one for one in forge.found if one.state is OPEN and "web" in one.branch]
    # Reopened, the group comes back without it.
    forge.set(2, state=CLOSED)
    forge.set(3, state=CLOSED)
    git.tips[forge.found[0].branch] = "ours:web=1.1,api=1.1,job=1.1:base1"
    forge.set(1, state=OPEN)
    again(git, forge, bumps(three, dict.fromkeys(three, "1.2")), now=three, settings={"per": "all"})
    assert known(forge).targets == tuple(
        f"docker.io/acme/{one}=1.2" for one in ("api", "job", "web")
    )


@pytest.mark.parametrize("way", ["comment", "box", "by hand while it rests"])
def test_row_181_reopened_after_we_closed_it_it_can_be_refused(way: str) -> None:
    git, forge = scene()
    again(git, forge, [])
    assert known(forge).ended
    git.tips = {BRANCH: OURS}
    forge.set(1, state=OPEN)
    if way == "box":
        forge.tick(1, f"skip {WEB}")
    elif way == "comment":
        forge.tell(1, "bumper skip")
    else:
        forge.set(1, labels=("bumper/hold",))
        assert operations(again(git, forge, wanted())) == [Operation.HELD]
        forge.set(1, state=CLOSED)
    run(git, forge, wanted())
    assert forge.found[0].state is CLOSED
    assert operations(again(git, forge, wanted())) == [Operation.REFUSED]


@pytest.mark.parametrize("way", ["comment", "box"])
def test_skip_major_keeps_every_major_of_the_image_away(way: str) -> None:
    git, forge = Git(), Forge()
    major = wanted("2.0", Level.MAJOR)
    run(git, forge, major)
    if way == "box":
        forge.tick(1, "skip-major docker.io/acme/web")
    else:
        forge.tell(1, "bumper skip major")
    assert operations(again(git, forge, major)) == [Operation.REFUSED]
    newer = again(git, forge, wanted("3.0", Level.MAJOR))
    assert [(one.operation, one.code) for one in newer] == [(Operation.REFUSED, "no-majors")]
    assert operations(again(git, forge, wanted("1.2"))) == [Operation.CREATED], "no major"
    forge.set(1, state=OPEN)
    assert Operation.UPDATED in operations(again(git, forge, wanted("3.0", Level.MAJOR)))


def test_skip_major_below_a_minor_is_answered() -> None:
    git, forge = scene()
    forge.tell(1, "bumper skip major")
    assert operations(again(git, forge, wanted())) == [Operation.UNCHANGED]
    assert "This is no major" in forge.heard(1)[-1]


def test_hold_rests_until_its_end_and_rebase_ends_it() -> None:
    git, forge = scene()
    forge.tell(1, "bumper hold 2w", at=NOW)
    done = again(git, forge, wanted("1.2"), moment=NOW + timedelta(hours=1))
    assert [(one.operation, one.code) for one in done] == [(Operation.HELD, "held")]
    assert "until 2026-12-09 12:00 UTC" in done[0].reason
    assert forge.heard(1)[-1].endswith("`bumper rebase` ends that.")
    assert operations(again(git, forge, [], moment=NOW + timedelta(days=1))) == [Operation.HELD]
    assert git.tips == {BRANCH: OURS}
    assert operations(again(git, forge, wanted("1.2"), moment=NOW + timedelta(days=14))) == [Operation.UPDATED]  # fmt: skip
    forge.tell(1, "bumper hold 3d", at=NOW + timedelta(days=14))
    again(git, forge, wanted("1.2"), moment=NOW + timedelta(days=14))
    forge.tell(1, "bumper rebase")
    assert operations(again(git, forge, wanted("1.2"), moment=NOW + timedelta(days=15))) == [Operation.UPDATED]  # fmt: skip
    assert known(forge).held == ""


@pytest.mark.parametrize("words", ["bumper hold", "bumper hold soon", "bumper hold 99999w"])
def test_hold_without_a_length_is_answered_once(words: str) -> None:
    git, forge = scene()
    forge.tell(1, words)
    assert operations(again(git, forge, wanted(), moment=NOW)) == [Operation.UNCHANGED]
    assert len(forge.heard(1)) == 1
    assert "For how long?" in forge.heard(1)[0]


@pytest.mark.parametrize("label", ["bumper/hold", "Bumper/Hold"])
def test_row_182_the_label_holds(label: str) -> None:
    git, forge = scene()
    forge.set(1, labels=("bumper", label))
    done = again(git, forge, wanted("1.2"))
    assert (done[0].operation, "the label bumper/hold" in done[0].reason) == (Operation.HELD, True)
    assert operations(again(git, forge, [])) == [Operation.HELD]
    assert (git.writes, len(forge.heard(1))) == (0, 1), "said once"
    forge.set(1, labels=())
    assert operations(again(git, forge, wanted("1.2"))) == [Operation.UPDATED]
    assert forge.found[0].labels == (), "a label that a person took away stays away"


def test_explain_and_recheck_are_answered_once() -> None:
    git, forge = scene()
    forge.tell(1, "bumper explain\nbumper recheck")
    assert operations(again(git, forge, wanted())) == [Operation.UNCHANGED]
    assert len(forge.heard(1)) == 1
    assert (
        "- acme/web `1.1`: newer, by defaults; every verdict: `bumper explain" in forge.heard(1)[0]
    )
    assert "acme/web `1.1` is the newest that is allowed" in forge.heard(1)[0]


@pytest.mark.parametrize(
    "author",
    [
        pytest.param("eve", id="a-stranger"),
        pytest.param("github-actions[bot]", id="an-app-may-repeat-a-strangers-words"),
        pytest.param("", id="an-account-that-is-gone"),
    ],
)
def test_row_184_only_who_may_write_is_obeyed(author: str) -> None:
    git, forge = scene(PERSON)
    again(git, forge, wanted())
    for command in ("rebase", "skip", "hold 2w", "explain"):
        forge.tell(1, f"bumper {command}", author)
    assert operations(again(git, forge, wanted())) == [Operation.EDITED]
    assert (git.tips, len(forge.heard(1))) == ({BRANCH: PERSON}, 1)


def test_row_184_the_boxes_of_a_strangers_pull_request_do_nothing() -> None:
    git, forge = scene(PERSON)
    forge.tick(1, "rebase")
    forge.set(1, author="eve")
    assert operations(again(git, forge, wanted())) == [Operation.EDITED]
    assert git.tips == {BRANCH: PERSON}


def test_who_cannot_be_asked_for_is_not_obeyed_and_that_is_told() -> None:
    git, forge = scene()
    forge.tell(1, "bumper skip", "unknown")
    (done,) = again(git, forge, wanted())
    assert done.operation is Operation.UNCHANGED
    assert "not known whether unknown may write" in done.reason


def test_what_cannot_be_heard_is_told_and_nothing_is_said() -> None:
    git, forge = scene(PERSON)
    forge.deaf = ForgeError("no right")
    (done,) = again(git, forge, wanted())
    assert (done.operation, "comments and boxes are not read: no right" in done.reason) == (
        Operation.EDITED,
        True,
    )
    assert forge.heard(1) == []


ORDERS = ["bumper rebase", "bumper skip", "bumper hold 2w", "bumper explain", "bumper skip major"]


@pytest.mark.parametrize("command", ORDERS)
def test_row_137_a_command_of_a_killed_run_is_done_by_the_next(command: str) -> None:
    """At each write once: the next run ends where an undisturbed one does, and says nothing twice."""
    major = wanted("2.0", Level.MAJOR)

    def ordered() -> tuple[Git, Forge]:
        git, forge = Git(), Forge()
        run(git, forge, major, moment=NOW)
        forge.tell(1, command, at=NOW)
        return git, forge

    git, forge = ordered()
    before = forge.writes
    run(git, forge, major, moment=NOW)
    whole = forge.found[0].state, known(forge), git.tips, len(forge.heard(1))
    for number in range(forge.writes - before):
        git, forge = ordered()
        forge.fail = [None] * number + [KeyboardInterrupt()]
        with pytest.raises(KeyboardInterrupt):
            run(git, forge, major, moment=NOW)
        forge.fail.clear()
        again(git, forge, major, moment=NOW)
        after = forge.found[0].state, known(forge), git.tips
        assert after == whole[:3]
        assert len(forge.heard(1)) == whole[3], "said once, and not lost"


def test_a_key_survives_the_comment_it_stands_in() -> None:
    keys = ("done 12", "edited --> <b>", "closed 0a1b2c")
    text = said.write("words", keys)
    assert said.read(text) == tuple(said.plain(key) for key in keys)
    assert text.count("-->") == 3
    assert said.read("<!-- bumper-said x") == ()


def test_a_policy_is_named_in_an_explanation_without_its_markup() -> None:
    git, forge = scene()
    forge.tell(1, "bumper explain")
    again(git, forge, bumps(BASE, {"web": "1.1"}, policy=Policy(rule="rules[1] @ada #1 closes #2")))
    assert "@ada" not in forge.heard(1)[0]
    assert "#2" not in forge.heard(1)[0]


def test_what_rests_is_not_merged_by_the_forge_either() -> None:
    git, forge = Git(), Forge()
    policy = Policy(said=(Setting("automerge", "minor", "rules"),))
    old = bumps(BASE, {"web": "1.1"}, policy=policy)
    rows = [replace(one, age_seconds=9 * 86_400) for one in old]
    again(git, forge, rows, moment=NOW)
    assert forge.merges == [(1, True)]
    forge.tell(1, "bumper hold 2w", at=NOW)
    again(git, forge, rows, moment=NOW)
    assert forge.merges == [(1, True), (1, False)]
    again(git, forge, rows, moment=NOW + timedelta(days=15))
    assert forge.merges[2:] == [(1, True)]
