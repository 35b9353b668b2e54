"""The name of the action's installation: one for each Python and each state of the source. Standard library only.

Started as a script by `action.sh`; `@main` moves under one version, so the files themselves count.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

__all__ = ["key"]


def key(source: Path) -> str:
    """Give a name of the content of every file that is installed, and of the Python that runs this."""
    files = [source / "pyproject.toml", *sorted((source / "bumper").rglob("*"))]
    told = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            name = file.relative_to(source).as_posix().encode()
            told.update(b"%d %s %d " % (len(name), name, file.stat().st_size) + file.read_bytes())
    return f"{told.hexdigest()[:16]}-py{sys.version_info[0]}.{sys.version_info[1]}"


if __name__ == "__main__":
    sys.stdout.write(f"{key(Path(sys.argv[1]))}\n")
