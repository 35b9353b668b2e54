"""Users' regular expressions under a hard bound: no expression may hold a run for a second.

Not pure in one way: the bound is a clock's. The same expression on the same texts gives the same
answer, or the same error.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BadPatternError", "Pattern", "compile_pattern"]

BUDGET_SECONDS = 1.0


class BadPatternError(ValueError):
    """An expression that is wrong, or that took longer than a second."""


class Pattern:
    """A compiled expression and the time it has left, in seconds."""

    __slots__ = ("_compiled", "_known", "_left", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = BUDGET_SECONDS
        self._known: dict[str, dict[str, str] | None] = {}
        try:
            self._compiled = regex.compile(text, regex.VERSION0)
        except regex.error as error:
            raise BadPatternError(f"bad regular expression {text!r}: {error}") from error

    @property
    def names(self) -> frozenset[str]:
        """The names of the expression's groups."""
        return frozenset(self._compiled.groupindex)

    def spans(self, text: str) -> Iterator[dict[str, tuple[int, int]]]:
        """Yield where each named group of each match stands in a text.

        Raises:
            BadPatternError: The expression takes more than a second.
        """
        try:
            for match in self._compiled.finditer(text, timeout=BUDGET_SECONDS):
                yield {name: match.span(name) for name in self.names if match[name] is not None}
        except TimeoutError as error:
            raise BadPatternError(
                f"regular expression {self.text!r} takes more than a second; make it simpler"
            ) from error

    def groups(self, tag: str) -> dict[str, str] | None:
        """Give the named groups where the expression is found in the tag, None where it is not.

        Raises:
            BadPatternError: The expression has used up its second.
        """
        if tag in self._known:
            return self._known[tag]
        start = time.perf_counter()
        try:
            if self._left <= 0:
                raise TimeoutError  # noqa: TRY301 - used up, as if this search had done it
            match = self._compiled.search(tag, timeout=self._left)
        except TimeoutError as error:
            self._left = 0.0
            raise BadPatternError(
                f"regular expression {self.text!r} takes more than a second; make it simpler"
            ) from error
        self._left -= time.perf_counter() - start
        self._known[tag] = None if match is None else match.groupdict(default="")
        return self._known[tag]


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Compile an expression once.

    Raises:
        BadPatternError: It is no regular expression; the message names the place.
    """
    return Pattern(text)
