"""Which rows are not offered, and which pull request says so. Pure.

A pull request that a person closed refuses just what it moved to, row by row, until it is reopened.
One that was merged, and whose version the base no longer has, was taken back: that version waits
until something newer appears. What was said of one file, folder, stack or group holds for that alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import grouping
from bumper.messages import marker
from bumper.model import Level, Operation, PullRequestState
from bumper.shared import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.model import Bump, PullRequest
    from bumper.publishing.standing import Known, Standing

__all__ = ["Refused", "kept", "sift"]

_PLACES = ("file ", "directory ", "stack ", "group ")
_OPERATIONS = {"refused": Operation.REFUSED, "reverted": Operation.HELD}
_REASONS = {
    "refused": "was closed by a person: this is not offered again, a newer version is; reopen it to have it after all",
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
        return _OPERATIONS[self.code]

    @property
    def reason(self) -> str:
        """The sentence for people."""
        return f"#{self.pull_request.number} {_REASONS[self.code]}"


def sift(
    bumps: Iterable[Bump], per: str, standing: Standing
) -> tuple[tuple[Bump, ...], tuple[Refused, ...]]:
    """Give the bumps that may be offered, and those that may not; what moves together stays together."""
    grounds = _grounds(standing)
    offered: list[Bump] = []
    refused: dict[tuple[str, int, str], list[Bump]] = defaultdict(list)
    pull_requests = {one.pull_request.number: one.pull_request for one in standing.known}
    for key, members in grouping.grouped(bumps, per).items():
        for inseparable in _inseparable(members):
            found = [_against(bump, _scope(key), grounds) for bump in inseparable]
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
    """Give the branches of closed pull requests that somebody may reopen."""
    pull_requests = (one.pull_request for one in refused)
    return frozenset(one.branch for one in pull_requests if one.state is PullRequestState.CLOSED)


def _grounds(standing: Standing) -> Mapping[str, Sequence[Known]]:
    """Give the pull requests that are done with, by what they moved to; the newest first."""
    found: dict[str, list[Known]] = defaultdict(list)
    for known in standing.known:
        if known.marker is not None and not known.is_open and not known.marker.ended:
            for target in known.marker.targets:
                found[target].append(known)
                found[target.partition("=")[0]].append(known)
    return found


def _against(
    bump: Bump, scope: str, grounds: Mapping[str, Sequence[Known]]
) -> tuple[int, str] | None:
    """Give the number and the code of what stands against a bump."""
    for known in grounds.get(bump.target, ()):
        number = known.pull_request.number
        if not _reaches(known, scope):
            continue
        if known.pull_request.state is PullRequestState.CLOSED:
            return number, "refused"
        if _is_here(known, bump) and known is _last(bump, scope, grounds):
            return number, "reverted"
    return None


def _last(bump: Bump, scope: str, grounds: Mapping[str, Sequence[Known]]) -> Known | None:
    """Give the pull request whose merge counts: any that brought this tag, of a digest only the last.

    A digest has no order: where two were merged, moving back to the first is the registry's doing.
    """
    merged = (
        known
        for known in grounds[
            bump.use.reference.image if bump.level is Level.DIGEST else bump.target
        ]
        if known.pull_request.state is PullRequestState.MERGED
    )
    return next((one for one in merged if _reaches(one, scope) and _is_here(one, bump)), None)


def _is_here(known: Known, bump: Bump) -> bool:
    """Say whether a pull request moved just this place: another one that is older was never moved."""
    told = known.marker.places if known.marker is not None else ()
    return not told or marker.places([bump.use])[0] in told


def _reaches(known: Known, scope: str) -> bool:
    """Say whether what a pull request was about takes in what is asked for now."""
    own = _scope(known.marker.key) if known.marker is not None else ""
    return not own or not scope or own == scope


def _scope(key: str) -> str:
    """Give the place that a key is bound to, "" where it speaks of an image wherever it stands."""
    plain = key.rpartition(": ")[2] if key.startswith("part ") else key
    plain = plain.removeprefix("major ")
    return plain if plain.startswith(_PLACES) else ""


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
