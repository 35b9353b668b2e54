"""The scheme that needs no setting: a tag is text in which some numbers are a version. Pure.

`Auto` is the same with words of the config's; the module itself is the member with none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bumper.schemes import pieces as parts
from bumper.schemes import shapes, sieve
from bumper.schemes.words import WORDS, extended

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.schemes.base import Piece, Version
    from bumper.schemes.words import Words

__all__ = ["NAME", "Auto", "alike", "parse", "pieces", "with_words"]

NAME = "auto"
parse = partial(shapes.parse, words=WORDS)
pieces = partial(parts.take_apart, words=WORDS)
alike = partial(sieve.alike, words=WORDS)


@dataclass(frozen=True)
class Auto:
    """The scheme with the words that a config adds."""

    NAME = "auto"
    words: Words

    def parse(self, tag: str) -> Version | None:
        """Read a tag; see `schemes.base.Scheme`."""
        return shapes.parse(tag, self.words)

    def pieces(self, tag: str) -> tuple[Piece, ...]:
        """Give the parts of a tag; see `schemes.base.Scheme`."""
        return parts.take_apart(tag, self.words)

    def alike(self, tag: str) -> Callable[[str], Version | None]:
        """Give a quick reader of the same shape; see `schemes.base.Scheme`."""
        return sieve.alike(tag, self.words)


def with_words(environment: tuple[str, ...], prerelease: tuple[str, ...]) -> Auto:
    """Give the scheme with words that a config adds."""
    return Auto(extended(environment, prerelease))
