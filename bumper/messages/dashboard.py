"""The dashboard issue: how the repository stands, in one page that changes only when that does. Pure.

No moment and no age stands in it: two runs that find the same give the same bytes. A box would be
offered only where somebody acts on it; here nobody does.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bumper import harmless
from bumper.messages.places import shown
from bumper.model import Failure, Hold, Ignored, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Outcome, Published

__all__ = ["LABEL", "MARK", "TITLE", "body"]

TITLE = "bumper: images of this repository"
LABEL = "bumper/dashboard"
MARK = "<!-- bumper-dashboard -->"
# Forges take 65,536 characters: so many rows of so many characters fit.
_MOST_ROWS = 60
_LONGEST_ROW = 160
_OPEN = {Operation.CREATED, Operation.UPDATED, Operation.UNCHANGED}
# An age grows from day to day; when it is over does not.
_FREE = re.compile(r"free at (?P<when>\d{4}-\d\d-\d\d \d\d:\d\d UTC)")


def body(outcomes: Sequence[Outcome], published: Sequence[Published]) -> str:
    """Give the whole page, its mark in front."""
    holds = [one for one in outcomes if isinstance(one, Hold)]
    waiting = [one for one in holds if one.code == "too-young"]
    sections = {
        "Open": _requests(published, _OPEN, told=False),
        "Needs a person": [
            *_requests(published, {Operation.EDITED}),
            *_uses(one for one in holds if one not in waiting),
        ],
        "Waiting": [*_requests(published, {Operation.HELD}), *_uses(waiting)],
        "Refused": _requests(published, {Operation.REFUSED}),
        "Failed": _requests(published, {Operation.FAILED}),
        "Unknown": _uses(one for one in outcomes if isinstance(one, Failure)),
        "Ignored": _uses(one for one in outcomes if isinstance(one, Ignored)),
    }
    parts = [MARK, _summary(outcomes)]
    parts += [_section(title, rows) for title, rows in sections.items() if rows]
    return "\n\n".join(parts) + "\n"


def _summary(outcomes: Sequence[Outcome]) -> str:
    words = {"bump": "to bump", "current": "current", "hold": "held", "failed": "unknown", "ignored": "ignored"}  # fmt: skip
    counts = Counter(one.status for one in outcomes)
    parts = [f"{counts[key]} {word}" for key, word in words.items() if counts[key]]
    images = "image" if len(outcomes) == 1 else "images"
    return f"**{len(outcomes)} {images}: {', '.join(parts) or 'nothing to do'}**"


def _section(title: str, rows: Sequence[str]) -> str:
    kept = [f"- {row}" for row in rows[:_MOST_ROWS]]
    more = [f"- and {len(rows) - _MOST_ROWS} more"] if len(rows) > _MOST_ROWS else []
    return "\n".join([f"## {title}", "", *kept, *more])


def _requests(
    published: Iterable[Published], operations: set[Operation], *, told: bool = True
) -> list[str]:
    rows = []
    for one in published:
        if one.operation not in operations:
            continue
        named = one.pull_request or one.request
        title = named.title if named is not None else ""
        page = one.pull_request.url if one.pull_request is not None else ""
        reason = f": {harmless.prose(one.reason, _LONGEST_ROW)}" if told and one.reason else ""
        rows.append(f"{shown(title, page)}{reason}")
    # They come in the order of their ages, which is another one from run to run.
    return sorted(rows)


def _uses(outcomes: Iterable[Outcome]) -> list[str]:
    """Give one row for each image and reason, with the places it stands at."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in outcomes:
        free = _FREE.search(one.reason)
        reason = f"free at {free['when']}" if free else one.reason
        places.setdefault((str(one.use.reference), reason), []).append(one.use.path)
    return [
        f"{harmless.code(image)}: {harmless.prose(reason, _LONGEST_ROW)} ({_listed(paths)})"
        for (image, reason), paths in places.items()
    ]


def _listed(paths: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(paths))
    more = f" and {len(distinct) - 2} more" if len(distinct) > 2 else ""
    return ", ".join(harmless.code(path) for path in distinct[:2]) + more
