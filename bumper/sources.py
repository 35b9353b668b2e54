"""Where the files of a repository are read: on disk, or in a commit. What is in them is not asked here.

Each fits `reading.Files`. A blob goes by the name Git has for its bytes, so that both speak of the
same thing, and what is on disk needs no index to be trusted.
"""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from bumper import disk
from bumper.model import Blob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bumper.worktree import Worktree

__all__ = ["Committed", "OnDisk", "blob_id"]


class OnDisk:
    """Files below a folder, as they lie there.

    Args:
        folder: Where the paths begin.
        paths: Which files; all below the folder if None.
        submodules: Where other repositories stand in this one, each with its commit.
    """

    def __init__(
        self,
        folder: Path,
        paths: Iterable[str] | None = None,
        submodules: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.submodules = submodules or {}
        self.paths = tuple(disk.walk(folder) if paths is None else paths)

    def blobs(self, wanted: Callable[[str], bool]) -> Iterator[Blob]:
        """Yield every wanted file with its bytes, a large one without; see `reading.Files`."""
        for path, content in disk.contents(self.folder, filter(wanted, self.paths)):
            large = len(content) > disk.MOST_BYTES
            yield Blob(path, "") if large else Blob(path, blob_id(content), content)

    def contents(self, blobs: Sequence[Blob]) -> Iterator[bytes | None]:
        """Yield the bytes of each, read again where they were let go; see `reading.Files`."""
        for blob in blobs:
            if blob.content is not None or not blob.id:
                yield blob.content
                continue
            again = dict(disk.contents(self.folder, [blob.path])).get(blob.path)
            yield again if again is not None and blob_id(again) == blob.id else None


class Committed:
    """The files of a commit."""

    def __init__(self, tree: Worktree, commit: str) -> None:
        self._tree = tree
        self._files = tree.files(commit)

    def blobs(self, wanted: Callable[[str], bool]) -> Iterator[Blob]:
        """Yield every wanted file, without its bytes; see `reading.Files`."""
        return (Blob(file.path, file.blob) for file in self._files if wanted(file.path))

    def contents(self, blobs: Sequence[Blob]) -> Iterator[bytes | None]:
        """Yield the bytes of each; see `reading.Files`."""
        return (self._tree.blob(blob.id) for blob in blobs)


def blob_id(content: bytes) -> str:
    """Give the name Git has for these bytes."""
    digest = sha1(b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()
