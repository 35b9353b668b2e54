"""`bumper report`: how things stand, as a page or in any other format. Writes one file at most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("report")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="BUMPER_OUTPUT",
    show_envvar=True,
    help="Write to FILE; else to stdout.",
)
@common
def command(options: Options, *, target: Path | None) -> int:
    """Report every image, by default as one HTML page that loads nothing from elsewhere.

    Looks up as `plan` does. The bytes are the same for the same findings where SOURCE_DATE_EPOCH is set.
    """
    from bumper.cli import reporting  # noqa: PLC0415 - see `scan`

    return reporting.report(options, target)
