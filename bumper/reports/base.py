"""What a report is: the records of a run as one text for one reader. Pure.

A member is a module that fits `ReportFormat`; it decides words and layout, never facts. The facts as
plain data (the public JSON shapes) are made in `records`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bumper.model import Report, Scan

__all__ = ["ReportFormat"]


class ReportFormat(Protocol):
    """One way to show what was found and done; each text ends with a newline or is empty."""

    NAME: str

    def scan(self, found: Scan, *, width: int) -> str:
        """Show what stands in the repository; `width` is the terminal's, in columns."""
        ...

    def plan(self, report: Report, *, width: int) -> str:
        """Show every outcome, and what became of each change request where there is one."""
        ...
