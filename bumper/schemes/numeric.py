"""The scheme `numeric`: the tag is one number, as builds are counted. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.schemes.base import Piece, Version

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NAME", "alike", "parse", "pieces"]

NAME = "numeric"
_NUMBER = re.compile(r"[0-9]{1,128}", re.ASCII)


def parse(tag: str) -> Version | None:
    """Read a tag; None if it is not one whole number."""
    if not _NUMBER.fullmatch(tag):
        return None
    return Version(tag, "count", "", "#", (int(tag),), ((int(tag),), ()))


def pieces(tag: str) -> tuple[Piece, ...]:
    """Give the number."""
    return (Piece("version", tag),) if _NUMBER.fullmatch(tag) else ()


def alike(tag: str) -> Callable[[str], Version | None]:
    """Give `parse`: every number compares with every other."""
    return parse if _NUMBER.fullmatch(tag) else lambda _: None
