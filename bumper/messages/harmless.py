"""Foreign text made harmless in what we publish: no mention, no closing word, no markup. Pure.

Tags, labels and registry messages are written by strangers. Source of what is live in a text:
GitHub's documentation, "Autolinked references", "Linking a pull request to an issue"; Gitea's
documentation, "Automatically linked references".
"""

from __future__ import annotations

import re

__all__ = ["code", "prose"]

_ACTIVE = re.compile(r"([\\`*_\[\]<>|~!])")
_REFERENCE = re.compile(r"(?<=[@#!])(?=[\w])|(?<=\bGH)(?=-\d)")
_BREAK = "\u200b"  # a zero-width space: the word reads the same and refers to nothing
_LONGEST = 300


def prose(text: str) -> str:
    """Give one line of plain text: no Markdown, no HTML, nothing that refers or notifies."""
    flat = "".join(char if char.isprintable() else " " for char in text)[:_LONGEST]
    return _REFERENCE.sub(_BREAK, _ACTIVE.sub(r"\\\1", flat).replace("://", f":{_BREAK}//"))


def code(text: str) -> str:
    """Give a code span around one line of text, whatever is in it."""
    flat = "".join(char if char.isprintable() else " " for char in text)[:_LONGEST]
    # A table cell ends at a bar even inside a code span.
    flat = _REFERENCE.sub(_BREAK, flat.replace("|", "¦"))
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") or not flat else ""
    return f"{fence}{pad}{flat}{pad}{fence}"
