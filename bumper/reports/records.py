"""The records as plain data: the public JSON shapes, version 1. Pure.

A key that stands here is part of the public surface: it may be joined by others, never change.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bumper.model import ImageUse, Outcome, Problem, Published, Ranking, Report, Scan, Skip

__all__ = [
    "SCHEMA_VERSION",
    "explanation",
    "outcome",
    "problem",
    "published",
    "run_report",
    "scan_report",
    "skip",
    "summary",
    "use",
]

SCHEMA_VERSION = 1
STATUSES = ("bump", "hold", "current", "ignored", "failed")


def use(record: ImageUse) -> dict[str, Any]:
    """Give `path, line, column, format, where, written, image, tag, digest` of a use."""
    reference = record.reference
    return {
        "path": record.path,
        "line": record.line,
        "column": record.column,
        "format": record.format,
        "where": record.where,
        "written": str(reference),
        "image": reference.image,
        "tag": reference.tag,
        "digest": reference.digest,
    }


def skip(record: Skip) -> dict[str, Any]:
    """Give the place of something that was not handled, with its code and reason."""
    return {
        "path": record.path,
        "line": record.line,
        "column": record.column,
        "format": record.format,
        "where": record.where,
        "written": record.written,
        "code": record.code,
        "reason": record.reason,
    }


def problem(record: Problem) -> dict[str, Any]:
    """Give a file that could not be read, or a setting in it that says nothing."""
    return {
        "path": record.path,
        "line": record.line,
        "code": record.code,
        "reason": record.reason,
        "hint": record.hint,
    }


def outcome(record: Outcome) -> dict[str, Any]:
    """Give a use with `status` and what was decided; keys that do not apply are null."""
    level = getattr(record, "level", None)
    return {
        **use(record.use),
        "status": record.status,
        "new_tag": getattr(record, "new_tag", None),
        "new_digest": getattr(record, "new_digest", None),
        "level": None if level is None else str(level),
        "policy": record.policy.written,
        "rule": record.policy.rule,
        "scheme": record.policy.scheme,
        "reason": record.reason,
        "code": record.code,
        "age_seconds": getattr(record, "age_seconds", None),
        "age_source": getattr(record, "age_source", None),
    }


def published(record: Published) -> dict[str, Any]:
    """Give what became of one change request."""
    request, pull_request = record.request, record.pull_request
    return {
        "operation": str(record.operation),
        "code": record.code,
        "reason": record.reason,
        "branch": request.branch if request else pull_request.branch if pull_request else None,
        "title": request.title if request else pull_request.title if pull_request else None,
        "number": pull_request.number if pull_request else None,
        "url": pull_request.url if pull_request else None,
        "images": sorted({bump.use.reference.image for bump in request.bumps}) if request else [],
    }


def summary(report: Report) -> dict[str, int]:
    """Count the outcomes by status, with the number of uses and of files as `uses` and `files`."""
    counts = Counter(record.status for record in report.outcomes)
    return {
        "uses": len(report.outcomes),
        "files": len({record.use.path for record in report.outcomes}),
        **{status: counts[status] for status in STATUSES},
    }


def scan_report(scan: Scan) -> dict[str, Any]:
    """Give the document that `scan` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "uses": [use(record) for record in scan.uses],
        "skipped": [skip(record) for record in scan.skips],
        "problems": [problem(record) for record in scan.problems],
        "excluded": dict(scan.excluded),
    }


def run_report(report: Report) -> dict[str, Any]:
    """Give the document that `plan`, `apply` and `run` print."""
    requests = report.requests
    return {
        "schema_version": SCHEMA_VERSION,
        "summary": summary(report),
        "outcomes": [outcome(record) for record in report.outcomes],
        "change_requests": [published(record) for record in report.published],
        "problems": [problem(record) for record in report.problems],
        "requests": {
            "total": requests.total,
            "cached": requests.cached,
            "by_registry": dict(sorted(requests.by_registry.items())),
        },
    }


def explanation(ranking: Ranking, result: Outcome) -> dict[str, Any]:
    """Give the verdict on every tag of one use."""
    return {
        "schema_version": SCHEMA_VERSION,
        "current": ranking.use.reference.tag,
        "image": ranking.use.reference.image,
        "chosen": getattr(result, "new_tag", None) if result.status == "bump" else None,
        "candidates": [candidate.tag for candidate in ranking.candidates],
        "refused": [
            {"tag": refusal.tag, "code": refusal.code, "reason": refusal.reason}
            for refusal in ranking.refused
        ],
        "status": result.status,
        "reason": result.reason,
        "code": result.code,
        "policy": ranking.policy.written,
        "rule": ranking.policy.rule,
        "scheme": ranking.policy.scheme,
    }
