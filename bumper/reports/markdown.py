"""The report as Markdown, for a comment, a wiki or a job summary. Pure.

What strangers wrote stands in code spans or as plain prose: no mention, no link, no markup of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.harmless import code, is_plain, prose
from bumper.reports import ranks, records, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import Outcome, Published, Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "markdown"


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show a table of the references, then one of what was skipped."""
    rows = [
        (_place(use.path, use.line), code(str(use.reference)), use.format, code(use.where))
        for use in found.uses
    ]
    lines = _table(("Place", "Reference", "Format", "Where"), rows)
    skips = [
        (_place(skip.path, skip.line), code(skip.written), prose(skip.reason))
        for skip in found.skips
    ]
    if skips:
        lines += ["", *_table(("Place", "Written", "Skipped because"), skips)]
    return _join([*lines, *(["", *map(prose, wording.excluded(found))] if found.excluded else [])])


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show the count, the findings, the change requests, and everything else folded away."""
    lines = [prose(wording.count(report)), ""]
    head = ("Place", "Image", "Change", "Level", "Why")
    found = ranks.findings(report)
    if found:
        lines += [*_table(head, map(_row, found)), ""]
    changes = [_change(record, report) for record in report.published]
    lines += [*changes, ""] if changes else []
    rest = [outcome for outcome in report.outcomes if not ranks.kind(outcome)]
    if rest:
        lines += ["<details><summary>", "", f"{len(rest)} current or ignored", "", "</summary>", ""]
        lines += [*_table(head, map(_row, rest)), "", "</details>", ""]
    return _join(lines[:-1])


def _change(record: Published, report: Report) -> str:
    facts = records.published(record)
    title, url = prose(facts["title"] or ""), facts["url"] or ""
    shown = (
        f"[{title}]({url})" if is_plain(url, own=True) else f"{title} {code(facts['branch'] or '')}"
    )
    reason = f": {prose(record.reason)}" if record.reason else ""
    return f"- {wording.done(record, report)} {shown}{reason}"


def _row(outcome: Outcome) -> tuple[str, ...]:
    return (
        _place(outcome.use.path, outcome.use.line),
        code(outcome.use.reference.short),
        code(wording.change(outcome)),
        wording.status(outcome),
        prose(outcome.reason),
    )


def _place(path: str, line: int) -> str:
    return code(f"{path}:{line}")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows)]


def _join(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
