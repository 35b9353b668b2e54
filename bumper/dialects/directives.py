"""Our own comments: `# bumper: policy=patch`, on a line of the image or in the comment above it. Pure.

image: postgres:16.3   # bumper: policy=minor environment=follow
# bumper: ignore until=2026-03-01 reason="pg 17 needs pgvector 0.8"
image: postgres:16.3
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.settings import KEYS, OWN, word
from bumper.dialects.base import Row
from bumper.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "directives"
WORDS = ("bumper:",)
_DIRECTIVE = re.compile(r"(?:^|#|\s)bumper:\s*(?P<words>.*)")
_WORD = re.compile(r"""(?P<key>[A-Za-z-]+)(?:=(?P<value>"[^"]*"|'[^']*'|\S+))?(?:\s+|$)""")
ROWS = (
    Row("ignore", "", "Nothing is proposed; with `until=` for a time, with `reason=` in words."),
    Row("pin", "", "A digest is added where there is none."),
    Row("image", "a name", "The image of a tag that stands alone; what finds images reads it."),
    Row("monitor", "", "What is newer is reported and notified, never proposed."),
    *(
        Row(key, *OWN.get(key, ("as in the config", "The same key as in the config file.")))
        for key in KEYS
    ),
)


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the comments beside a use say; see `dialects.base.Dialect`."""
    for comment in beside.comments:
        match = _DIRECTIVE.search(comment.value)
        if match is None:
            continue
        try:
            words = [(key, value) for key, value in _words(match["words"]) if key != "image"]
            yield from [word(key, value, comment.source) for key, value in words]
        except ValueError as error:
            yield Problem(comment.path, comment.line, "bad-directive", str(error))


def _words(text: str) -> Iterator[tuple[str, str | None]]:
    rest = text.strip()
    while rest:
        match = _WORD.match(rest)
        if match is None:
            raise ValueError(f"cannot read {rest!r} in this comment")
        value = match["value"]
        yield match["key"], None if value is None else value.strip("\"'")
        rest = rest[match.end() :]
