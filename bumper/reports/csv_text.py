"""The report for a spreadsheet: one line an outcome, every text in quotes. Pure.

A text that a spreadsheet would take for a formula gets an apostrophe in front. Source: RFC 4180; OWASP,
"CSV Injection".
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from bumper.reports import records, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "csv"
_USE = ("path", "line", "column", "format", "where", "written", "image", "tag", "digest")
_OUTCOME = (
    "status", "level", "new_tag", "new_digest", "policy", "rule", "scheme", "age_seconds", "age_source", "code",
    "reason",
)  # fmt: skip
# The wide forms too: some spreadsheets read them as the narrow ones.
_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - these are meant


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show the references, then what was skipped with its code and reason."""
    rows = [*records.scan_report(found)["uses"], *records.scan_report(found)["skipped"]]
    return _text((*_USE, "code", "reason"), rows)


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show every outcome, in the order of the files."""
    return _text((*_USE, *_OUTCOME), map(records.outcome, report.outcomes))


def _text(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> str:
    sink = StringIO()
    writer = csv.writer(sink, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return sink.getvalue()


def _cell(value: str | int | None) -> str | int:
    if value is None or isinstance(value, int):
        return "" if value is None else value
    text = wording.printable(value)
    return (
        f"'{text}" if value.startswith(_FORMULAS) or text.lstrip().startswith(_FORMULAS) else text
    )
