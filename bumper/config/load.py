"""Where the config file is, and its text. The only part of `config` that touches files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.config.read import Loaded, read
from bumper.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NAMES", "find", "load"]

NAMES = (
    "bumper.yaml",
    ".bumper.yaml",
    ".github/bumper.yaml",
    ".gitea/bumper.yaml",
    ".forgejo/bumper.yaml",
)
_MOST_BYTES = 1024 * 1024


def find(folder: Path) -> Path | None:
    """Find the config file below a folder; None if there is none.

    Raises:
        UsageError: There are two, and only one can count; or one that would count for nothing.
    """
    found = []
    for name in NAMES:
        path, near = folder / name, folder / f"{name.removesuffix('yaml')}yml"
        if path.is_file():
            found.append(path)
        elif path.exists() or path.is_symlink():
            raise UsageError(f"{name}: is no file that can be read", code="no-config")
        if near.is_file():
            problem = f"{name.removesuffix('yaml')}yml: no config is read from this name"
            raise UsageError(problem, code="no-config", hint=f"name it {name}")
    if len(found) > 1:
        names = " and ".join(path.relative_to(folder).as_posix() for path in found)
        raise UsageError(f"two config files: {names}", code="two-configs", hint="keep one of them")
    return found[0] if found else None


def load(folder: Path, explicit: Path | None = None) -> Loaded:
    """Load the config of a folder, or a named one; without a file, the defaults.

    Raises:
        UsageError: The file cannot be read.
        ConfigError: It has mistakes.
    """
    path = explicit or find(folder)
    if path is None:
        return Loaded()
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as a config file", code="no-config") from error
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path}: larger than a mebibyte", code="no-config")
    shown = path.name if explicit else path.relative_to(folder).as_posix()
    return read(shown, text)
