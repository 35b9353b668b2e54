"""`bumper run`: branches and pull requests. What the action calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli import beside
from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("run")
@click.option(
    "--dry-run",
    is_flag=True,
    envvar="BUMPER_DRY_RUN",
    show_envvar=True,
    help="Write nothing anywhere.",
)
@click.option(
    "--event",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    envvar="BUMPER_EVENT",
    show_envvar=True,
    help="Look up only what the payload in FILE says was pushed, - for stdin.",
)
@beside.fail_on
@beside.write
@common
def command(
    options: Options,
    *,
    dry_run: bool,
    event: Path | None,
    fail_on: str,
    write: tuple[tuple[str, Path], ...],
) -> int:
    """Open and update pull requests for what is newer; a second run changes nothing.

    Reads the base branch as it is committed; files, index and branches here stay as they are. In
    Actions, a `repository_dispatch`, `workflow_dispatch` or `registry_package` that names an image
    is an event as `--event` takes it.
    """
    from bumper.cli import publishing, results  # noqa: PLC0415 - see `scan`

    report = publishing.run(options, dry_run=dry_run, event=event)
    beside.write_all(report, write, options)
    return beside.failed(report, fail_on, results.exit_code(report))
