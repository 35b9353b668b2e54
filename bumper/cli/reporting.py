"""The work of `report`: look up as `plan` does, then one text, to a file or to stdout."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bumper import catalog, remotes, worktree
from bumper.cli import files, output, results, session
from bumper.errors import UsageError, WorktreeError
from bumper.model import Report
from bumper.reports import html, wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bumper.cli.options import Options

__all__ = ["report", "text", "when"]


def report(options: Options, target: Path | None) -> int:
    """Write a report; give the exit code that `plan` would give."""
    work = session.Session(options)
    when(os.environ)  # a wrong one is told before anybody is asked
    reading = work.read()
    outcomes = work.look_up(reading)
    found = Report(outcomes, reading.scan.problems, (), work.requests)
    name = html.NAME if options.format in {None, "auto"} else str(options.format)
    told = text(name, found, options)
    if target is None:
        output.result(told, options)
    else:
        files.write_text(target, told)
        output.note(f"{target}: {wording.count(found)}", options)
    results.tell(found.problems, outcomes)
    return results.exit_code(found)


def text(name: str, found: Report, options: Options) -> str:
    """Give a report in a format; a page names the repository and the moment too."""
    if name == html.NAME:
        return html.text(found, _about(options, when(os.environ)))
    return catalog.REPORTS[name].plan(found, width=output.width())


def when(variables: Mapping[str, str]) -> datetime:
    """Give the moment that a report states: SOURCE_DATE_EPOCH where it is set, else now.

    Source: reproducible-builds.org, "SOURCE_DATE_EPOCH specification".

    Raises:
        UsageError: It is set and no number of seconds.
    """
    told = variables.get("SOURCE_DATE_EPOCH")
    if not told:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(told), UTC)
    except (ValueError, OverflowError, OSError) as error:
        hint = "set it to seconds since 1970, or not at all"
        problem = f"SOURCE_DATE_EPOCH: {told!r} is no time"
        raise UsageError(problem, code="bad-epoch", hint=hint) from error


def _about(options: Options, moment: datetime) -> html.About:
    """Name the repository by its address, else by its folder."""
    folder = options.root.resolve()
    try:
        tree = worktree.Worktree(folder)
    except WorktreeError:
        return html.About(folder.name, "", moment)
    try:
        remote = remotes.parse(tree.remote_url() or "")
        title = remote.slug if remote is not None else folder.name
        return html.About(title, tree.checked_out()[:10], moment)
    finally:
        tree.close()
