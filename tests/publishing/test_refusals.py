"""What is not offered: what a person closed, row by row, and what was taken back on the base."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bumper.messages import marker
from bumper.messages.marker import Marker
from bumper.model import Bump, Level, Operation, Policy, PullRequest
from bumper.publishing import refusals, standing
from tests.publishing.scene import CLOSED, MERGED, OPEN, Forge, Git, again, bumps, run
from tests.support import use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Published, PullRequestState

THREE = {"web": "1.0", "api": "1.0", "job": "1.0"}
NEW = dict.fromkeys(THREE, "1.1")
ALL: dict[str, object] = {"settings": {"per": "all"}}


def told(done: Sequence[Published]) -> list[tuple[str, list[str]]]:
    """What was done, with the rows it was done for."""
    return [
        (one.operation.value, sorted(b.target.partition("/acme/")[2] for b in one.request.bumps))
        for one in done
        if one.request is not None
    ]


def grouped() -> tuple[Git, Forge]:
    """Three images in one pull request."""
    git, forge = Git(), Forge()
    again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    assert [one.state for one in forge.found] == [OPEN]
    return git, forge


def test_row_178_closing_a_group_refuses_each_of_its_rows() -> None:
    git, forge = grouped()
    forge.set(1, state=CLOSED)
    done = again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    assert told(done) == [("refused", ["api=1.1", "job=1.1", "web=1.1"])]
    assert done[0].pull_request is not None
    assert done[0].pull_request.number == 1
    assert (done[0].code, "#1 was closed by a person" in done[0].reason) == ("refused", True)


def test_row_200_a_group_with_refused_rows_is_proposed_without_them() -> None:
    git, forge = grouped()
    forge.set(1, state=CLOSED)
    newer = bumps(THREE, {**NEW, "job": "1.2"})
    done = again(git, forge, newer, now=THREE, **ALL)
    assert told(done) == [("created", ["job=1.2"]), ("refused", ["api=1.1", "web=1.1"])]
    (tip,) = git.tips.values()
    assert tip == "ours:web=1.0,api=1.0,job=1.2:base1"
    known, _ = marker.read(forge.found[1].body)
    assert known is not None
    assert known.targets == ("docker.io/acme/job=1.2",)


def test_row_200_a_member_that_is_withdrawn_leaves_the_group() -> None:
    git, forge = grouped()
    done = again(git, forge, bumps(THREE, {"web": "1.1", "api": "1.1"}), now=THREE, **ALL)
    assert told(done) == [("updated", ["api=1.1", "web=1.1"])]


def test_row_181_reopened_is_offered_again() -> None:
    git, forge = grouped()
    forge.set(1, state=CLOSED)
    again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    forge.set(1, state=OPEN)
    done = again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    assert told(done) == [("unchanged", ["api=1.1", "job=1.1", "web=1.1"])]


def test_row_181_reopened_and_then_merged_is_no_refusal_of_what_comes() -> None:
    git, forge = grouped()
    forge.set(1, state=CLOSED)
    again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    forge.set(1, state=MERGED)
    done = again(git, forge, bumps(NEW, dict.fromkeys(THREE, "1.2")), now=NEW, **ALL)
    assert told(done) == [("created", ["api=1.2", "job=1.2", "web=1.2"])]


def test_what_was_refused_alone_is_refused_in_a_group() -> None:
    git, forge = Git(), Forge()
    again(git, forge, bumps(THREE, NEW), now=THREE)
    (web,) = (one.number for one in forge.found if " web " in one.title)
    forge.set(web, state=CLOSED)
    done = again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    assert told(done) == [("created", ["api=1.1", "job=1.1"]), ("refused", ["web=1.1"])]


def test_row_180_what_was_taken_back_waits_for_something_newer() -> None:
    git, forge = Git(), Forge()
    again(git, forge, bumps(THREE, NEW), now=THREE)
    forge.set(1, state=MERGED)
    row = forge.found[0].title.split()[1]
    git.tips.clear()
    # Merged, and the base has it.
    now = {**THREE, row: "1.1"}
    others = {name: "1.1" for name in THREE if name != row}
    assert row not in str(told(again(git, forge, bumps(now, others), now=now)))
    # Reverted: the base is where it was.
    done = again(git, forge, bumps(THREE, NEW), now=THREE)
    held = [one for one in done if one.operation is Operation.HELD]
    assert told(held) == [("held", [f"{row}=1.1"])]
    assert (held[0].code, held[0].pull_request) == ("reverted", forge.found[0])
    assert "#1 brought this and it was taken back" in held[0].reason
    # Something newer.
    done = again(git, forge, bumps(THREE, {**NEW, row: "1.2"}), now=THREE)
    assert ("created", [f"{row}=1.2"]) in told(done)


def test_a_person_who_moves_forward_takes_nothing_back() -> None:
    """1.1 was merged, the base has 1.2 by hand, 1.3 appears: nothing is held."""
    git, forge = Git(), Forge()
    again(git, forge, bumps({"web": "1.0"}, {"web": "1.1"}), now={"web": "1.0"})
    forge.set(1, state=MERGED)
    done = again(git, forge, bumps({"web": "1.2"}, {"web": "1.3"}), now={"web": "1.2"})
    assert told(done) == [("created", ["web=1.3"])]


def one(
    key: str, *targets: str, state: PullRequestState = CLOSED, number: int = 1, places: tuple[str, ...] = (),
    ended: bool = False,
) -> PullRequest:  # fmt: skip
    mark = marker.write(Marker(key, tuple(targets), "", places=places, ended=ended))
    return PullRequest(number, "u", state, "bumper/x-0a1b2c3d", "", "main", "t", f"{mark}\n")


def bump(written: str, new: str, path: str = "a/compose.yaml", digest: str | None = None, **policy: object) -> Bump:  # fmt: skip
    level = Level.DIGEST if digest else Level.MINOR
    tag = None if digest else new
    return Bump(use(written, path), replace(Policy(), **policy), tag, digest, level, "c", "r")  # type: ignore[arg-type] # any field


WEB = "docker.io/acme/web=1.1"
HERE = bump("acme/web:1.0", "1.1")
THERE = bump("acme/web:1.0", "1.1", "b/compose.yaml")
A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
PLACE = marker.places([HERE.use])
RULED = [
    pytest.param([one("acme/web", WEB)], "image", [HERE], ["refused"], id="closed"),
    pytest.param([one("acme/web", WEB, ended=True)], "image", [HERE], [], id="closed-by-us"),
    pytest.param([one("acme/web", WEB, state=OPEN)], "image", [HERE], [], id="open"),
    pytest.param([one("acme/web", "docker.io/acme/web=1.0.9")], "image", [HERE], [], id="another-version"),
    pytest.param([one("acme/web", f"{WEB}@{A}")], "image", [HERE], [], id="another-content"),
    pytest.param([one("file a/compose.yaml", WEB)], "file", [HERE, THERE], ["refused"], id="one-file-of-two"),
    pytest.param([one("file a/compose.yaml", WEB)], "image", [HERE, THERE], ["refused"] * 2, id="a-file-counts-for-the-image"),
    pytest.param([one("part 1 of 2: file a/compose.yaml", WEB)], "file", [HERE, THERE], ["refused"], id="a-part-of-a-file"),
    pytest.param([one("group staging", WEB)], "image", [bump("acme/web:1.0", "1.1", group="prod")], [], id="another-ring"),
    pytest.param([one("all images", WEB)], "directory", [HERE, THERE], ["refused"] * 2, id="everywhere"),
    pytest.param([one("acme/web", WEB, state=MERGED)], "image", [HERE], ["reverted"], id="row-180-merged"),
    pytest.param([one("acme/web", WEB, state=MERGED, places=PLACE)], "image", [HERE, THERE], ["reverted"], id="row-180-a-file-that-came-later-is-new"),
    pytest.param(
        [one("acme/web", f"docker.io/acme/web=1.0@{A}", state=MERGED)], "image",
        [bump("acme/web:1.0", "", digest=A)], ["reverted"], id="row-180-a-digest",
    ),
    pytest.param(
        [
            one("acme/web", f"docker.io/acme/web=1.0@{A}", state=MERGED),
            one("acme/web", f"docker.io/acme/web=1.0@{B}", state=MERGED, number=2),
        ],
        "image", [bump("acme/web:1.0", "", digest=A)], [], id="the-registry-moved-a-tag-back",
    ),
    pytest.param(
        [one("acme/web", WEB)], "image",
        [
            bump("acme/web:1.0", "1.1", group="shop", together=True),
            bump("acme/api:1.0", "1.1", "b.yaml", group="shop", together=True),
        ],
        ["refused"] * 2, id="what-moves-together-is-refused-together",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("found", "per", "wanted", "codes"), RULED)
def test_what_stands_against_a_row(
    found: list[PullRequest], per: str, wanted: list[Bump], codes: list[str]
) -> None:
    there = standing.standing("bumper/", standing.known(found), {})
    offered, refused = refusals.sift(wanted, per, there)
    assert [one.code for one in refused for _ in one.bumps] == codes
    rows = [*offered, *(bump for one in refused for bump in one.bumps)]
    assert sorted(map(id, rows)) == sorted(map(id, wanted)), "nothing vanishes"


def test_row_184_a_strangers_marker_refuses_nothing() -> None:
    found = standing.known([replace(one("acme/web", WEB), own_head=False)])
    there = standing.standing("bumper/", found, {})
    assert refusals.sift([HERE], "image", there) == ((HERE,), ())


def test_a_branch_that_somebody_may_reopen_is_kept() -> None:
    git, forge = grouped()
    branches = dict(git.tips)
    forge.set(1, state=CLOSED)
    again(git, forge, bumps(THREE, NEW), now=THREE, **ALL)
    assert git.tips == branches
    run(git, forge, [], THREE)
    assert git.tips == {}
