"""What may be kept between runs: bytes by namespace and key, in the user's cache directory.

Nothing here is ever the only copy: a cache that cannot be kept is no error. Not a source of truth
either: who can write the user's files can put anything in it, so it holds only what the next run
may be wrong about without harm.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Cache", "NoCache", "folder", "open_cache"]


class Cache(Protocol):
    """Bytes by namespace and key; a miss is never an error."""

    def get(self, namespace: str, key: str) -> bytes | None:
        """Give what was kept; None where there is nothing, or nothing whole."""
        ...

    def get_many(self, namespace: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Give what was kept under any of the keys."""
        ...

    def put(self, namespace: str, key: str, value: bytes) -> None:
        """Keep a value; it is on the disk after `close` at the latest."""
        ...

    def close(self) -> None:
        """Write what waits and let the file go."""
        ...


class NoCache:
    """Keeps nothing: `--no-cache`, and where there is no place to keep it."""

    def get(self, namespace: str, key: str) -> bytes | None:  # noqa: ARG002 - the Protocol's
        """Give None."""
        return None

    def get_many(self, namespace: str, keys: Iterable[str]) -> dict[str, bytes]:  # noqa: ARG002 - the Protocol's
        """Give nothing."""
        return {}

    def put(self, namespace: str, key: str, value: bytes) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def folder(variables: Mapping[str, str]) -> Path:
    """Give the folder to keep things in: `BUMPER_CACHE_DIR`, else the platform's own for bumper."""
    named = variables.get("BUMPER_CACHE_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where nothing is named

    return user_cache_path("bumper", appauthor=False)


def open_cache(variables: Mapping[str, str], note: Callable[[str], None]) -> Cache:
    """Open the user's cache; where that cannot be, say so once and keep nothing."""
    where = folder(variables)
    try:
        from bumper.sqlite_store import NAME, Store  # noqa: PLC0415 - 6 ms that `--help` need not pay

        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store(where / NAME)
    except (OSError, ImportError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        note(f"{where}: nothing is kept between runs: {reason}")
        return NoCache()
