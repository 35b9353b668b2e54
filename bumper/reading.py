"""Read a repository: find what stands in every file, and keep it, so that no blob is parsed twice.

The first stretch of the line. What is kept goes by the blob, its path and this very program, so it
is never out of date; a file's text is read again only where it will be edited.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bumper import __version__, catalog, discover, findings, neighbours
from bumper.cache import NoCache
from bumper.choice import Choice
from bumper.config.globs import matches_image, matches_path
from bumper.errors import EditError, TextError
from bumper.finder import Finder
from bumper.model import Blob, Scan, Skip
from bumper.second import Second

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bumper.cache import Cache
    from bumper.config.read import Loaded
    from bumper.model import ImageUse, Problem
    from bumper.second import Fresh

__all__ = ["Files", "Finder", "Held", "Reading", "read"]

_NAMESPACE = "found"
# Small batches for us, so that the second process never waits long for its next one.
_FOR_US, _FOR_SECOND = 100, 400


class Files(Protocol):
    """The files of a repository, on disk or in a commit."""

    def blobs(self, wanted: Callable[[str], bool]) -> Iterator[Blob]:
        """Yield every file whose path is wanted, sorted; with its content where that costs nothing."""
        ...

    def contents(self, blobs: Sequence[Blob]) -> Iterator[bytes | None]:
        """Yield the bytes of each file; None for one that is too large, is gone or has changed."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a repository, and the text of every file that has a use in it.

    `finder` finds the uses of one of its texts again, as `edit` wants to read its result back.
    """

    scan: Scan
    texts: Mapping[str, str]
    finder: Finder


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some files: what was found earlier (None: must be read), under which key, and what is being read."""

    blobs: list[Blob]
    keys: dict[str, str]
    scans: dict[str, Scan | None]
    fresh: Fresh


class Held:
    """Files whose bytes are at hand already."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self._files = tuple(files)

    def blobs(self, wanted: Callable[[str], bool]) -> Iterator[Blob]:
        """Yield them in their order; see `Files`."""
        return (Blob(path, "", content) for path, content in self._files if wanted(path))

    def contents(self, blobs: Sequence[Blob]) -> Iterator[bytes | None]:
        """Yield their bytes; see `Files`."""
        return (blob.content for blob in blobs)


class Texts(Mapping[str, str]):
    """The texts of some files, each read when it is first asked for."""

    def __init__(self, files: Files, blobs: dict[str, Blob]) -> None:
        self._files = files
        self._blobs = blobs
        self._known: dict[str, str] = {}

    def __getitem__(self, path: str) -> str:
        if path not in self._known:
            content = next(iter(self._files.contents([self._blobs[path]])))
            if content is None:
                raise EditError(f"{path}: has changed since it was read", code="edit-moved")
            self._known[path] = discover.decode(content)
        return self._known[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)


def read(
    files: Files | Iterable[tuple[str, bytes]],
    loaded: Loaded,
    only: Sequence[str] = (),
    kept: Cache | None = None,
) -> Reading:
    """Discover the image uses of the files, in their order; a broken file is a problem.

    `only` keeps the uses whose image or path matches one of its globs; `kept` is asked before a
    file is read, and told afterwards.
    """
    source: Files = Held(files) if not hasattr(files, "blobs") else files  # type: ignore[assignment] # told apart by the method
    uses: list[ImageUse] = []
    skips: list[Skip] = []
    problems: list[Problem] = []
    places: dict[str, Blob] = {}
    choice = Choice(loaded)
    unread = tuple(name for name in catalog.SYSTEMS if not loaded.config.compat.reads(name))
    finder = Finder(catalog.pointers(loaded.config), neighbours.of(source, choice), unread)
    told: dict[str, dict[str, Blob]] = defaultdict(dict)
    second = Second(finder, loaded.config)
    for blob, found in _found(source, choice, finder, kept or NoCache(), second):
        meant = tuple(use for use in found.uses if _meant(use, only))
        uses += meant
        skips += found.skips
        if meant or not found.uses:
            problems += found.problems
        if meant:
            places[blob.path] = blob
        for name in found.speaks:
            told[name][blob.path] = blob
    second.close()
    texts = Texts(source, places)
    for name, far in catalog.FAR_DIALECTS.items():
        if name not in told:
            continue
        files_told = Texts(source, {**told[name], **told.get(f"{name}+", {})})
        joined, complaints = far.join(files_told, texts, tuple(uses))
        uses = list(joined)
        problems += complaints
    skips += _elsewhere(getattr(source, "submodules", {}))
    scan = Scan(tuple(uses), tuple(skips), tuple(problems), dict(sorted(choice.excluded.items())))
    return Reading(scan, texts, finder)


def _elsewhere(submodules: Mapping[str, str]) -> Iterator[Skip]:
    """Say that submodules are not followed: what stands in them is to be bumped where they are kept."""
    for path, commit in submodules.items():
        reason = "a submodule is not followed: bump its images in its own repository"
        yield Skip(path, 1, 1, "submodule", "", commit[:12], "submodule", reason)


def _found(
    files: Files, choice: Choice, finder: Finder, kept: Cache, second: Second
) -> Iterator[tuple[Blob, Scan]]:
    """Yield every file that may hold a use, and what was found in it, now or earlier."""
    blobs = files.blobs(choice.takes)
    waiting: deque[_Batch] = deque()
    while taken := list(islice(blobs, _FOR_SECOND if second.is_free() else _FOR_US)):
        keys = {blob.path: f"{_key(blob)} {finder.key(blob.path)}" for blob in taken if blob.id}
        known = kept.get_many(_NAMESPACE, list(keys.values()))
        scans = {blob.path: _load(blob, known.get(keys.get(blob.path, ""))) for blob in taken}
        missing = [blob for blob in taken if scans[blob.path] is None]
        contents = files.contents(missing)
        texts = [(blob.path, text) for blob, text in zip(missing, contents, strict=True)]
        waiting.append(_Batch(taken, keys, scans, second.read(texts)))
        while waiting and waiting[0].fresh.is_done():
            yield from _taken(waiting.popleft(), kept)
    for batch in waiting:
        yield from _taken(batch, kept)


def _taken(batch: _Batch, kept: Cache) -> Iterator[tuple[Blob, Scan]]:
    """Keep what was found anew in a batch, and give all of it."""
    for path, found in batch.fresh.take():
        batch.scans[path] = found
        if path in batch.keys:
            kept.put(_NAMESPACE, batch.keys[path], findings.dump(found))
    for blob in batch.blobs:
        # What can be read again is let go.
        yield replace(blob, content=None) if blob.id else blob, batch.scans[blob.path] or Scan()


def _load(blob: Blob, content: bytes | None) -> Scan | None:
    """Give what was found in this blob earlier; None if it must be read."""
    try:
        return None if content is None else findings.load(blob.path, content)
    except TextError:
        return None


def _key(blob: Blob) -> str:
    return f"{_program()} {blob.id} {blob.path}"


@cache
def _program() -> str:
    """Give a fingerprint of the code that finds: a changed program finds something else."""
    code = blake2b(__version__.encode(), digest_size=16)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


def _meant(use: ImageUse, only: Sequence[str]) -> bool:
    image = use.reference.image
    return not only or any(
        matches_image(glob, image) or matches_path(glob, use.path) for glob in only
    )
