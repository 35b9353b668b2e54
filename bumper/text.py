"""Spans of a text, and splicing them. Pure.

Offsets count characters of the decoded text, newlines kept as they are; they are not bytes.
Which spans may be changed, and to what, is decided in `edit`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from bumper.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Edit", "Lines", "Span", "splice"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters from `start` up to, not including, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Give the characters of `text` that the span covers."""
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """Give the same span `offset` characters further on."""
        return Span(self.start + offset, self.end + offset)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `new` in the place of `old`, which must stand at `span`."""

    span: Span
    old: str
    new: str


class Lines:
    """Where each line of a text begins, to turn offsets into lines and columns.

    Only LF, CR and CRLF end a line, as in an editor; U+2028 and its like do not.
    """

    __slots__ = ("_known", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: list[int] | None = None

    @property
    def _starts(self) -> list[int]:
        if self._known is None:
            self._known = self._count()
        return self._known

    def _count(self) -> list[int]:
        text = self._text
        # Line by line without a turn of Python for each: every length and one for the LF, added up.
        starts = [0, *accumulate(map((1).__add__, map(len, text.split("\n"))))]
        del starts[-1]
        if "\r" in text:
            lone = (i + 1 for i, c in enumerate(text) if c == "\r" and text[i + 1 : i + 2] != "\n")
            starts = sorted({*starts, *lone})
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Give the line and the column of an offset, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def bounds(self, line: int) -> Span:
        """Give the span of a line counted from 1, its line end included; empty beyond the last."""
        if not 1 <= line < len(self._starts):
            start = self._starts[-1] if line == len(self._starts) else -1
            return Span(start, 1 << 62) if start >= 0 else Span(0, 0)
        return Span(self._starts[line - 1], self._starts[line])


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Put every edit's new characters in place; what stands between them stays.

    Equal edits count once (an anchor read by many uses is written once).

    Raises:
        EditError: Two edits overlap, or the text at a span is not what the edit expects.
    """
    pieces: list[str] = []
    done = 0
    last = -1
    for edit in sorted(set(edits)):
        # Two insertions at one place have no order.
        if edit.span.start < done or edit.span.start == last:
            raise EditError("two changes overlap", code="edit-overlap")
        if edit.span.of(text) != edit.old:
            raise EditError("the text to change is no longer there", code="edit-moved")
        pieces += (text[done : edit.span.start], edit.new)
        done, last = edit.span.end, edit.span.start
    return "".join((*pieces, text[done:]))
