"""`bumper history`: what was merged, from Git's log alone. Asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("history")
@click.option(
    "--most",
    type=click.IntRange(1, 100_000),
    default=50,
    envvar="BUMPER_MOST",
    show_envvar=True,
    show_default=True,
    help="How many to show, the newest first.",
)
@common
def command(options: Options, *, most: int) -> int:
    """Show which bumps were merged into the base branch, when, by whom, and which were reverted.

    Read from the trailers of bumper's own commits; `--only` chooses images. A squash that drops them is
    not seen.
    """
    from bumper.cli import retrospect  # noqa: PLC0415 - see `scan`

    return retrospect.history(options, most)
