"""How long newer versions have been out: a chart's dots, and the table that says the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from math import log10
from typing import TYPE_CHECKING, Any

from bumper.model import Bump, Level
from bumper.reports import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import Outcome

__all__ = ["days", "values"]

_DAY = 86400
_MOST_ROWS = 60
_LEFT, _RIGHT = 90, 630
_TOP, _LANE = 35, 46
_LANES = list(reversed(Level))
_TICKS = ((0, "0 d"), (7, "1 w"), (30, "1 mo"), (90, "3 mo"), (365, "1 y"), (1095, "3 y"))
_FAR = 1500  # days; what is further back stands at the edge
_WORDS = {"registry": "registry", "first-seen": "seen here"}


def days(outcome: Outcome) -> str:
    """Give for how many whole days what is newer has been out, "" where nobody knows."""
    age = getattr(outcome, "age_seconds", None)
    return "" if age is None else str(age // _DAY)


def values(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Give the dots, the lanes, the ticks and the rows of the table."""
    bumps = [one for one in outcomes if isinstance(one, Bump)]
    dated = [one for one in bumps if one.age_seconds is not None]
    dated.sort(key=lambda one: (-(one.age_seconds or 0), one.use.path, one.use.line))
    return {
        "lag": [_row(one) for one in dated[:_MOST_ROWS]],
        "lag_more": max(0, len(dated) - _MOST_ROWS),
        "lag_text": _told(dated),
        "undated": len(bumps) - len(dated),
        "dots": _dots(dated),
        "lanes": [{"name": str(level), "y": _y(level)} for level in _LANES],
        "ticks": [{"name": name, "x": _x(number)} for number, name in _TICKS],
    }


def _row(bump: Bump) -> dict[str, str]:
    new = bump.new_tag or (bump.new_digest or "")[: wording.SHORT_DIGEST]
    return {
        "image": wording.printable(bump.use.reference.short),
        "new": wording.printable(new),
        "kind": str(bump.level),
        "days": days(bump),
        "by": _WORDS.get(bump.age_source or "", "nobody"),
    }


def _dots(bumps: Iterable[Bump]) -> list[dict[str, Any]]:
    """Give one dot for all that would lie on each other, larger for many."""
    together: dict[tuple[int, int], list[Bump]] = defaultdict(list)
    for bump in bumps:
        together[_x((bump.age_seconds or 0) // _DAY), _y(bump.level)].append(bump)
    return [
        {"x": x, "y": y, "r": min(14, 4 + len(found)), "name": _name(found)}
        for (x, y), found in sorted(together.items())
    ]


def _name(bumps: list[Bump]) -> str:
    first = f"{bumps[0].use.reference.short}, {days(bumps[0])} d"
    more = f" and {len(bumps) - 1} more" if len(bumps) > 1 else ""
    return wording.printable(f"{first}{more}")


def _told(bumps: list[Bump]) -> str:
    if not bumps:
        return ""
    late = sum(1 for one in bumps if (one.age_seconds or 0) >= 90 * _DAY)
    longest = wording.printable(bumps[0].use.reference.short)
    return (
        f"{len(bumps)} images; the longest is {longest} with {days(bumps[0])} days; "
        f"{late} for three months or more. The table beside says the same."
    )


def _x(number: int) -> int:
    """Give the place of a number of days, on a scale that has room for the first weeks."""
    share = log10(1 + min(number, _FAR)) / log10(1 + _FAR)
    return round(_LEFT + 10 + share * (_RIGHT - _LEFT - 20))


def _y(level: Level) -> int:
    return _TOP + _LANES.index(level) * _LANE
