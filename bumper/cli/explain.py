"""`bumper explain`: for every tag of an image, why or why not; for a key of the config, what it means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("explain")
@click.argument("image", metavar="IMAGE:TAG|KEY")
@click.option("--policy", metavar="POLICY", help="Judge by this policy instead of the settings.")
@click.option(
    "--tags",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Judge the tags in FILE, one a line, - for stdin; no network.",
)
@common
def command(options: Options, image: str, policy: str | None, tags: Path | None) -> int:
    """Say of every tag of an image whether it may be taken, and why not; or what a key of the config means.

    A word that is a key, as `policy` or `pull-requests.limit`, is one; `policy:latest` would be an image.
    """
    from bumper.cli import manual, output  # noqa: PLC0415 - see `scan`

    if told := manual.page(image):
        output.result(f"{told}\n", options)
        return 0
    if not set(image) & set(":@/") and (meant := manual.near(image)):
        output.note(f"{image} is no key of the config; did you mean {meant!r}?", options)
    from bumper.cli import explanation  # noqa: PLC0415 - as above

    return explanation.explain(options, image, policy, tags)
