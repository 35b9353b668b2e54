"""What stands on the forge when a run begins: our pull requests with their markers, and their branches. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper.messages import marker
from bumper.model import PullRequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.messages.marker import Marker
    from bumper.model import PullRequest

__all__ = ["Known", "Standing", "standing"]


@dataclass(frozen=True, slots=True)
class Known:
    """One pull request: its marker, None where it has none to be read, and its words without it."""

    pull_request: PullRequest
    marker: Marker | None
    words: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person."""
        return self.pull_request.state is PullRequestState.OPEN


@dataclass(frozen=True, slots=True)
class Standing:
    """All of them, the newest first; `tips` is the commit of every branch below `prefix`."""

    prefix: str = ""
    known: tuple[Known, ...] = ()
    tips: Mapping[str, str] = field(default_factory=dict)
    by_branch: Mapping[str, Sequence[Known]] = field(default_factory=dict)

    def open(self, branch: str) -> Known | None:
        """Give the pull request that is open for a branch."""
        return next((one for one in self.of(branch) if one.is_open), None)

    def of(self, branch: str) -> Sequence[Known]:
        """Give every pull request of a branch."""
        return self.by_branch.get(branch, ())


def standing(prefix: str, listed: Iterable[PullRequest], tips: Mapping[str, str]) -> Standing:
    """Give what stands there; a stranger's fork with the name of our branch is none of ours."""
    ours = [Known(one, *marker.read(one.body)) for one in listed if one.own_head]
    by_branch: dict[str, list[Known]] = defaultdict(list)
    for known in sorted(ours, key=_newest):
        by_branch[known.pull_request.branch].append(known)
    return Standing(prefix, tuple(sorted(ours, key=_newest)), tips, by_branch)


def _newest(known: Known) -> int:
    return -known.pull_request.number
