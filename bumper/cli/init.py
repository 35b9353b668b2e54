"""`bumper init`: the files that a repository needs to be kept current, made for what is found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common
from bumper.cli.starters import WHAT

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("init")
@click.argument("what", nargs=-1, type=click.Choice(tuple(WHAT)), metavar="[WHAT]…")
@click.option("--print", "printed", is_flag=True, help="Print the files, write none.")
@click.option(
    "-y", "--yes", is_flag=True, envvar="BUMPER_YES", show_envvar=True, help="Do not ask."
)
@click.option(
    "--zabbix",
    is_flag=True,
    help="Print the template to import into Zabbix 6.4 or newer, as `init zabbix` does.",
)
@common
def command(
    options: Options, what: tuple[str, ...], *, printed: bool, yes: bool, zabbix: bool
) -> int:
    """Write bumper.yaml and the workflow for the forge that is found here.

    WHAT names other files: config, github, gitea, forgejo, gitlab, woodpecker, drone, and, printed
    always, cronjob, swarm, container, pre-commit, zabbix. No file that is there is changed.
    """
    from bumper.cli import starting  # noqa: PLC0415 - see `scan`

    what = (*what, "zabbix") if zabbix and "zabbix" not in what else what
    return starting.start(options, what, printed=printed, yes=yes)
