"""`bumper doctor`: what is missing before `run` can do its work. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("doctor")
@common
def command(options: Options) -> int:
    """Check Python, Git, the config, the token and its rights, the registries, the clock.

    Each line is a mark, a word and, where something is wrong, one fix. Exit 1 if something is broken.
    """
    from bumper.cli import checkup  # noqa: PLC0415 - see `scan`

    return checkup.checkup(options)
