"""What `doctor` sees without a network: Python, Git, the repository, the config, the cache."""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING

from bumper import __version__, cache, worktree
from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.config import settle
from bumper.errors import BumperError, WorktreeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bumper.cli.session import Session

__all__ = ["cache_folder", "config", "git", "python", "remote", "repository"]

# `git fast-import` and `--end-of-options` are older; what is read of the configuration is not.


def python() -> Check:
    """Say which Python runs which bumper."""
    told = f"{platform.python_version()} at {sys.executable}, bumper {__version__}"
    return Check("python", GOOD, told)


def git() -> Check:
    """Say whether Git is there and new enough."""
    fix = f"install Git {'.'.join(map(str, worktree.OLDEST))} or newer"
    version = worktree.git_version()
    if version is None:
        return Check("git", BROKEN, "no git in PATH", fix)
    state = GOOD if version >= worktree.OLDEST else BROKEN
    return Check("git", state, ".".join(map(str, version)), fix)


def repository(root: Path, base: str | None = None) -> Iterator[Check]:
    """Say what would be read: the base branch, and whether all of its history is here."""
    fix = "run it inside of a clone, or name one by -C"
    try:
        tree = worktree.Worktree(root)
    except WorktreeError as error:
        yield Check("repository", BROKEN, error.message, fix)
        return
    try:
        branch, commit = tree.head(base)
        clone = "shallow, which is enough" if tree.is_shallow() else "whole"
        yield Check("repository", GOOD, f"{branch} at {commit[:10]}; the clone is {clone}")
        if not tree.remote_url():
            yield Check("remote", LOOK, "no remote `origin`", "git remote add origin URL")
    except WorktreeError as error:
        yield Check("repository", BROKEN, error.message, error.hint or fix)
    finally:
        tree.close()


def remote(root: Path) -> str | None:
    """Give the address of `origin`, None where there is none."""
    try:
        tree = worktree.Worktree(root)
    except WorktreeError:
        return None
    try:
        return tree.remote_url()
    finally:
        tree.close()


def config(work: Session) -> Iterator[Check]:
    """Say which config counts, and what in the files cannot be read."""
    told = work.loaded.path or "no file: the defaults count, `bumper init` writes one"
    yield Check("config", GOOD, told)
    try:
        scan = work.read().scan
    except BumperError as error:
        yield Check("files", BROKEN, error.message, error.hint)
        return
    files = len({use.path for use in scan.uses})
    if scan.problems:
        first = scan.problems[0]
        place = first.path if first.line is None else f"{first.path}:{first.line}"
        more = f", and {len(scan.problems) - 1} more" if len(scan.problems) > 1 else ""
        yield Check("files", LOOK, f"{place}: {first.reason}{more}", first.hint or "mend the file")
    for rule in settle.idle(work.loaded, scan.uses):
        yield Check(
            "config", LOOK, f"{rule} means no image here", "see `bumper explain rules.match`"
        )
    state = GOOD if scan.uses else LOOK
    fix = "see `bumper scan -v`, and `files.exclude` in the config"
    yield Check(
        "images", state, f"{_number(len(scan.uses), 'reference')} in {_number(files, 'file')}", fix
    )


def cache_folder() -> Check:
    """Say whether answers can be kept between runs."""
    said: list[str] = []
    cache.open_cache(os.environ, said.append).close()
    if said:
        return Check("cache", LOOK, said[0], "set BUMPER_CACHE_DIR to a folder that can be written")
    return Check("cache", GOOD, "answers are kept between runs")


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
