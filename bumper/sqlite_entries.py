"""What an entry of the cache's file is: its key, the seal that says it is whole, how long it stays."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = ["MOST_DAYS", "digest", "opened", "prune", "sealed"]

MOST_DAYS = 60
_CHECK = 16


def digest(namespace: str, key: str) -> bytes:
    """Give the key that an entry has in the file."""
    text = f"{namespace}\0{key}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=20).digest()


def sealed(key: bytes, value: bytes) -> bytes:
    """Give a value with the seal of its own key before it."""
    return blake2b(value, key=key, digest_size=_CHECK).digest() + value


def opened(key: bytes, value: object) -> bytes | None:
    """Give the value if it is whole and stands under its own key."""
    if not isinstance(value, bytes):
        return None
    body = value[_CHECK:]
    return body if sealed(key, body)[:_CHECK] == value[:_CHECK] else None


def prune(database: Connection, today: int, most_bytes: int) -> None:
    """Drop what nobody asked for in two months, then the oldest quarters until the file fits."""
    kept = (today - MOST_DAYS, today + 1)
    database.execute("delete from entry where used not between ? and ?", kept)
    while _bytes(database) > most_bytes:
        database.execute(
            "delete from entry where key in"
            " (select key from entry order by used limit (select count(*) / 4 + 1 from entry))"
        )


def _bytes(database: Connection) -> int:
    pages, free, size = (
        int(database.execute(f"pragma {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size
