"""The hidden line by which a pull request of ours is known again. Pure.

It is data, not authority: it is signed by nothing, so believing it can only make us do less.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

__all__ = ["Marker", "digest", "length", "read", "write"]

_LINE = re.compile(r"<!-- bumper (\{.*?\}) -->")


@dataclass(frozen=True, slots=True)
class Marker:
    """What we wrote when we last touched a pull request.

    `head` is the commit we put its branch on, `title` and `body` digests of our words (a person's
    words differ), `ended` is true if we closed it ourselves.
    """

    key: str
    targets: tuple[str, ...]
    head: str
    title: str = ""
    body: str = ""
    ended: bool = False


def digest(text: str) -> str:
    """Give a short digest of a text; line ends and blanks at its end do not count."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def write(marker: Marker) -> str:
    """Give the hidden line."""
    facts = {
        "v": 1,
        "key": marker.key,
        "targets": list(marker.targets),
        "head": marker.head,
        "title": marker.title,
        "body": marker.body,
        "ended": marker.ended,
    }
    # "--" would end the comment, ">" an older reader's.
    text = json.dumps(facts, separators=(",", ":"))
    text = text.replace("--", "-\\u002d").replace(">", "\\u003e")
    return f"<!-- bumper {text} -->"


def length(key: str, targets: tuple[str, ...]) -> int:
    """Give how many characters the hidden line of a request takes."""
    return len(write(Marker(key, targets, "0" * 64, "0" * 16, "0" * 16)))


def read(body: str) -> tuple[Marker | None, str]:
    """Give the marker of a body and the body without it; None where there is none to be read."""
    match = _LINE.search(body)
    if match is None:
        return None, body
    rest = body[: match.start()] + body[match.end() :]
    try:
        facts = json.loads(match[1])
        marker = Marker(
            str(facts["key"]),
            tuple(str(target) for target in facts["targets"]),
            str(facts["head"]),
            str(facts.get("title", "")),
            str(facts.get("body", "")),
            facts.get("ended") is True,
        )
    except (ValueError, KeyError, TypeError):
        return None, rest
    return marker, rest
