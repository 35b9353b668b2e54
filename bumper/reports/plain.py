"""The report for logs and pipes: one line an outcome, `path:line  what  why`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.reports import wording

if TYPE_CHECKING:
    from bumper.model import Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "plain"


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show `path:line:column  reference  format  where`, then the skips with their reasons."""
    lines = [
        f"{use.path}:{use.line}:{use.column}  {use.reference}  {use.format}  {use.where}"
        for use in found.uses
    ]
    lines += [
        f"{skip.path}:{skip.line}:{skip.column}  {skip.written}  skipped: {skip.reason} ({skip.code})"
        for skip in found.skips
    ]
    return _join([*lines, *wording.excluded(found)])


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show every outcome, then every change request, then the count."""
    lines = [
        f"{outcome.use.path}:{outcome.use.line}  {outcome.use.reference.short} "
        f"{wording.change(outcome)}  {wording.status(outcome)}: {outcome.reason}"
        for outcome in report.outcomes
    ]
    lines += wording.changes(report)
    return _join([*lines, wording.count(report)])


def _join(lines: list[str]) -> str:
    return "".join(f"{wording.printable(line)}\n" for line in lines)
