"""The report for programs: one JSON document, keys in a fixed order. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bumper.reports import records

if TYPE_CHECKING:
    from bumper.model import Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "json"


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show the scan as `{"schema_version": 1, "uses": […], "skipped": […], "problems": […]}`."""
    return _dump(records.scan_report(found))


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show the run as `{"schema_version": 1, "summary", "outcomes", "change_requests", "requests"}`."""
    return _dump(records.run_report(report))


def _dump(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
