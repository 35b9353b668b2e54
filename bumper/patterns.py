"""Users' regular expressions under a hard bound: none may hold a run for more than a second.

The second is all that an expression has, over every tag of every image, until `renew` begins another
run; what it already found costs nothing again. Length and repeats are bounded before it is compiled,
since that has no clock. Not pure in this way alone: the same expression on the same texts gives the
same answer, or the same error.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BadPatternError", "Pattern", "compile_pattern", "renew"]

BUDGET_SECONDS = 1.0
_LONGEST = 2000
_MOST_REPEATS = 10_000
_MOST_KNOWN = 100_000
# An escape, a class of characters, a counted repeat (by its least count), a bracket, or a character.
_ITEMS = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\s*(?P<count>[0-9]+)[0-9,\s]*\}|[()]|.", re.DOTALL
)


class BadPatternError(ValueError):
    """An expression that is wrong, or that took longer than a second."""


class Pattern:
    """A compiled expression and the time it has left, in seconds."""

    __slots__ = ("_compiled", "_known", "_left", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = BUDGET_SECONDS
        self._known: dict[str, dict[str, str] | None] = {}
        _check(text)
        try:
            self._compiled = regex.compile(text, regex.VERSION0)
        except (regex.error, RecursionError, MemoryError, OverflowError) as error:
            words = str(error) or "it is nested too deeply"
            raise BadPatternError(f"bad regular expression {text!r}: {words}") from error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def names(self) -> frozenset[str]:
        """The names of the expression's groups."""
        return frozenset(self._compiled.groupindex)

    def spans(self, text: str) -> Iterator[dict[str, tuple[int, int]]]:
        """Yield where each named group of each match stands in a text.

        Raises:
            BadPatternError: The expression takes more than a second.
        """
        with self._timed():
            matches = list(self._compiled.finditer(text, timeout=self._left))
        for match in matches:
            yield {name: match.span(name) for name in self.names if match[name] is not None}

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Take what a search needs from the second that is left.

        Raises:
            BadPatternError: Nothing is left, or the search used it up.
        """
        start = time.perf_counter()
        try:
            if self._left <= 0:
                raise TimeoutError  # noqa: TRY301 - used up, as if this search had done it
            yield
        except TimeoutError as error:
            self._left = 0.0
            raise BadPatternError(
                f"regular expression {self.text!r} takes more than a second; make it simpler"
            ) from error
        self._left -= time.perf_counter() - start

    def groups(self, tag: str) -> dict[str, str] | None:
        """Give the named groups where the expression is found in the tag, None where it is not.

        Raises:
            BadPatternError: The expression has used up its second.
        """
        if tag in self._known:
            return self._known[tag]
        with self._timed():
            match = self._compiled.search(tag, timeout=self._left)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[tag] = None if match is None else match.groupdict(default="")
        return self._known[tag]


def _check(text: str) -> None:
    """Refuse what could not even be compiled in time.

    Raises:
        BadPatternError: It is too long, or repeats within repeats too often.
    """
    if len(text) > _LONGEST:
        raise BadPatternError(
            f"regular expression {text[:40]!r}…: longer than {_LONGEST} characters"
        )
    if _size(text) > _MOST_REPEATS:
        raise BadPatternError(f"regular expression {text!r}: repeats more than 10,000 times")


def _size(text: str) -> int:
    """Give about how long an expression is once its counted repeats are written out."""
    open_groups, total, last = [], 0, 0
    for match in _ITEMS.finditer(text):
        item = match[0]
        if item == "(":
            open_groups.append(total + last)
            total, last = 0, 0
        elif item == ")":
            last, total = total + last, open_groups.pop() if open_groups else 0
        elif match["count"]:
            last = min(last * max(int(match["count"][:9]), 1), _MOST_REPEATS + 1)
        else:
            total, last = total + last, 1
    return total + last + sum(open_groups)


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Compile an expression once.

    Raises:
        BadPatternError: It is no regular expression; the message names the place.
    """
    return Pattern(text)


def renew() -> None:
    """Begin another run: every expression has its second again."""
    compile_pattern.cache_clear()
