"""Which rows are not offered, and which pull request says so. Pure.

A pull request that a person closed refuses just what it moved to, row by row, until it is reopened; what
was skipped by its box, and an image whose majors nobody wants, stand in its marker. One that was merged, and
whose version the base no longer has, was taken back: that version waits until something newer appears. What
stays in an open one, however things are grouped now, is not offered twice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bumper import grouping
from bumper.model import Operation, PullRequestState
from bumper.publishing.objections import MAJOR, against, objections, place
from bumper.shared import together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from bumper.messages.marker import Marker
    from bumper.model import Bump, PullRequest
    from bumper.publishing.standing import Known, Standing

__all__ = ["Refused", "kept", "lifted", "sift", "target"]

_HELD = ("reverted", "stale", "elsewhere")
_REASONS = {
    "refused": "was closed by a person: this is not offered again, a newer version is; reopen it to have it after all",
    "skipped": "says that a person skipped this: a newer version is offered",
    "no-majors": "says that a person wants no majors of this image; reopen it to have them after all",
    "stale": "was closed as nobody decided: a newer version is offered; reopen it to have this one after all",
    "elsewhere": "brings this and stays as it is now, so that it is not offered twice; merge or close it",
    "reverted": "brought this and it was taken back: it waits for a newer version",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Bumps of one pull request that are not offered, and the pull request that is the ground."""

    bumps: tuple[Bump, ...]
    pull_request: PullRequest
    code: str

    @property
    def operation(self) -> Operation:
        """What is told of them."""
        return Operation.HELD if self.code in _HELD else Operation.REFUSED

    @property
    def reason(self) -> str:
        """The sentence for people."""
        return f"#{self.pull_request.number} {_REASONS[self.code]}"


def sift(
    bumps: Iterable[Bump],
    per: str,
    standing: Standing,
    base: str = "",
    stays: Callable[[Known], bool] = lambda _: False,
) -> tuple[tuple[Bump, ...], tuple[Refused, ...]]:
    """Give the bumps that may be offered, and those that may not; what moves together stays together.

    What stands below another prefix and goes into `base` counts for the very places that it moved. `stays`
    says of an open pull request that it stays as it is, though it may be grouped in another way.
    """
    groups = grouping.grouped(bumps, per)
    elsewhere = (
        one
        for one in standing.known
        # What goes into another branch is twice nowhere.
        if one.is_open and one.pull_request.base == base and _key(one) not in groups
    )
    others = [one for one in standing.others if one.pull_request.base == base]
    objecting = objections(standing.known, [one for one in elsewhere if stays(one)], others)
    offered: list[Bump] = []
    refused: dict[tuple[str, int, str], list[Bump]] = defaultdict(list)
    every = (*standing.known, *others)
    pull_requests = {one.pull_request.number: one.pull_request for one in every}
    for key, members in groups.items():
        for inseparable in _inseparable(members):
            found = [against(bump, place(key), objecting) for bump in inseparable]
            ground = next((one for one in found if one is not None), None)
            if ground is None:
                offered += inseparable
            else:
                refused[key, *ground] += inseparable
    return tuple(offered), tuple(
        Refused(tuple(rows), pull_requests[number], code)
        for (_, number, code), rows in refused.items()
    )


def kept(refused: Iterable[Refused]) -> frozenset[str]:
    """Give the branches of pull requests that somebody may reopen."""
    pull_requests = (one.pull_request for one in refused)
    return frozenset(
        one.branch for one in pull_requests if one.state is not PullRequestState.MERGED
    )


def target(wanted: str) -> str:
    """Give the target of what is wanted after all; see `lifted`."""
    return wanted.removeprefix(MAJOR)


def lifted(known: Known, wanted: Collection[str]) -> Marker | None:
    """Give the marker of a pull request that stands no more against what is wanted; None where it did not.

    Args:
        known: The pull request.
        wanted: Targets; with `major ` in front the image's majors are wanted again too.
    """
    told = known.marker
    if told is None:
        return None
    targets = {target(one) for one in wanted}
    images = {one.removeprefix(MAJOR).partition("=")[0] for one in wanted if one.startswith(MAJOR)}
    facts = replace(
        told,
        skipped=tuple(one for one in told.skipped if one not in targets),
        majors=tuple(one for one in told.majors if one not in images),
    )
    if not known.is_open:
        ours = (one for one in told.targets if one in targets)
        facts = replace(facts, lifted=tuple(dict.fromkeys((*told.lifted, *ours))))
    return facts if facts != told else None


def _key(known: Known) -> str:
    return known.marker.key if known.marker is not None else ""


def _inseparable(members: Sequence[Bump]) -> Iterable[tuple[Bump, ...]]:
    """Give what is offered as one or not at all: what writes the same text, what moves `together`."""
    bound: dict[str, list[Bump]] = defaultdict(list)
    for one in together(members):
        group = next((b.policy.group for b in one if b.policy.together and b.policy.group), None)
        if group is None:
            yield one
        else:
            bound[group] += one
    yield from (tuple(group) for group in bound.values())
