"""`bumper completion`: what a shell sources to complete verbs and flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["VARIABLE", "command"]

SHELLS = ("bash", "zsh", "fish")
# What click looks for when a shell asks what could stand next.
VARIABLE = "_BUMPER_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@common
def command(options: Options, shell: str) -> int:
    """Print the completion for a shell: `eval "$(bumper completion bash)"`, in fish `… | source`."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - see `scan`

    from bumper.cli import output  # noqa: PLC0415 - as above

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - click has all of SHELLS
    context = click.get_current_context()
    assert context is not None  # noqa: S101 - a verb is running
    verbs = context.find_root().command
    output.result(made(verbs, {}, "bumper", VARIABLE).source(), options)
    return 0
