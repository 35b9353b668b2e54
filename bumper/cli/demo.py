"""`bumper demo`: the main job on a sample repository, without a network."""

from __future__ import annotations

import rich_click as click

__all__ = ["command"]


@click.command("demo")
def command() -> int:
    """Show the whole job: references found, changes proposed as branches, one pull request."""
    from bumper.cli import demonstration  # noqa: PLC0415 - see `scan`

    return demonstration.demonstrate()
