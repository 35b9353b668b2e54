"""The report for a person at a terminal: a table as wide as the window. Pure.

Level and status are words, never colour alone. Foreign text is never read as markup.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from bumper.reports import wording

if TYPE_CHECKING:
    from rich.table import Table

    from bumper.model import Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "table"
_STYLES = {
    "major": "bold red",
    "minor": "yellow",
    "patch": "green",
    "digest": "cyan",
    "hold": "magenta",
    "unknown": "bold red",
    "current": "dim",
    "ignored": "dim",
}


def scan(found: Scan, *, width: int) -> str:
    """Show where each reference stands, then what was skipped and why."""
    table = _table("Place", "Image", "Tag", "Format", "Where")
    for use in found.uses:
        reference = use.reference
        tag = reference.tag or (reference.digest or "")[: wording.SHORT_DIGEST] or "(no tag)"
        _row(table, f"{use.path}:{use.line}", reference.short, tag, use.format, use.where)
    text = _render(table, width) if found.uses else ""
    if found.skips:
        skipped = _table("Place", "Written", "Skipped because")
        for skip in found.skips:
            _row(skipped, f"{skip.path}:{skip.line}", skip.written, skip.reason)
        text += _render(skipped, width)
    files = len({use.path for use in found.uses})
    uses = f"{len(found.uses)} reference{'' if len(found.uses) == 1 else 's'}"
    lines = [f"{uses} in {files} file{'' if files == 1 else 's'}", *wording.excluded(found)]
    return text + "".join(f"{wording.printable(line)}\n" for line in lines)


def plan(report: Report, *, width: int) -> str:
    """Show every outcome, then every change request, then the count."""
    table = _table("Place", "Image", "Change", "Level", "Why")
    for outcome in report.outcomes:
        place = f"{outcome.use.path}:{outcome.use.line}"
        status = wording.status(outcome)
        name = outcome.use.reference.short
        row = (place, name, wording.change(outcome), status, outcome.reason)
        _row(table, *row, style=_STYLES.get(status, ""))
    text = _render(table, width) if report.outcomes else ""
    lines = [wording.printable(line) for line in wording.changes(report)]
    return text + "".join(f"{line}\n" for line in [*lines, wording.count(report)])


def _table(*columns: str) -> Table:
    # Imported here: rich costs more than all else that a plain `plan` needs.
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(table: Table, *cells: str, style: str = "") -> None:
    from rich.text import Text  # noqa: PLC0415 - see `_table`

    table.add_row(*(Text(wording.printable(cell)) for cell in cells), style=style)


def _render(table: Table, width: int) -> str:
    from rich.console import Console  # noqa: PLC0415 - see `_table`

    sink = StringIO()
    Console(file=sink, width=width, force_terminal=True, highlight=False).print(table)
    return sink.getvalue()
