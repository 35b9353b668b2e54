"""`bumper apply`: the bumps, written into the files here. No branch, no forge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("apply")
@click.option(
    "--dry-run", is_flag=True, envvar="BUMPER_DRY_RUN", show_envvar=True, help="Only show it."
)
@common
def command(options: Options, *, dry_run: bool) -> int:
    """Edit the files in place; nothing but tags and digests changes."""
    from bumper import run  # noqa: PLC0415 - see `scan`
    from bumper.cli import files, output, results, session  # noqa: PLC0415 - as above
    from bumper.model import Bump, Report  # noqa: PLC0415 - as above

    work = session.Session(options)
    reading = work.read()
    outcomes = work.look_up(reading)
    bumps = [outcome for outcome in outcomes if isinstance(outcome, Bump)]
    changed = run.edited(reading, bumps)
    if not dry_run:
        files.write(work.options.root, reading.texts, changed)
    report = Report(outcomes, reading.scan.problems, (), work.requests)
    results.show("plan", report, options)
    results.tell(report.problems, outcomes)
    if dry_run and changed:
        output.note("a dry run: no file was changed", options)
    return results.exit_code(report)
