"""How all images stand: one line in words, and a folded table of everything. Pure.

The median lag is that of the images that are behind: the days between the publication of what runs and of
the newest that is allowed, where a registry keeps both moments. It does not grow while nothing happens.
"""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from bumper import harmless
from bumper.messages import dashboard_rows
from bumper.messages.places import shown
from bumper.model import Bump, Hold, Level, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.model import ImageUse, Outcome, Published

__all__ = ["folded", "rows", "summary"]

_DAY = 86_400
_WORDS = {"hold": "held", "refused": "refused", "failed": "unknown", "ignored": "ignored"}
_HEAD = "| Image | Now | Newest allowed | State | Where |\n| --- | --- | --- | --- | --- |"
_Place = tuple[str, int, int, str]


def summary(outcomes: Sequence[Outcome], published: Iterable[Published]) -> str:
    """Say how many images stand how, and how far behind the median of those behind is."""
    done = _by_place(published)
    counts = Counter(_status(one, done) for one in outcomes)
    levels = ", ".join(f"{counts[str(one)]} {one}" for one in Level if counts[str(one)])
    parts = [f"{counts['current']} current"] if counts["current"] else []
    parts += [f"{levels} waiting"] if levels else []
    parts += [f"{counts[key]} {word}" for key, word in _WORDS.items() if counts[key]]
    told = (one.lag_seconds for one in outcomes if isinstance(one, Bump | Hold))
    lags = [one for one in told if one is not None]
    parts += [f"median lag {median(lags) / _DAY:.0f} d"] if lags else []
    images = "image" if len(outcomes) == 1 else "images"
    return " · ".join([f"**{len(outcomes)} {images}**", *parts])


def rows(outcomes: Iterable[Outcome], published: Iterable[Published]) -> tuple[str, ...]:
    """Give one row for each image that stands alike, by its name, with the files it stands in."""
    done = _by_place(published)
    places: dict[tuple[str, ...], list[str]] = {}
    for one in outcomes:
        reference = one.use.reference
        now = reference.tag or (reference.digest or "")[:19]
        row = (reference.short, now, _new(one), _state(one, done))
        places.setdefault(row, []).append(one.use.path)
    return tuple(
        f"| {harmless.prose(image)} | {_cell(now)} | {_cell(new)} | {state} | {_where(paths)} |"
        for (image, now, new, state), paths in sorted(places.items())
    )


def folded(table: Sequence[str], most: int) -> str:
    """Give the table, folded, with so many rows at the most."""
    more = f"\n\nand {len(table) - most} more" if len(table) > most else ""
    lines = "\n".join((_HEAD, *table[:most]))
    return f"<details><summary>Everything</summary>\n\n{lines}{more}\n\n</details>"


def _by_place(published: Iterable[Published]) -> Mapping[_Place, Published]:
    return {
        _place(bump.use): done
        for done in published
        if done.request is not None
        for bump in done.request.bumps
    }


def _place(use: ImageUse) -> _Place:
    return use.path, use.line, use.column, use.where


def _status(outcome: Outcome, done: Mapping[_Place, Published]) -> str:
    if not isinstance(outcome, Bump):
        return outcome.status
    found = done.get(_place(outcome.use))
    refused = found is not None and dashboard_rows.is_refused(found)
    return "refused" if refused else str(outcome.level)


def _state(outcome: Outcome, done: Mapping[_Place, Published]) -> str:
    status = _status(outcome, done)
    found = done.get(_place(outcome.use)) if isinstance(outcome, Bump) else None
    opened = found.pull_request if found is not None else None
    if opened is not None:
        return f"{status}, {shown(harmless.prose(f'#{opened.number}'), opened.url, own=True)}"
    waits = found is not None and found.operation is Operation.HELD
    return f"{status}, waits" if waits else _WORDS.get(status, status)


def _new(outcome: Outcome) -> str:
    if isinstance(outcome, Bump):
        return outcome.new_tag or (outcome.new_digest or "")[:19]
    return outcome.new_tag or "" if isinstance(outcome, Hold) else ""


def _cell(text: str) -> str:
    return harmless.code(text) if text else ""


def _where(paths: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(paths))
    more = f" and {len(distinct) - 1} more" if len(distinct) > 1 else ""
    return f"{harmless.code(distinct[0])}{more}"
