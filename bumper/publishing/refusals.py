"""Which rows are not offered, and which pull request says so. Pure.

A pull request that a person closed refuses just what it moved to, row by row, until it is reopened;
what was skipped by its box, and an image whose majors nobody wants, stand in its marker. One that was merged, and whose version the base no longer has, was taken back: that version waits
until something newer appears. What was said of one file, folder, stack or group holds for that alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from bumper import grouping
from bumper.messages import marker
from bumper.model import Level, Operation, PullRequestState
from bumper.shared import together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bumper.messages.marker import Marker
    from bumper.model import Bump, PullRequest
    from bumper.publishing.standing import Known, Standing

__all__ = ["Refused", "kept", "lifted", "sift", "target"]

_PLACES = ("file ", "directory ", "stack ", "group ")
_HELD = ("reverted", "stale")
_MAJOR = "major "
_REASONS = {
    "refused": "was closed by a person: this is not offered again, a newer version is; reopen it to have it after all",
    "skipped": "says that a person skipped this: a newer version is offered",
    "no-majors": "says that a person wants no majors of this image; reopen it to have them after all",
    "stale": "was closed as nobody decided: a newer version is offered; reopen it to have this one after all",
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


class _Ground(NamedTuple):
    """What stands against a row: the pull request, and the code of the reason."""

    known: Known
    code: str


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
    """Give the branches of pull requests that somebody may reopen."""
    pull_requests = (one.pull_request for one in refused)
    return frozenset(
        one.branch for one in pull_requests if one.state is not PullRequestState.MERGED
    )


def target(wanted: str) -> str:
    """Give the target of what is wanted after all; see `lifted`."""
    return wanted.removeprefix(_MAJOR)


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
    images = {
        one.removeprefix(_MAJOR).partition("=")[0] for one in wanted if one.startswith(_MAJOR)
    }
    facts = replace(
        told,
        skipped=tuple(one for one in told.skipped if one not in targets),
        majors=tuple(one for one in told.majors if one not in images),
    )
    if not known.is_open:
        ours = (one for one in told.targets if one in targets)
        facts = replace(facts, lifted=tuple(dict.fromkeys((*told.lifted, *ours))))
    return facts if facts != told else None


def _grounds(standing: Standing) -> Mapping[str, Sequence[_Ground]]:
    """Give what stands against a target, against the majors of an image; the newest first."""
    found: dict[str, list[_Ground]] = defaultdict(list)
    for known in standing.known:
        for target, code in _said(known):
            found[target].append(_Ground(known, code))
    return found


def _said(known: Known) -> Iterable[tuple[str, str]]:
    """Give what one pull request says, with the code of its ground."""
    told, state = known.marker, known.pull_request.state
    if told is None:
        return
    stands = [one for one in told.targets if one not in told.lifted]
    yield from ((one.what, "skipped") for one in known.orders if one.verb == "skip" and one.what)
    yield from ((one, "skipped") for one in told.skipped if told.ended or one not in told.targets)
    if state is PullRequestState.CLOSED and not told.ended:
        yield from ((f"{_MAJOR}{image}", "no-majors") for image in told.majors)
        yield from ((target, "refused") for target in stands)
    elif state is PullRequestState.CLOSED and told.stale:
        yield from ((target, "stale") for target in stands)
    elif state is PullRequestState.MERGED:
        for target in stands:
            yield target, "reverted"
            yield target.partition("=")[0], "reverted"


def _against(
    bump: Bump, scope: str, grounds: Mapping[str, Sequence[_Ground]]
) -> tuple[int, str] | None:
    """Give the number and the code of what stands against a bump."""
    image = bump.use.reference.image
    majors = grounds.get(f"{_MAJOR}{image}", ()) if bump.level is Level.MAJOR else ()
    for known, code in (*majors, *grounds.get(bump.target, ())):
        merged = code == "reverted"
        if _reaches(known, scope) and (not merged or known is _last(bump, scope, grounds)):
            return known.pull_request.number, code
    return None


def _last(bump: Bump, scope: str, grounds: Mapping[str, Sequence[_Ground]]) -> Known | None:
    """Give the pull request whose merge counts: any that brought this tag, of a digest only the last.

    A digest has no order: where two were merged, moving back to the first is the registry's doing.
    """
    key = bump.use.reference.image if bump.level is Level.DIGEST else bump.target
    merged = (known for known, code in grounds.get(key, ()) if code == "reverted")
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
    plain = plain.removeprefix(_MAJOR)
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
