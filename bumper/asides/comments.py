"""The comments that belong to some lines of a text: behind them, or alone right above them. Pure.

A blank line ends a comment. `#` and what other languages write: `//`, `--`, `;`, `<!-- -->`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.text import Lines

__all__ = ["of_lines"]

_BEHIND = re.compile(r"(?<=\s)(?:#|//|--|;|<!--)(?P<words>[^\r\n]*)")
_ALONE = re.compile(r"\s*(?:#|//|--(?!-)|;|<!--)(?P<words>[^\r\n]*)")
_MOST_LINES = 10


def of_lines(path: str, text: str, lines: Lines, numbers: Iterable[int]) -> Iterator[Mark]:
    """Yield the comments behind the lines, then those above each; their words are the value."""
    wanted = sorted(set(numbers))
    for number in wanted:
        line = lines.bounds(number).of(text)
        match = None if _ALONE.match(line) else _BEHIND.search(line)
        if match is not None:
            yield _mark(match, path, number)
    for number in wanted:
        for above in range(number - 1, max(number - 1 - _MOST_LINES, 0), -1):
            match = _ALONE.match(lines.bounds(above).of(text))
            if match is None:
                break
            yield _mark(match, path, above)


def _mark(match: re.Match[str], path: str, number: int) -> Mark:
    return Mark("", match["words"].strip().removesuffix("-->").strip(), path, number, "comment")
