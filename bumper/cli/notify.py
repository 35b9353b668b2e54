"""`bumper notify`: whether the channels of the config work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.group("notify")
def command() -> None:
    """Try the channels of `notify:` in the config."""


@command.command("test")
@common
def test(options: Options) -> int:
    """Send a test message to every channel; exit 3 if one was not delivered."""
    from bumper.cli import output, session, telling  # noqa: PLC0415 - see `scan`

    work = session.Session(options)
    told = telling.test(work)
    for one in told:
        silent = "" if one.sent else "nothing sent: its `template` says nothing of a test"
        output.result(f"{one.channel}: {one.error or silent or 'delivered'}\n", options)
        if one.hint:
            output.note(f" hint: {one.hint}", options)
    if not told:
        output.note("no channel stands under `notify:` in the config", options)
    return 3 if any(one.error for one in told) else 0
