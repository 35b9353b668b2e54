"""Files of a folder as they lie on disk: regular ones of a sane size, never by way of a link.

What Git tracks is asked of `worktree`; what a file holds, of `discover`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_BYTES", "content", "is_plain", "walk"]

MOST_BYTES = 5 * 1024 * 1024


def walk(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file below a folder that is no Git repository, sorted."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(parent, name).relative_to(folder).as_posix()
            found = content(folder, path)
            if found is not None:
                yield path, found


def is_plain(folder: Path, path: str) -> bool:
    """Say whether a path below a folder is a regular file that no link leads to."""
    here = folder.resolve()
    place = here / path
    try:
        return place.resolve() == place and place.is_file()
    except OSError:
        return False


def content(folder: Path, path: str) -> bytes | None:
    """Give a file's bytes; None if it is none, a link leads to it, it is too large or unreadable."""
    if not is_plain(folder, path):
        return None
    try:
        with (folder / path).open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError:
        return None
    return found if len(found) <= MOST_BYTES else None
