"""`bumper plan`: what would change. Asks the registries, writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli import beside
from bumper.cli.options import common

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.cli.options import Options
    from bumper.model import Report

__all__ = ["command"]


@click.command("plan")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 0: no bump, 1: an error, 2: bumps.")
@beside.fail_on
@beside.write
@click.option(
    "--why", is_flag=True, help="Say below what led to each: the settings, the tags around."
)
@common
def command(
    options: Options,
    *,
    detailed_exitcode: bool,
    fail_on: str,
    write: tuple[tuple[str, Path], ...],
    why: bool,
) -> int:
    """Show what every image would move to, and why."""
    from bumper.cli import output, results, session  # noqa: PLC0415 - see `scan`
    from bumper.config import settle  # noqa: PLC0415 - as above
    from bumper.model import Report  # noqa: PLC0415 - as above
    from bumper.reports import wording  # noqa: PLC0415 - as above

    work = session.Session(options)
    reading = work.read()
    outcomes = work.look_up(reading)
    report = Report(outcomes, reading.scan.problems, (), work.requests)
    results.show("plan", report, options)
    if why:
        _show_why(report, options)
    beside.write_all(report, write, options)
    for line in wording.excluded(reading.scan):
        output.note(line, options)
    for rule in () if options.only else settle.idle(work.loaded, reading.scan.uses):
        output.note(f"{rule} means no image here; see `bumper explain rules.match`", options)
    results.tell(report.problems, outcomes)
    code = results.exit_code(report)
    if detailed_exitcode:
        return 1 if code else 2 if any(one.status == "bump" for one in outcomes) else 0
    return beside.failed(report, fail_on, code)


def _show_why(report: Report, options: Options) -> None:
    """Print what led to each outcome, where a person reads; programs have it in their report."""
    from bumper.cli import output  # noqa: PLC0415 - see `scan`
    from bumper.reports import tags  # noqa: PLC0415 - as above

    if output.style(options) not in {"table", "plain"}:
        output.note("--why is for a table or plain lines", options)
        return
    lines = [line for one in report.outcomes for line in ("", *tags.why(one))]
    output.result("".join(f"{line}\n" for line in lines), options)
