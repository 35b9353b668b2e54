"""The scheme `newest`: what was pushed last, by the time that the registry holds. Pure.

For tags without an order of their own, such as commits: `main-1a2b3c4`. Tags compare if they differ in
nothing but numbers and hashes. The time itself comes with the tag list; here `order` is still empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.schemes.base import Piece, Version
from bumper.schemes.pieces import HASH

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NAME", "alike", "parse", "pieces"]

NAME = "newest"
_CHANGES = re.compile(rf"((?<![A-Za-z0-9])(?:{HASH})(?![A-Za-z0-9])|[0-9]+(?:\.[0-9]+)*)")


def parse(tag: str) -> Version | None:
    """Read any tag; its shape is what stays when numbers and hashes are taken out."""
    return Version(tag, "time", "", _CHANGES.sub("#", tag), (), ())


def pieces(tag: str) -> tuple[Piece, ...]:
    """Give what may change as versions, the rest as variants."""
    texts = _CHANGES.split(tag)
    kinds = ("variant", "version")
    return tuple(Piece(kinds[n % 2], text) for n, text in enumerate(texts) if text)


def alike(tag: str) -> Callable[[str], Version | None]:
    """Give a reader of the same shape; see `schemes.base.Scheme`."""
    shape = _CHANGES.sub("#", tag)

    def read(other: str) -> Version | None:
        version = parse(other)
        return version if version is not None and version.shape == shape else None

    return read
