"""The boxes of a pull request that a person ticks, and what they ask for. Pure.

    - [ ] <!-- bumper:rebase --> …
    - [ ] <!-- bumper:skip docker.io/library/postgres=18.0 --> …
    - [ ] <!-- bumper:skip-major docker.io/library/postgres --> …

What is asked for stands in the hidden comment: words may be changed, and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

__all__ = ["Asked", "box", "ticked", "unticked"]

_VERBS = ("rebase", "skip", "skip-major")
_BOX = re.compile(
    r"^[ \t]*[-*+] \[(?P<tick>[ xX])\] <!-- bumper:(?P<verb>[a-z-]+)(?: (?P<what>[^\s<>]+))? -->",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for: `rebase`; `skip` with `image=tag`; `skip-major` with an image."""

    verb: str
    what: str = ""


def box(asked: Asked, words: str) -> str:
    """Give an empty box."""
    # "--" would end the comment.
    told = quote(asked.what, safe="/:@=+", errors="replace").replace("--", "-%2D")
    what = f" {told}" if told else ""
    return f"- [ ] <!-- bumper:{asked.verb}{what} --> {words}"


def ticked(body: str) -> tuple[Asked, ...]:
    """Give what the ticked boxes of a body ask for, in their order, each once."""
    found = [
        Asked(match["verb"], unquote(match["what"] or ""))
        for match in _BOX.finditer(body)
        if match["tick"] != " " and match["verb"] in _VERBS
    ]
    return tuple(dict.fromkeys(found))


def unticked(body: str) -> str:
    """Give a body with every box of ours empty: a tick is no change of our words."""
    return _BOX.sub(lambda match: match[0].replace(f"[{match['tick']}]", "[ ]", 1), body)
