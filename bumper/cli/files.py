"""Writing edited texts back, and showing what changed."""

from __future__ import annotations

import difflib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bumper import disk, redact
from bumper.errors import EditError, EnvironmentFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["difference", "write", "write_text"]


def write(root: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Replace each file whose text changed, whole or not at all; its mode stays.

    Raises:
        EditError: A file has changed since it was read, is a link, or cannot be written.
    """
    for path, text in after.items():
        if text == before[path]:
            continue
        target = root / path
        if not disk.is_plain(root, path):
            raise EditError(f"{path}: a link stands in its place", code="link")
        if _bytes(target) != before[path].encode("utf-8"):
            raise EditError(f"{path}: has changed meanwhile", code="edit-moved")
        _replace(target, text.encode("utf-8"))


def write_text(path: Path, text: str) -> None:
    """Write a text of ours, without any secret.

    Raises:
        EnvironmentFailure: It cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A path that Git keeps may hold what no text can: shown, never refused.
        path.write_text(redact.clean(text), encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        problem = f"{path}: cannot be written ({error.strerror})"
        raise EnvironmentFailure(problem, code="not-writable") from error


def _bytes(path: Path) -> bytes | None:
    """Give what is in a file now, None where it is gone."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _replace(target: Path, content: bytes) -> None:
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".bumper-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        problem = f"{target}: cannot be written ({error.strerror})"
        raise EditError(problem, code="not-writable") from error


def difference(path: str, before: str, after: str) -> str:
    """Give the change of one file as a unified diff."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{path}",
        f"b/{path}",
        n=1,
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
