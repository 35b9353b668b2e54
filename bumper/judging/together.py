"""Images that are released together move together, or not at all. Pure.

Between decide and confirm, `narrowed` leaves each member of a group only the newest version that all
of them have. Behind confirm, `agreed` holds all of them where the registry did not vouch for one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.judging.verdicts import Lazy
from bumper.model import Bump, Failure, Hold, Ranking, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Candidate, Outcome, Policy

__all__ = ["CODE", "agreed", "group_of", "narrowed"]

CODE = "waits-for-group"
_Release = tuple[object, ...]


def group_of(policy: Policy) -> str | None:
    """Give the name of what a use moves with: its group, or its place; None if it moves alone."""
    return policy.group if policy.together else policy.place


def narrowed(ranked: Sequence[Outcome | Ranking]) -> list[Outcome | Ranking]:
    """Give the rankings with what the others of their group have too; all else stays."""
    found = list(ranked)
    for places in _groups(ranked).values():
        members = [ranked[place] for place in places]
        broken = next((one for one in members if isinstance(one, Failure)), None)
        rankings = [one for one in members if _counts(one)]
        common = set.intersection(*(_releases(one) for one in rankings)) if rankings else set()
        target = max(common, default=None) if broken is None else None
        for place in places:
            member = ranked[place]
            if not isinstance(member, Ranking) or not member.candidates:
                continue
            lacking = broken or next(
                (one for one in rankings if _release(member.candidates[0]) not in _releases(one)),
                None,
            )
            found[place] = _member(member, target, lacking)
    return found


def agreed(ranked: Sequence[Outcome | Ranking], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Give the outcomes with every group held of which one was to move and cannot."""
    found = list(outcomes)
    for places in _groups(outcomes).values():
        stuck = [
            outcomes[place]
            for place in places
            if isinstance(before := ranked[place], Ranking)
            and before.candidates
            and not isinstance(outcomes[place], Bump)
        ]
        for place in places if stuck else ():
            outcome = outcomes[place]
            if isinstance(outcome, Bump) and outcome.new_tag is not None:
                reason = f"{stuck[0].use.reference.image} cannot move with it: {stuck[0].reason}"
                found[place] = Hold(
                    outcome.use, outcome.policy, CODE, reason, outcome.new_tag, outcome.level
                )
    return found


def _groups(items: Iterable[Outcome | Ranking]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        group = group_of(item.policy)
        if group is not None:
            places[group].append(place)
    return places


def _counts(item: Outcome | Ranking) -> bool:
    """Say whether an item has a version to agree on: words such as `latest` have none."""
    return isinstance(item, Ranking) and (item.release is not None or bool(item.candidates))


def _member(member: Ranking, target: _Release | None, lacking: Outcome | Ranking | None) -> Ranking:
    best = member.candidates[0]
    kept = tuple(one for one in member.candidates if _release(one) == target)
    if _release(best) == target or lacking is None:
        return replace(member, candidates=kept)
    name = lacking.use.reference.image
    because = lacking.reason if isinstance(lacking, Failure) else f"has no {best.tag} to move to"
    hold = Refusal(best.tag, CODE, f"waits for {name}, which {because}")
    names = {one.tag for one in kept}

    def refused() -> Iterable[Refusal]:
        for one in member.candidates:
            if one.tag not in names:
                yield Refusal(one.tag, CODE, hold.reason)
        yield from member.refused

    return replace(member, candidates=kept, refused=Lazy(refused), hold=hold)


def _releases(member: Outcome | Ranking) -> set[_Release]:
    if not isinstance(member, Ranking):
        return set()
    own = set() if member.release is None else {_trimmed(member.release)}
    return own | {_release(one) for one in member.candidates}


def _release(candidate: Candidate) -> _Release:
    return _trimmed(candidate.release)


def _trimmed(release: _Release) -> _Release:
    """Give a release with trailing zeros dropped, so that `2.3` and `2.3.0` are one."""
    parts = release[0] if release else ()
    if not isinstance(parts, tuple):
        return release
    end = len(parts)
    while end and parts[end - 1] == 0:
        end -= 1
    return (parts[:end], *release[1:])
