"""`bumper set`: a tag or digest that is known already, written everywhere. Asks no registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("set")
@click.argument("targets", nargs=-1, required=True, metavar="IMAGE[:CURRENT]=[TAG][@DIGEST]…")
@click.option(
    "--dry-run", is_flag=True, envvar="BUMPER_DRY_RUN", show_envvar=True, help="Only show it."
)
@common
def command(options: Options, targets: tuple[str, ...], *, dry_run: bool) -> int:
    """Set the tag or digest of an image in every file; CURRENT limits it to uses at that tag.

    Exit 1 if no use matched.
    """
    from bumper import overwrite, run  # noqa: PLC0415 - see `scan`
    from bumper.cli import files, output, results, session  # noqa: PLC0415 - as above
    from bumper.model import Bump, Report  # noqa: PLC0415 - as above

    wanted = overwrite.targets(targets)
    work = session.Session(options)
    reading = work.read()
    outcomes = run.prove(reading, overwrite.overwrite(reading.scan.uses, wanted))
    bumps = [outcome for outcome in outcomes if isinstance(outcome, Bump)]
    changed = run.edited(reading, bumps)
    if not dry_run:
        files.write(work.options.root, reading.texts, changed)
    report = Report(outcomes, reading.scan.problems)
    results.show("plan", report, options)
    results.tell(report.problems, outcomes)
    if dry_run and changed:
        output.note("a dry run: no file was changed", options)
    if not outcomes:
        output.note("no use of these images", options)
        return 1
    # Held: another image takes its tag from the same place. Not done, and nobody may think it was.
    held = any(outcome.status == "hold" for outcome in outcomes)
    return results.exit_code(report) or (4 if held else 0)
