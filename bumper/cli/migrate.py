"""`bumper migrate`: the config that says what other systems' settings say, and the proof. Asks nobody."""

from __future__ import annotations

from pathlib import Path
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
@click.option(
    "--env-file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What Watchtower, Shepherd or Keel was started with, as NAME=value lines; repeatable.",
)
@click.option(
    "--command",
    "commands",
    multiple=True,
    metavar="TEXT",
    help="How one was started: `docker run -e … containrrr/watchtower --flag …`; repeatable.",
)
@click.option(
    "--branch", is_flag=True, help="Open a pull request with the file, and these lists as its text."
)
@click.option("--write", is_flag=True, help="Write bumper.yaml too.")
@click.option("--force", is_flag=True, help="Let --write replace a config file that is there.")
def command(
    options: Options,
    names: tuple[str, ...],
    files: tuple[Path, ...],
    commands: tuple[str, ...],
    *,
    branch: bool,
    write: bool,
    force: bool,
) -> int:
    """Print the bumper.yaml that says what the settings of other systems here say.

    Three lists tell what became of each setting; then every image is decided by both readings.
    Exit 1 if something cannot be said, or an image is decided otherwise.
    """
    # Imported here: `bumper --help` reads every verb and must not load the line.
    from bumper.cli import migration, output  # noqa: PLC0415

    wish = migration.Wish(names, (files, commands), write, force, branch)
    return migration.run(options, wish, as_json=output.style(options) == "json")
