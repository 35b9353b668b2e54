"""What stands on the forge when a run begins: our pull requests with their markers, and their branches. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper.messages import marker
from bumper.model import PullRequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bumper.messages.marker import Marker
    from bumper.model import PullRequest
    from bumper.publishing.orders import Order

__all__ = ["Known", "Standing", "known", "parted", "standing"]


@dataclass(frozen=True, slots=True)
class Known:
    """One pull request: its marker, None where it has none to be read, and its words without it.

    `orders` are those that wait to be obeyed, `said` the keys of what we said already, `active` is when
    a person spoke last. `heard` is false where nothing of that is known, and `note` says why.
    """

    pull_request: PullRequest
    marker: Marker | None
    words: str
    orders: tuple[Order, ...] = ()
    said: frozenset[str] = frozenset()
    active: datetime | None = None
    heard: bool = False
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person."""
        return self.pull_request.state is PullRequestState.OPEN


@dataclass(frozen=True, slots=True)
class Standing:
    """All of them, the newest first; `tips` is the commit of every branch below `prefix`.

    `others` were made by bumper below another prefix, as it was set before, or is in another config.
    """

    prefix: str = ""
    known: tuple[Known, ...] = ()
    tips: Mapping[str, str] = field(default_factory=dict)
    by_branch: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    others: tuple[Known, ...] = ()

    @property
    def early(self) -> frozenset[str]:
        """Give the content of open pull requests that a person wanted before it was old enough."""
        told = (one.marker for one in self.known if one.is_open and one.marker is not None)
        return frozenset(content for facts in told for content in facts.early)

    def open(self, branch: str) -> Known | None:
        """Give the pull request that is open for a branch."""
        return next((one for one in self.of(branch) if one.is_open), None)

    def closed_at(self, branch: str, commit: str) -> Known | None:
        """Give the pull request that a person closed on just this commit, and whose marker is lost.

        A refusal that its marker tells is known before anything is planned.
        """
        return next(
            (
                one
                for one in self.of(branch)
                if one.pull_request.state is PullRequestState.CLOSED
                and one.marker is None
                and one.pull_request.head == commit
            ),
            None,
        )

    def of(self, branch: str) -> Sequence[Known]:
        """Give every pull request of a branch."""
        return self.by_branch.get(branch, ())


def known(listed: Iterable[PullRequest]) -> tuple[Known, ...]:
    """Give our pull requests; a stranger's fork with the name of our branch is none of ours."""
    # A list that grows while its pages are read shows one of them twice.
    found = {one.number: one for one in listed if one.own_head}
    return tuple(Known(one, *marker.read(one.body)) for one in found.values())


def parted(prefix: str, listed: Iterable[Known]) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """Give what stands below our prefix, and what bumper made below another one."""
    ours: list[Known] = []
    others: list[Known] = []
    for one in listed:
        if one.pull_request.branch.startswith(prefix):
            ours.append(one)
        elif one.marker is not None:
            others.append(one)
    return tuple(ours), tuple(others)


def standing(
    prefix: str, ours: Iterable[Known], tips: Mapping[str, str], others: tuple[Known, ...] = ()
) -> Standing:
    """Give what stands there."""
    by_branch: dict[str, list[Known]] = defaultdict(list)
    ordered = tuple(sorted(ours, key=_newest))
    for one in ordered:
        by_branch[one.pull_request.branch].append(one)
    return Standing(prefix, ordered, tips, by_branch, others)


def _newest(one: Known) -> int:
    return -one.pull_request.number
