"""The outcomes as JUnit's XML: a suite a file, a case an image. Pure.

What is to bump or held is a failure, what is unknown an error, what is ignored skipped. Source: the
elements that Jenkins, GitLab, Gitea's and Azure's readers have in common.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from bumper.reports import ranks, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Outcome, Problem, Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "junit"


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show a case for each reference, and an error for each file that could not be read."""
    cases = [
        _element("testcase", classname=use.path, name=f"{use.where} {use.reference}")
        for use in found.uses
    ]
    return _document([_suite("references", cases, 0, 0, 0), *_problems(found.problems)])


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show a suite for each file, and one for what could not be read."""
    suites = [
        _of_file(path, list(outcomes))
        for path, outcomes in groupby(report.outcomes, key=lambda one: one.use.path)
    ]
    return _document([*suites, *_problems(report.problems)])


def _of_file(path: str, outcomes: Sequence[Outcome]) -> str:
    verdicts = [_verdict(outcome) for outcome in outcomes]
    cases = []
    for outcome, verdict in zip(outcomes, verdicts, strict=True):
        use = outcome.use
        attributes = {
            "classname": path,
            "name": f"{use.where} {use.reference}",
            "file": path,
            "line": str(use.line),
        }
        cases.append(_element("testcase", _told(outcome, verdict), **attributes))
    counts = (verdicts.count(word) for word in ("failure", "error", "skipped"))
    return _suite(path, cases, *counts)


def _verdict(outcome: Outcome) -> str:
    words = {"bump": "failure", "hold": "failure", "failed": "error", "ignored": "skipped"}
    return words.get(outcome.status, "")


def _told(outcome: Outcome, verdict: str) -> str:
    if not verdict:
        return ""
    if verdict == "skipped":
        return _element("skipped", message=outcome.reason)
    return _element(verdict, type=ranks.kind(outcome), message=ranks.sentence(outcome))


def _problems(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return []
    cases = []
    for problem in problems:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        error = _element("error", type=problem.code, message=problem.reason)
        cases.append(_element("testcase", error, classname=problem.path, name=place))
    return [_suite("files that cannot be read", cases, 0, len(cases), 0)]


def _suite(name: str, cases: Sequence[str], failures: int, errors: int, skipped: int) -> str:
    counts = {"tests": len(cases), "failures": failures, "errors": errors, "skipped": skipped}
    told = {key: str(count) for key, count in counts.items()}
    return _element("testsuite", "\n".join(("", *cases, "")), name=name, **told)


def _element(tag: str, inner: str = "", /, **attributes: str) -> str:
    told = "".join(
        f" {key}={quoteattr(wording.printable(text))}" for key, text in attributes.items()
    )
    return f"<{tag}{told}>{inner}</{tag}>" if inner else f"<{tag}{told}/>"


def _document(suites: Iterable[str]) -> str:
    inner = _element("testsuites", "\n".join(("", *suites, "")), name="bumper")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inner}\n'
