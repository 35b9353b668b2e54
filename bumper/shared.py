"""Bumps that write the same characters: an anchor or a variable that several images take their tag from. Pure.

They move together or not at all: in one proof, in one pull request.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Bump, ImageUse, Policy
    from bumper.text import Span

__all__ = ["bound", "together"]


def bound(settled: Sequence[tuple[ImageUse, Policy]]) -> list[tuple[ImageUse, Policy]]:
    """Give each use of a tag that other images take too the group of that place, so that they agree.

    A use that moves with a group of the user's keeps it; where the two cannot both be had it is held
    when the edit is proved.
    """
    takers: dict[tuple[str, Span], list[int]] = defaultdict(list)
    for index, (use, _) in enumerate(settled):
        tag = use.slot(Part.TAG)
        if tag is not None:
            takers[use.path, tag.span].append(index)
    found = list(settled)
    for indices in takers.values():
        if len({settled[index][0].reference.image for index in indices}) < 2:
            continue
        for index in indices:
            use, policy = settled[index]
            if not policy.together:
                place = f"{use.path}:{use.line}:{use.column}"
                found[index] = use, replace(policy, place=place)
    return found


def together(bumps: Iterable[Bump]) -> tuple[tuple[Bump, ...], ...]:
    """Give the bumps in groups that share a place to edit, in the order of their first."""
    group_of: dict[tuple[str, Span], list[Bump]] = {}
    groups: dict[int, list[Bump]] = {}
    for bump in bumps:
        places = [(bump.use.path, s.span) for s in bump.use.slots if s.part is not Part.IMAGE]
        joined = [group_of[place] for place in places if place in group_of]
        group = joined[0] if joined else []
        for other in joined[1:]:
            if other is not group:
                group += other
                groups.pop(id(other), None)
        group.append(bump)
        groups.setdefault(id(group), group)
        for member in group if len(joined) > 1 else (bump,):
            group_of |= {
                (member.use.path, slot.span): group
                for slot in member.use.slots
                if slot.part is not Part.IMAGE
            }
    return tuple(tuple(group) for group in groups.values())
