"""Files that hang together over a folder: `.env` files and the compose files that take their values.

Read before the others, and only where a folder has such a file at all.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from bumper import discover, yaml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bumper.choice import Choice
    from bumper.model import Blob

__all__ = ["of"]

_VARIABLE = b"$"


class _Files(Protocol):
    """See `reading.Files`."""

    def blobs(self, wanted: Callable[[str], bool]) -> Iterator[Blob]: ...
    def contents(self, blobs: Sequence[Blob]) -> Iterator[bytes | None]: ...


def of(files: _Files, choice: Choice) -> dict[str, dict[str, str]]:
    """Give, by path, the texts of the other files that a file hangs together with, by name."""
    folders = {
        _folder(blob.path)
        for blob in files.blobs(lambda path: discover.is_environment(path) and choice.is_open(path))
    }
    if not folders:
        return {}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    blobs = list(files.blobs(lambda path: _folder(path) in folders and choice.is_open(path)))
    for blob, content in zip(blobs, files.contents(blobs), strict=True):
        name = blob.path.rpartition("/")[2]
        gives = discover.is_environment(name)
        if content is not None and (gives or (yaml_text.is_yaml(name) and _VARIABLE in content)):
            found[_folder(blob.path)][name] = content.decode("utf-8", "replace")
    return {
        f"{folder}/{name}" if folder else name: _others(name, texts)
        for folder, texts in found.items()
        for name in texts
    }


def _others(name: str, texts: dict[str, str]) -> dict[str, str]:
    """Give the files on the other side: those that take for one that gives, and the reverse."""
    gives = discover.is_environment(name)
    return {one: text for one, text in texts.items() if discover.is_environment(one) != gives}


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
