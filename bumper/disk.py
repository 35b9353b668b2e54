"""Files of a folder as they lie on disk: regular ones of a sane size, never by way of a link.

What Git tracks is asked of `worktree`; what a file holds, of `discover`.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MOST_BYTES", "contents", "is_plain", "walk"]

MOST_BYTES = 5 * 1024 * 1024
# Never through a link, never waiting for the other end of a pipe; on Windows, bytes as they are.
_READ = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    _READ |= getattr(os, _flag, 0)


def walk(folder: Path) -> Iterator[str]:
    """Yield the path of every file below a folder that is no Git repository, sorted."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        start = Path(parent).relative_to(folder).as_posix()
        yield from (name if start == "." else f"{start}/{name}" for name in sorted(names))


def is_plain(folder: Path, path: str) -> bool:
    """Say whether a path below a folder is a regular file that no link leads to."""
    here = folder.resolve()
    place = here / path
    try:
        return place.resolve() == place and place.is_file()
    except OSError:
        return False


def contents(folder: Path, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file that is one, no link leads to and we may read.

    One that is larger than `MOST_BYTES` comes with a byte more than that. Each folder is looked at
    once: to resolve the path of 10,000 files takes longer than to read them.
    """
    top = str(folder.resolve())
    plain: dict[str, bool] = {}
    for path in paths:
        parent, _, name = f"{top}/{path}".rpartition("/")
        if parent not in plain:
            plain[parent] = os.path.realpath(parent) == os.path.normpath(parent)
        found = _read(f"{parent}/{name}") if plain[parent] else None
        if found is not None:
            yield path, found


def _read(path: str) -> bytes | None:
    try:
        handle = os.open(path, _READ)
    except OSError:
        return None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            return None
        # As much as there is: a buffer of 5 MiB each time costs more than the reading.
        return os.read(handle, min(facts.st_size, MOST_BYTES) + 1)
    except OSError:
        return None
    finally:
        os.close(handle)
