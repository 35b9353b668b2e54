"""The findings as GitLab's Code Quality report; reviewdog reads it too. Pure.

Source: docs.gitlab.com, "Code Quality", "Code Quality report format".
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bumper.reports import ranks, wording

if TYPE_CHECKING:
    from bumper.model import Problem, Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "gitlab"
_SEVERITIES = {
    "unknown": "major",
    "hold": "major",
    "major": "major",
    "minor": "minor",
    "patch": "info",
    "digest": "info",
}


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show what could not be read; a reference alone is no finding."""
    return _dump([_of_problem(problem) for problem in found.problems])


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show the findings in the order of the files, then what could not be read."""
    names = ranks.fingerprints(report.outcomes)
    found = []
    for outcome, name in zip(report.outcomes, names, strict=True):
        kind = ranks.kind(outcome)
        if kind:
            place = (outcome.use.path, outcome.use.line)
            found.append(_entry(kind, ranks.sentence(outcome), name, _SEVERITIES[kind], place))
    return _dump([*found, *map(_of_problem, report.problems)])


def _of_problem(problem: Problem) -> dict[str, Any]:
    told = f"{problem.path}\0{problem.code}\0{problem.reason}"
    name = sha256(told.encode(errors="surrogatepass")).hexdigest()
    text = wording.printable(f"{problem.reason} [{problem.code}]")
    return _entry("unreadable", text, name, "major", (problem.path, problem.line or 1))


def _entry(
    kind: str, text: str, fingerprint: str, severity: str, place: tuple[str, int]
) -> dict[str, Any]:
    path, line = place
    return {
        "description": text,
        "check_name": f"bumper/{kind}",
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }


def _dump(entries: list[dict[str, Any]]) -> str:
    return json.dumps(entries, indent=2) + "\n"
