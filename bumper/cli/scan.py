"""`bumper scan`: what stands in the repository. Asks nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import rich_click as click

from bumper.cli.options import common

if TYPE_CHECKING:
    from bumper.cli.options import Options

__all__ = ["command"]


@click.command("scan")
@common
def command(options: Options) -> int:
    """Show every image reference of the repository, and with -v what was skipped and why."""
    # Imported here: `bumper --help` reads every verb and must not load the line.
    from bumper.cli import output, results, session  # noqa: PLC0415

    scan = session.Session(options).read().scan
    wordy = options.verbose or output.style(options) == "json"
    results.show("scan", scan if wordy else replace(scan, skips=()), options)
    results.tell(scan.problems)
    return 4 if scan.problems else 0
