"""What a verb ends with: the report it prints, what it says on stderr, its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bumper import catalog
from bumper.cli import output
from bumper.model import Failure

if TYPE_CHECKING:
    from bumper.cli.options import Options
    from bumper.model import Outcome, Problem, Report

__all__ = ["exit_code", "show", "tell"]


def show(kind: str, record: Any, options: Options) -> None:  # noqa: ANN401 - a Scan or a Report
    """Print a scan or a plan as the flags want it."""
    member = catalog.REPORTS[output.style(options)]
    output.result(getattr(member, kind)(record, width=output.width()), options)


def tell(problems: tuple[Problem, ...], outcomes: tuple[Outcome, ...] = ()) -> None:
    """Say on stderr what could not be read or looked up: one line each, and what to do."""
    for problem in problems:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        output.error(place, problem.code, problem.reason, problem.hint)
    said: set[tuple[str, str]] = set()
    for outcome in outcomes:
        # A setting that cannot be read was told above, with the line it stands on.
        told = outcome.code == "bad-setting" and bool(problems)
        if isinstance(outcome, Failure) and not told and (outcome.code, outcome.reason) not in said:
            said.add((outcome.code, outcome.reason))
            place = f"{outcome.use.path}:{outcome.use.line}"
            output.error(place, outcome.code, outcome.reason, outcome.hint)


def exit_code(report: Report) -> int:
    """Give 0 where all is known, 3 where nothing is, 4 where some is not."""
    failed = [outcome for outcome in report.outcomes if outcome.status == "failed"]
    asked = [outcome for outcome in report.outcomes if outcome.status != "ignored"]
    refused = [done for done in report.published if done.operation == "failed"]
    if failed and len(failed) == len(asked):
        return 3
    if refused and len(refused) == len(report.published):
        return 3
    return 4 if failed or refused or report.problems else 0
