"""Foreign text made harmless in what we publish: no mention, no closing word, no markup. Pure.

Tags, labels and registry messages are written by strangers. Source of what is live in a text:
CommonMark 0.31 and its extensions; GitHub's documentation, "Autolinked references", "Linking a pull
request to an issue", "Writing mathematical expressions"; Gitea's, "Automatically linked references".
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["code", "in_html", "is_plain", "printable", "prose", "quiet", "spans"]

# `&` too: an entity is a mention once it is rendered.
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~!$&])")
# What makes a line a heading, a list, a rule or the underline of a heading.
_LEADING = re.compile(r"^(?=[-+=#:])|^(\d{1,9})(?=[.)](?:\s|$))")
_SPANS = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_REFERENCE = re.compile(
    r"(?<=[@#])(?=\S|$)|(?<=!)(?=\d)|(?<=\bGH)(?=-\d)|(?<=\bwww)(?=\.)|(?<=\bmailto)(?=:)|(?<=\bxmpp)(?=:)",
    re.IGNORECASE,
)
# What calls people in a chat, and what hides an address behind words; `nginx@sha256` and a mail do neither.
_CALL = re.compile(r"(?<![\w.])@(?=[\w&!])|\](?=\()")
_BREAK = "\u200b"  # a zero-width space: the word reads the same and refers to nothing
_LONGEST = 300
_MOST = 2_000


def prose(text: str, most: int = _LONGEST) -> str:
    """Give one line of plain text: no Markdown, no HTML, nothing that refers or notifies."""
    flat = _ACTIVE.sub(r"\\\1", _flat(text, most).strip())
    led = _LEADING.sub(lambda match: f"{match[1] or ''}\\", flat)
    return _dead(led)


def code(text: str) -> str:
    """Give a code span around one line of text, whatever is in it.

    A forge finds closing words and references inside of code spans too.
    """
    # A table cell ends at a bar even inside a code span.
    flat = _dead(_flat(text, _LONGEST).replace("|", "¦"))
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") or not flat.strip() else ""
    return f"{fence}{pad}{flat or ' '}{pad}{fence}"


def spans(text: str, words: Callable[[str], str] = prose) -> str:
    """Give one line in which code spans stay what they are, and `words` makes the rest harmless."""
    found, at = [], 0
    for span in _SPANS.finditer(text := text[:_MOST]):
        found += [_between(text[at : span.start()], words), code(span[2].strip())]
        at = span.end()
    return "".join((*found, _between(text[at:], words))).strip()


def _between(text: str, words: Callable[[str], str]) -> str:
    """Give words with the blanks that part them from the code spans around."""
    told = words(text)
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{told}{' ' * after}" if told else " " * (before or after)


def in_html(text: str, most: int = _LONGEST) -> str:
    """Give one line for between two HTML tags, where no Markdown is read."""
    return _dead(html.escape(_flat(text, most).strip()))


def is_plain(address: str, *, own: bool = False) -> bool:
    """Say whether an address may stand in a link: https, and nothing that ends the link.

    `own` is one of the forge itself, which may speak plain http, as in a network of one's own.
    """
    plain = all(33 <= ord(char) < 127 and char not in "()<>[]\\\"'`|" for char in address)
    schemes = ("https://", "http://") if own else "https://"
    return address.startswith(schemes) and plain and "@" not in address and len(address) < 1_000


def quiet(text: str) -> str:
    """Give text for a chat that may read Markdown: it calls nobody, and no link hides behind words."""
    return _CALL.sub(lambda match: match[0] + _BREAK, text)


def printable(text: str) -> str:
    """Make foreign text safe for a terminal and a log: no control characters, one line."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _flat(text: str, most: int) -> str:
    """Give one line without what has no look of its own or turns the text around."""
    flat = "".join(char if char.isprintable() else " " for char in text[: 2 * most])
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _dead(text: str) -> str:
    return _REFERENCE.sub(_BREAK, text).replace("://", f":{_BREAK}//")
