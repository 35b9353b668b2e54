"""A value with its variables filled in, each character's origin kept. Pure.

Only what is written down is used: the default of `${VAR:-default}` and of `${VAR-default}`, which may
hold variables again, and the values of the variables that are given (a `.env` file, an `ARG`).
Source: the Compose specification, "Interpolation"; the Dockerfile reference, "Environment replacement".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Filled", "Source", "fill"]

_OPENING = re.compile(
    r"\$(?:(?P<dollar>\$)|\{(?P<braced>\w+)(?P<sign>:?[-+?])?|(?P<bare>[A-Za-z_]\w*))", re.ASCII
)
_DEEPEST = 8
# Where a character comes from: the name of a variable (None: the text itself), and the offset there.
Source = tuple[str | None, int]


@dataclass(frozen=True, slots=True)
class Filled:
    """The text after filling in, and where each of its characters comes from."""

    text: str
    sources: tuple[Source, ...]

    def span(self, start: int, end: int) -> tuple[str | None, Span] | None:
        """Give the variable (None: the text) and the place of some characters of the filled text.

        None if they are not in one piece.
        """
        first, last = self.sources[start], self.sources[end - 1]
        if first[0] != last[0] or last[1] - first[1] != end - 1 - start:
            return None
        return first[0], Span(first[1], last[1] + 1)


def fill(text: str, variables: Mapping[str, str] | None = None) -> Filled | None:
    """Fill in every variable; None if one stands in the text that nothing gives a value to."""
    known = variables or {}
    sources = _fill(text, 0, len(text), known, 0)
    if sources is None:
        return None
    filled = "".join(text[i] if name is None else known[name][i] for name, i in sources)
    return Filled(filled, tuple(sources))


def _fill(
    text: str, start: int, end: int, variables: Mapping[str, str], depth: int
) -> list[Source] | None:
    """Give the sources of what a stretch of the text becomes."""
    sources: list[Source] = []
    position = start
    while match := _OPENING.search(text, position, end):
        sources += ((None, i) for i in range(position, match.start()))
        position = match.end()
        if match["dollar"] is not None:
            sources.append((None, match.start("dollar")))
            continue
        name = match["braced"] or match["bare"]
        close = position if match["bare"] else _closing(text, position, end)
        if close is None:
            return None
        inner = _value(text, (position, close), match["sign"] or "", name, variables, depth)
        if inner is None:
            return None
        sources += inner
        position = close if match["bare"] else close + 1
    return [*sources, *((None, i) for i in range(position, end))]


def _value(
    text: str,
    inside: tuple[int, int],
    sign: str,
    name: str,
    variables: Mapping[str, str],
    depth: int,
) -> list[Source] | None:
    """Give the sources of one variable's value, or of its default."""
    value = variables.get(name)
    default_counts = value is None if sign == "-" else not value
    if sign.endswith("-") and default_counts:
        return None if depth > _DEEPEST else _fill(text, *inside, variables, depth + 1)
    if value is None or sign.endswith("+"):
        return None
    return [(name, i) for i in range(len(value))]


def _closing(text: str, start: int, end: int) -> int | None:
    """Find the brace that closes a variable whose name or default ends or begins at `start`."""
    depth = 1
    for position in range(start, end):
        if text[position] == "}":
            depth -= 1
            if not depth:
                return position
        elif text.startswith("${", position):
            depth += 1
    return None
