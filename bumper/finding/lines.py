"""References in text that no parser reads: templates, shell, TOML, broken YAML. Pure.

Line by line: a key that ends in `image`, a colon or an equals sign, a complete reference. Only what
stands there literally counts; a comment does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding.uses import VARIABLE, complete, is_fixed, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.finding.uses import Place
    from bumper.model import ImageUse
    from bumper.text import Span

__all__ = ["scan"]

_PAIR = re.compile(
    r"""
    (?P<key>(?:\b|_|-)(?:[\w.-]*)(?:image|Image|IMAGE))["']?
    (?P<sign>[ \t]*:[ \t]+|:(?=["'])|[ \t]*=[ \t]*)
    (?P<quote>["']?)(?P<value>[A-Za-z0-9][\w./:@\[\]-]*)(?P=quote)(?=[\s,;)}\]]|$)
    """,
    re.VERBOSE | re.ASCII | re.MULTILINE,
)


def scan(place: Place, span: Span, where: str) -> Iterator[ImageUse]:
    """Yield the literal references of a stretch of text, line by line.

    A name without tag and digest counts only as the whole value of a key `image`.
    """
    text = place.document.text
    for match in _PAIR.finditer(text, span.start, min(span.end, len(text))):
        start = text.rfind("\n", 0, match.start()) + 1
        before = text[start : match.start()]
        starts = not before.strip(" \t-\"'{[,")
        # In the middle of a line only what cannot be a sentence: `"image": …`, `--image=…`.
        is_pair = starts or before[-1:] in {'"', "'"} or match["sign"] == "="
        if not is_pair or _is_comment(before) or VARIABLE.search(match["value"]):
            continue
        parsed = complete(match["value"])
        if parsed is None:
            continue
        alone = match["key"] == "image" and ":" in match["sign"] and starts
        if is_fixed(parsed) or alone:
            name = f"{where}:{match['key']}" if where else match["key"]
            yield literal(place, parsed, match.start("value"), name)


def _is_comment(before: str) -> bool:
    """Say whether the text before a match on its line makes it a comment."""
    start = before.lstrip()
    return start.startswith(("#", "//", "*", "{#", "{{/*")) or " #" in before
