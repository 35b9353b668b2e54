"""`bumper diff`: what is different inside two images. Asks their registries, writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("diff")
@click.argument("before", metavar="IMAGE:TAG")
@click.argument("after", metavar="IMAGE:TAG|TAG")
@click.option("--platform", metavar="OS/ARCH", help="Compare the images for this platform.")
@common
def command(options: Options, before: str, after: str, platform: str | None) -> int:
    """Show what changed inside an image: user, volumes, ports, commands, variables, platforms.

    Layers are not looked into. Without --platform, the first one that both have is compared.
    """
    from bumper.cli import difference  # noqa: PLC0415 - see `scan`

    return difference.show(options, before, after, platform)
