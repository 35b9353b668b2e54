"""`bumper migrate`: the config that says what other systems' settings say, and the proof. Asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("migrate")
@common
@click.option(
    "--from", "names", multiple=True, metavar="NAME",
    help="Only this system's settings, such as renovate or dependabot; repeatable.",
)  # fmt: skip
@click.option("--write", is_flag=True, help="Write bumper.yaml too.")
@click.option("--force", is_flag=True, help="Let --write replace a config file that is there.")
def command(options: Options, names: tuple[str, ...], *, write: bool, force: bool) -> int:
    """Print the bumper.yaml that says what the settings of other systems here say.

    Three lists tell what became of each setting; then every image is decided by both readings.
    Exit 1 if something cannot be said, or an image is decided otherwise.
    """
    # Imported here: `bumper --help` reads every verb and must not load the line.
    from bumper.cli import migration, output  # noqa: PLC0415

    return migration.run(
        options, names, write=write, force=force, as_json=output.style(options) == "json"
    )
