"""The outcomes as Prometheus' text format, for a node exporter's folder. Pure, so without a time.

The counts have the names that the notifier `prometheus` uses. Source: prometheus.io/docs, "Exposition
formats".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bumper.model import Level
from bumper.reports import ranks, records, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bumper.model import Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "prometheus"


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Count the references by format, and the files that could not be read."""
    counts = Counter(use.format for use in found.uses)
    rows = [({"format": name}, count) for name, count in sorted(counts.items())]
    references = _family("bumper_references", "Image references by format.", rows)
    return references + _problems(len(found.problems))


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Count the outcomes by status and level, and name every finding."""
    counts = records.summary(report)
    levels = Counter(ranks.kind(outcome) for outcome in report.outcomes)
    statuses = [({"status": one}, counts[one]) for one in records.STATUSES]
    outdated = [({"level": str(one)}, levels[str(one)]) for one in Level]
    return "".join(
        (
            _family("bumper_images", "Images by what became of them.", statuses),
            _family("bumper_outdated", "Images that may move, by level.", outdated),
            _family(
                "bumper_finding", "An image that is unknown, held or to bump.", _series(report)
            ),
            _problems(len(report.problems)),
        )
    )


def _series(report: Report) -> list[tuple[dict[str, str], int]]:
    """Give one series a finding; one may stand only once, so the same twice at one place is one."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for outcome in ranks.findings(report):
        use = outcome.use
        labels = {
            "path": use.path,
            "where": use.where,
            "image": use.reference.image,
            "tag": use.reference.tag or "",
            "new_tag": getattr(outcome, "new_tag", None) or "",
            "kind": ranks.kind(outcome),
        }
        found.setdefault(tuple(labels.values()), labels)
    return [(labels, 1) for labels in found.values()]


def _problems(number: int) -> str:
    return _family("bumper_problems", "Files or settings that cannot be read.", [({}, number)])


def _family(name: str, means: str, rows: Iterable[tuple[Mapping[str, str], int]]) -> str:
    lines = [f"# HELP {name} {means}", f"# TYPE {name} gauge"]
    for labels, value in rows:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{told}}} {value}" if told else f"{name} {value}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str) -> str:
    return wording.printable(text).replace("\\", "\\\\").replace('"', '\\"')
