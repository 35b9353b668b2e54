"""A compose value with its variables filled in, each character's origin kept. Pure.

Only what the text itself says is used: the default of `${VAR:-default}` and of `${VAR-default}`,
which may hold variables again. Source: the Compose specification, "Interpolation".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bumper.text import Span

__all__ = ["Filled", "fill"]

_OPENING = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<braced>\w+)(?P<default>:?-)?|(?P<bare>\w+))")
_DEEPEST = 8


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
    origins = _fill(text, 0, len(text), 0)
    return None if origins is None else Filled("".join(text[i] for i in origins), tuple(origins))


def _fill(text: str, start: int, end: int, depth: int) -> list[int] | None:
    """Give the origins of what a stretch of the text becomes."""
    origins: list[int] = []
    position = start
    while match := _OPENING.search(text, position, end):
        origins += range(position, match.start())
        position = match.end()
        if match["dollar"] is not None:
            origins.append(match.start("dollar"))
            continue
        close = _closing(text, position, end) if match["default"] is not None else None
        inner = (
            None if close is None or depth > _DEEPEST else _fill(text, position, close, depth + 1)
        )
        if close is None or inner is None:
            return None
        origins += inner
        position = close + 1
    return [*origins, *range(position, end)]


def _closing(text: str, start: int, end: int) -> int | None:
    """Find the brace that closes a variable whose default begins at `start`."""
    depth = 1
    for position in range(start, end):
        if text[position] == "}":
            depth -= 1
            if not depth:
                return position
        elif text.startswith("${", position):
            depth += 1
    return None
