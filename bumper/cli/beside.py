"""What `plan` and `run` may be asked beside their report: to fail on a finding, to write more files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from bumper.cli.options import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.cli.options import Options
    from bumper.model import Report

__all__ = ["fail_on", "failed", "write", "write_all"]


def fail_on(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flag that makes a finding an exit code."""
    return click.option(
        "--fail-on",
        type=click.Choice(("never", "outdated", "major", "partial")),
        default="never",
        envvar="BUMPER_FAIL_ON",
        show_envvar=True,
        help="Exit 1 if there is any bump, a major one, or an unknown image.",
    )(command)


def write(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flag that writes the same report in more formats."""
    return click.option(
        "--write",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=_pairs,
        envvar="BUMPER_WRITE",
        show_envvar=True,
        help="Write the report to FILE in this format too; repeatable.",
    )(command)


def failed(report: Report, asked: str, code: int) -> int:
    """Give the exit code where a finding counts as `--fail-on` says, else `code` as it is."""
    bumps = [outcome for outcome in report.outcomes if outcome.status == "bump"]
    found = {
        "never": False,
        "outdated": bool(bumps),
        "major": any(getattr(bump, "level", None) == "major" for bump in bumps),
        "partial": code != 0,
    }
    return 1 if found[asked] else code


def write_all(report: Report, pairs: tuple[tuple[str, Path], ...], options: Options) -> None:
    """Write the report to every file that was asked for."""
    from bumper.cli import files, reporting  # noqa: PLC0415 - see `scan`

    for name, path in pairs:
        files.write_text(path, reporting.text(name, report, options))


def _pairs(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    pairs = [value.partition("=") for value in values]
    for name, _, path in pairs:
        if name not in FORMATS[1:] or not path:
            told = f"{name!r}: say FORMAT=FILE, with one of {', '.join(FORMATS[1:])}"
            raise click.BadParameter(told, context, parameter)
    return tuple((name, Path(path)) for name, _, path in pairs)
