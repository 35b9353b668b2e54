"""What stands against a row: which pull request objects to it, and why. Pure.

What was said of one file, folder, stack or group holds for that alone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from bumper.messages import marker
from bumper.model import Level, PullRequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.model import Bump
    from bumper.publishing.standing import Known

__all__ = ["MAJOR", "Objection", "against", "objections", "place"]

MAJOR = "major "
_PLACES = ("file ", "directory ", "stack ", "group ")


class Objection(NamedTuple):
    """A pull request that stands against a row, and the code of the reason; `here` alone where it moved it."""

    known: Known
    code: str
    here: bool = False


def objections(
    ours: Iterable[Known], staying: Iterable[Known], others: Iterable[Known]
) -> Mapping[str, Sequence[Objection]]:
    """Give what stands against a target, against the majors of an image; the newest first.

    Args:
        ours: What stands below our prefix.
        staying: What of it stays open as it is, in another grouping.
        others: What stands below another prefix.
    """
    found: dict[str, list[Objection]] = defaultdict(list)
    for known in staying:
        for target in _targets(known):
            found[target].append(Objection(known, "elsewhere", here=True))
    for known in ours:
        for target, code in _said(known):
            found[target].append(Objection(known, code))
    for known in others:
        for target in _targets(known) if known.is_open else ():
            found[target].append(Objection(known, "elsewhere", here=True))
        for target, code in _said(known):
            found[target].append(Objection(known, code, here=True))
    return found


def _targets(known: Known) -> tuple[str, ...]:
    return known.marker.targets if known.marker is not None else ()


def _said(known: Known) -> Iterable[tuple[str, str]]:
    """Give what one pull request says, with the code of its reason."""
    told, state = known.marker, known.pull_request.state
    if told is None:
        return
    stands = [one for one in told.targets if one not in told.lifted]
    yield from ((one.what, "skipped") for one in known.orders if one.verb == "skip" and one.what)
    yield from ((one, "skipped") for one in told.skipped if told.ended or one not in told.targets)
    if state is PullRequestState.CLOSED and not told.ended:
        yield from ((f"{MAJOR}{image}", "no-majors") for image in told.majors)
        yield from ((target, "refused") for target in stands)
    elif state is PullRequestState.CLOSED and told.stale:
        yield from ((target, "stale") for target in stands)
    elif state is PullRequestState.MERGED:
        for target in stands:
            yield target, "reverted"
            yield target.partition("=")[0], "reverted"


def against(
    bump: Bump, where: str, found: Mapping[str, Sequence[Objection]]
) -> tuple[int, str] | None:
    """Give the number and the code of what stands against a bump, which is offered at a place; see `place`."""
    image = bump.use.reference.image
    majors = found.get(f"{MAJOR}{image}", ()) if bump.level is Level.MAJOR else ()
    for known, code, here in (*majors, *found.get(bump.target, ())):
        merged, absent = code == "reverted", here and not _is_here(known, bump)
        if not _reaches(known, where) or absent:
            continue
        if not merged or known is _last(bump, where, found):
            return known.pull_request.number, code
    return None


def _last(bump: Bump, where: str, found: Mapping[str, Sequence[Objection]]) -> Known | None:
    """Give the pull request whose merge counts: any that brought this tag, of a digest only the last.

    A digest has no order: where two were merged, moving back to the first is the registry's doing.
    """
    key = bump.use.reference.image if bump.level is Level.DIGEST else bump.target
    merged = (known for known, code, _ in found.get(key, ()) if code == "reverted")
    return next((one for one in merged if _reaches(one, where) and _is_here(one, bump)), None)


def _is_here(known: Known, bump: Bump) -> bool:
    """Say whether a pull request moved just this place: another one that is older was never moved."""
    told = known.marker.places if known.marker is not None else ()
    return not told or marker.places([bump.use])[0] in told


def _reaches(known: Known, where: str) -> bool:
    """Say whether what a pull request was about takes in what is asked for now."""
    own = place(known.marker.key) if known.marker is not None else ""
    return not own or not where or own == where


def place(key: str) -> str:
    """Give the place that a key is bound to, "" where it speaks of an image wherever it stands."""
    plain = key.rpartition(": ")[2] if key.startswith("part ") else key
    plain = plain.removeprefix(MAJOR)
    return plain if plain.startswith(_PLACES) else ""
