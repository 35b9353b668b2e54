"""The report as JSON lines: one record a line, each with its `kind`; the summary comes last. Pure.

Plain ASCII: no reader may take a line separator inside of a text for the end of a line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bumper.reports import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "jsonl"


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show a line of kind `use`, `skipped` or `problem` each."""
    document = records.scan_report(found)
    return _lines(
        [
            *(("use", one) for one in document["uses"]),
            *(("skipped", one) for one in document["skipped"]),
            *(("problem", one) for one in document["problems"]),
            ("summary", {"uses": len(found.uses), "excluded": document["excluded"]}),
        ]
    )


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show a line of kind `outcome`, `change_request` or `problem` each."""
    document = records.run_report(report)
    return _lines(
        [
            *(("outcome", one) for one in document["outcomes"]),
            *(("change_request", one) for one in document["change_requests"]),
            *(("problem", one) for one in document["problems"]),
            ("summary", {**document["summary"], "requests": document["requests"]}),
        ]
    )


def _lines(rows: Iterable[tuple[str, dict[str, Any]]]) -> str:
    head = {"schema_version": records.SCHEMA_VERSION}
    return "".join(f"{json.dumps({**head, 'kind': kind, **row})}\n" for kind, row in rows)
