"""How an outcome is said in one line, wherever a person reads it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.harmless import printable
from bumper.model import Bump, Failure, Hold, Ignored, Operation
from bumper.reports import records

if TYPE_CHECKING:
    from bumper.model import Outcome, Published, Report, Scan

__all__ = [
    "SHORT_DIGEST",
    "change",
    "changes",
    "count",
    "done",
    "excluded",
    "now",
    "printable",
    "status",
]

SHORT_DIGEST = 19  # "sha256:" and twelve digits, as Docker shows it


def now(outcome: Outcome) -> str:
    """Say what the file has: the tag, else the digest, else `latest` in brackets."""
    reference = outcome.use.reference
    if reference.tag is not None:
        return reference.tag
    return reference.digest[:SHORT_DIGEST] if reference.digest else "(no tag)"


def change(outcome: Outcome) -> str:
    """Say the step: `1.25.3 -> 1.27.0`, or the tag alone where nothing moves."""
    new = getattr(outcome, "new_tag", None)
    if isinstance(outcome, Bump):
        moved = new if new not in {None, outcome.use.reference.tag} else None
        digest = outcome.new_digest[:SHORT_DIGEST] if outcome.new_digest else ""
        return f"{now(outcome)} -> {moved or digest or 'no digest'}"
    if isinstance(outcome, Hold) and new:
        return f"{now(outcome)} (held: {new})"
    return now(outcome)


def status(outcome: Outcome) -> str:
    """Say the status in one word; a bump says its level."""
    if isinstance(outcome, Bump):
        return str(outcome.level)
    if isinstance(outcome, Failure):
        return "unknown"
    if isinstance(outcome, Ignored):
        return "ignored"
    return outcome.status


def count(report: Report) -> str:
    """Say how it went in one line, such as `58 images: 14 bumps, 41 current, 3 unknown`."""
    counts = records.summary(report)
    words = {"bump": "to bump", "hold": "held", "failed": "unknown"}
    parts = [f"{counts[key]} {words.get(key, key)}" for key in records.STATUSES if counts[key]]
    uses, files = counts["uses"], counts["files"]
    places = f"{uses} image{'' if uses == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    return f"{places}: {', '.join(parts)}" if parts else f"{places}"


def excluded(scan: Scan) -> list[str]:
    """Say which settings kept files from being read; nothing where none did."""
    if not scan.excluded:
        return []
    number = sum(scan.excluded.values())
    globs = ", ".join(f"{glob} ({count})" for glob, count in scan.excluded.items())
    files = f"{number} file{'' if number == 1 else 's'}"
    return [
        f"{files} not read, by `files.exclude`: {globs}; `files: {{exclude: []}}` looks everywhere"
    ]


def changes(report: Report) -> list[str]:
    """Say one line a change request: `created  Bump nginx 1.25.3 to 1.27.0 (minor)  https://…`."""
    lines = []
    for record in report.published:
        facts = records.published(record)
        tail = facts["url"] or facts["branch"] or ""
        reason = f"  {record.reason}" if record.reason else ""
        lines.append(f"{done(record, report)}  {facts['title']}  {tail}{reason}")
    return lines


def done(record: Published, report: Report) -> str:
    """Say what was done for a change request: `created`, or `would be created` where nothing was written."""
    writes = record.operation in {Operation.CREATED, Operation.UPDATED, Operation.CLOSED}
    return f"would be {record.operation}" if report.dry and writes else str(record.operation)
