"""The boxes of a pull request and of the dashboard that a person ticks, and what they ask for. Pure.

    - [ ] <!-- bumper:rebase --> …
    - [ ] <!-- bumper:skip docker.io/library/postgres=18.0 --> …
    - [ ] <!-- bumper:skip-major docker.io/library/postgres --> …
    - [ ] <!-- bumper:open bumper/postgres-a942b37c --> …
    - [ ] <!-- bumper:unskip docker.io/library/postgres=18.0 --> …
    - [ ] <!-- bumper:recheck --> …

What is asked for stands in the hidden comment: words may be changed, and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["DASHBOARD", "PULL_REQUEST", "Asked", "box", "ticked", "unticked", "with_ticks"]

# Which boxes stand where: a copied one asks for nothing elsewhere.
PULL_REQUEST = ("rebase", "skip", "skip-major")
DASHBOARD = ("open", "unskip", "recheck")
_BOX = re.compile(
    r"^[ \t]*[-*+] \[(?P<tick>[ xX])\] <!-- bumper:(?P<verb>[a-z-]+)(?: (?P<what>[^\s<>]+))? -->",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for.

    `rebase`, `recheck`; `skip` and `unskip` with `image=tag`; `skip-major` with an image; `open` with a branch
    or with `image=tag`.
    """

    verb: str
    what: str = ""


def box(asked: Asked, words: str) -> str:
    """Give an empty box."""
    # "--" would end the comment.
    told = quote(asked.what, safe="/:@=+", errors="replace").replace("--", "-%2D")
    what = f" {told}" if told else ""
    return f"- [ ] <!-- bumper:{asked.verb}{what} --> {words}"


def ticked(body: str, verbs: Collection[str] = PULL_REQUEST) -> tuple[Asked, ...]:
    """Give what the ticked boxes of a body ask for, in their order, each once."""
    found = [
        _asked(match)
        for match in _BOX.finditer(body)
        if match["tick"] != " " and match["verb"] in verbs
    ]
    return tuple(dict.fromkeys(found))


def with_ticks(body: str, asked: Collection[Asked]) -> str:
    """Give a body of ours in which just these boxes are ticked, where they stand in it."""
    return _BOX.sub(
        lambda match: match[0].replace("[ ]", "[x]", 1) if _asked(match) in asked else match[0],
        unticked(body),
    )


def unticked(body: str) -> str:
    """Give a body with every box of ours empty: a tick is no change of our words."""
    return _BOX.sub(lambda match: match[0].replace(f"[{match['tick']}]", "[ ]", 1), body)


def _asked(match: re.Match[str]) -> Asked:
    return Asked(match["verb"], unquote(match["what"] or ""))
