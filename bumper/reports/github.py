"""The report for a workflow's log: annotations at the lines of the files, then plain lines. Pure.

A runner shows ten annotations a step, so the ten most urgent are chosen. No foreign text can be a
command of its own. Source: docs.github.com, "Workflow commands", "Usage limits"; Gitea's and Forgejo's
runners print them as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.reports import ranks, wording

if TYPE_CHECKING:
    from bumper.model import Outcome, Problem, Report, Scan

__all__ = ["NAME", "plan", "scan"]

NAME = "github"
MOST = 10
_NOTICES = frozenset({"minor", "patch", "digest"})


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Annotate what could not be read, then show the references."""
    lines = [_of_problem(problem) for problem in found.problems[:MOST]]
    lines += [_plain(f"{use.path}:{use.line}  {use.reference}  {use.format}") for use in found.uses]
    return _join([*lines, *map(_plain, wording.excluded(found))])


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Annotate the most urgent findings, then show every outcome, every change and the count."""
    found = ranks.findings(report)
    commands = [*map(_of_problem, report.problems), *map(_of_finding, found)]
    lines = commands[:MOST]
    if len(commands) > MOST:
        lines.append(
            _plain(f"{len(commands) - MOST} more findings stand below, not as annotations")
        )
    lines += [
        _plain(f"{one.use.path}:{one.use.line}  {ranks.sentence(one)}") for one in report.outcomes
    ]
    lines += [_plain(line) for line in wording.changes(report)]
    return _join([*lines, _plain(wording.count(report))])


def _of_finding(outcome: Outcome) -> str:
    use, kind = outcome.use, ranks.kind(outcome)
    place = {
        "file": use.path,
        "line": str(use.line),
        "col": str(use.column),
        "endColumn": str(use.column + ranks.width(use)),
        "title": f"bumper: {kind}",
    }
    return _command("notice" if kind in _NOTICES else "warning", place, ranks.sentence(outcome))


def _of_problem(problem: Problem) -> str:
    place = {"file": problem.path, "title": f"bumper: {problem.code}"}
    if problem.line is not None:
        place["line"] = str(problem.line)
    hint = f" ({problem.hint})" if problem.hint else ""
    return _command("warning", place, f"{problem.reason}{hint}")


def _command(name: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_escaped(_flat(message))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(_flat(text)).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """Give a line that is no command: it starts with a word of ours."""
    return f"- {_flat(text)}"


def _flat(text: str) -> str:
    # The old form of a command counts anywhere in a line.
    return wording.printable(text).replace("##[", "## [")


def _join(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
