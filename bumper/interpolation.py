"""A compose value with its variables filled in, each character's origin kept. Pure.

Only what the text itself says is used: the default of `${VAR:-default}` and of `${VAR-default}`.
Source: the Compose specification, "Interpolation".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bumper.text import Span

__all__ = ["Filled", "fill"]

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|\{(?P<braced>\w+)(?::?-(?P<default>[^{}$]*)|(?P<other>[^}]*))\}|(?P<bare>\w+))"
)


@dataclass(frozen=True, slots=True)
class Filled:
    """The text after filling in, and where each of its characters stands in the text before."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> Span | None:
        """Give the place of some characters of the filled text; None if they are not in one piece."""
        first, last = self.origins[start], self.origins[end - 1]
        return Span(first, last + 1) if last - first == end - 1 - start else None


def fill(text: str) -> Filled | None:
    """Fill in every default; None if a variable without one stands in the text."""
    pieces: list[str] = []
    origins: list[int] = []
    position = 0
    for match in _VARIABLE.finditer(text):
        if match["dollar"] is None and match["default"] is None:
            return None
        kept = match.span("default") if match["dollar"] is None else match.span("dollar")
        for start, end in ((position, match.start()), kept):
            pieces.append(text[start:end])
            origins += range(start, end)
        position = match.end()
    pieces.append(text[position:])
    origins += range(position, len(text))
    return Filled("".join(pieces), tuple(origins))
