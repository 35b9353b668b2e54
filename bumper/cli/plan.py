"""`bumper plan`: what would change. Asks the registries, writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options
    from bumper.model import Report

__all__ = ["command"]


@click.command("plan")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 0: no bump, 1: an error, 2: bumps.")
@click.option(
    "--fail-on",
    type=click.Choice(("never", "outdated", "major", "partial")),
    default="never",
    envvar="BUMPER_FAIL_ON",
    show_envvar=True,
    help="Exit 1 if there is any bump, a major one, or an unknown image.",
)
@click.option(
    "--why", is_flag=True, help="Say below what led to each: the settings, the tags around."
)
@common
def command(options: Options, *, detailed_exitcode: bool, fail_on: str, why: bool) -> int:
    """Show what every image would move to, and why."""
    from bumper.cli import session  # noqa: PLC0415 - see `scan`
    from bumper.model import Report  # noqa: PLC0415 - as above

    work = session.Session(options)
    reading = work.read()
    outcomes = work.look_up(reading)
    report = Report(outcomes, reading.scan.problems, (), work.requests)
    session.show("plan", report, options)
    if why:
        _show_why(report, options)
    session.tell(report.problems, outcomes)
    code = session.exit_code(report)
    bumps = [outcome for outcome in outcomes if outcome.status == "bump"]
    majors = [bump for bump in bumps if getattr(bump, "level", None) == "major"]
    found = {"never": False, "outdated": bool(bumps), "major": bool(majors), "partial": code != 0}
    if detailed_exitcode:
        return 1 if code else 2 if bumps else 0
    return 1 if found[fail_on] else code


def _show_why(report: Report, options: Options) -> None:
    """Print what led to each outcome, where a person reads; programs have it in their report."""
    from bumper.cli import output  # noqa: PLC0415 - see `scan`
    from bumper.reports import tags  # noqa: PLC0415 - as above

    if output.style(options) not in {"table", "plain"}:
        output.note("--why is for a table or plain lines", options)
        return
    lines = [line for one in report.outcomes for line in ("", *tags.why(one))]
    output.result("".join(f"{line}\n" for line in lines), options)
