"""The scheme `alphabetical`: tags compare as text, character by character. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.schemes.base import Piece, Version

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NAME", "alike", "parse", "pieces"]

NAME = "alphabetical"


def parse(tag: str) -> Version | None:
    """Read any tag."""
    return Version(tag, "text", "", "", (), (tag,))


def pieces(tag: str) -> tuple[Piece, ...]:
    """Give the tag: all of it counts."""
    return (Piece("version", tag),)


def alike(tag: str) -> Callable[[str], Version | None]:  # noqa: ARG001 - all texts compare
    """Give `parse`: every text compares with every other."""
    return parse
