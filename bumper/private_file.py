"""A file that only we may read and write, made or checked before anything is put in it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["make"]


def make(path: Path) -> None:
    """Make the file readable for us alone; refuse one that is not ours.

    Raises:
        OSError: It belongs to somebody else, is a link or no file, or cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    facts = path.lstat()
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(f"{path.name} is no file")
    if os.name != "posix":
        return
    if facts.st_uid != os.geteuid():
        raise OSError(f"{path.name} belongs to somebody else")
    if facts.st_mode & 0o077:
        # What others could write, others may have written.
        path.unlink()
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
