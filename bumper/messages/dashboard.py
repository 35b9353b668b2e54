"""The dashboard issue: how the repository stands, in one page that changes only when that does. Pure.

No moment of a run and no age stands in it: two runs that find the same give the same bytes. Its boxes are
obeyed by the next run, each once; whatever there is to tell, the page fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import __version__
from bumper.messages import boxes, dashboard_rows, overview
from bumper.messages.boxes import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Outcome, Published

__all__ = ["LABEL", "LONGEST", "MARK", "PINNED", "TITLE", "body"]

TITLE = "bumper: images of this repository"
LABEL = "bumper/dashboard"
MARK = "<!-- bumper-dashboard -->"
# Stands in a page that the forge was asked to pin: it is asked once, a person may unpin it.
PINNED = "<!-- bumper-pinned -->"
# In bytes. Forges take 65,536 characters.
LONGEST = 60_000
# Rows of a section, rows of the table; what is left out is counted.
_STEPS = ((60, 400), (60, 150), (30, 50), (15, 0), (5, 0), (1, 0), (0, 0))
_RECHECK = "look everything up anew: nothing is believed that was kept from earlier runs"
_LEFT_OUT = "_The table of everything is left out: the text would be too long._"
_FOOT = "A ticked box is obeyed by the next run, once."


def body(
    outcomes: Sequence[Outcome], published: Sequence[Published], longest_bytes: int = LONGEST
) -> str:
    """Give the whole page, its mark in front."""
    sections = dashboard_rows.sections(outcomes, published)
    top = overview.summary(outcomes, published)
    table = overview.rows(outcomes, published)
    text = ""
    for most_rows, most_lines in _STEPS:
        parts = [MARK, top]
        parts += [_section(title, rows, most_rows) for title, rows in sections.items() if rows]
        parts += [overview.folded(table, most_lines) if most_lines else _LEFT_OUT]
        parts += [boxes.box(Asked("recheck"), _RECHECK), f"<sub>{_FOOT} bumper {__version__}</sub>"]
        text = "\n\n".join(parts) + "\n"
        if len(text.encode()) <= longest_bytes:
            break
    return text


def _section(title: str, rows: Sequence[str], most: int) -> str:
    more = [f"- and {len(rows) - most} more"] if len(rows) > most else []
    return "\n".join([f"## {title}", "", *rows[:most], *more])
