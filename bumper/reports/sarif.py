"""The findings as SARIF 2.1.0, for code scanning; a region is the columns of the tag. Pure.

Source: OASIS, "Static Analysis Results Interchange Format 2.1.0"; docs.github.com, "SARIF support".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper import __version__
from bumper.reports import ranks, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import Outcome, Problem, Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "sarif"
_LEVELS = {
    "unknown": "warning",
    "hold": "warning",
    "major": "warning",
    "minor": "note",
    "patch": "note",
    "digest": "note",
    "unreadable": "warning",
}
_IDS = {kind: index for index, kind in enumerate(ranks.RULES)}


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show what could not be read; a reference alone is no finding."""
    return _dump(map(_of_problem, found.problems), whole=not found.problems)


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show the findings in the order of the files, then what could not be read."""
    names = ranks.fingerprints(report.outcomes)
    results = [
        _of_finding(outcome, name)
        for outcome, name in zip(report.outcomes, names, strict=True)
        if ranks.kind(outcome)
    ]
    whole = not report.problems and all(one.status != "failed" for one in report.outcomes)
    return _dump([*results, *map(_of_problem, report.problems)], whole=whole)


def _dump(results: Iterable[dict[str, Any]], *, whole: bool) -> str:
    driver = {
        "name": "bumper",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(kind, *words) for kind, words in ranks.RULES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": whole}],
        "results": list(results),
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(kind: str, short: str, remedy: str) -> dict[str, Any]:
    return {
        "id": f"bumper/{kind}",
        "shortDescription": {"text": short},
        "help": {"text": remedy, "markdown": remedy},
        "defaultConfiguration": {"level": _LEVELS[kind]},
    }


def _of_finding(outcome: Outcome, fingerprint: str) -> dict[str, Any]:
    use = outcome.use
    region = {
        "startLine": use.line,
        "startColumn": use.column,
        "endColumn": use.column + ranks.width(use),
    }
    result = _result(ranks.kind(outcome), ranks.sentence(outcome), use.path, region)
    return {**result, "partialFingerprints": {"bumperImageUse/v1": fingerprint}}


def _of_problem(problem: Problem) -> dict[str, Any]:
    hint = f" ({problem.hint})" if problem.hint else ""
    region = {"startLine": problem.line or 1}
    text = wording.printable(f"{problem.reason}{hint} [{problem.code}]")
    return _result("unreadable", text, problem.path, region)


def _result(kind: str, text: str, path: str, region: dict[str, int]) -> dict[str, Any]:
    address = {"uri": quote(path, safe="/", errors="replace"), "uriBaseId": "%SRCROOT%"}
    return {
        "ruleId": f"bumper/{kind}",
        "ruleIndex": _IDS[kind],
        "level": _LEVELS[kind],
        "message": {"text": _literal(text)},
        "locations": [{"physicalLocation": {"artifactLocation": address, "region": region}}],
    }


def _literal(text: str) -> str:
    """Give text in which nothing is a link or a placeholder (3.11.5, 3.11.6)."""
    text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return text.replace("{", "{{").replace("}", "}}")
