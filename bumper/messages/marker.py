"""The hidden line by which a pull request of ours is known again. Pure.

It is data, not authority: it is signed by nothing, so believing it can only make us do less.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bumper.messages import boxes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import ImageUse

__all__ = ["Marker", "digest", "length", "moment", "places", "read", "write"]

# How the hidden line begins, whatever it tells.
OPENING = "<!-- bumper {"
_LINE = re.compile(r"<!-- bumper (\{.*?\}) -->")
_MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Marker:
    """What we wrote when we last touched a pull request.

    `head` is the commit we put its branch on, `title` and `body` digests of our words (a person's
    words differ), `ended` is true if we closed it ourselves, `stale` if that was because nobody
    decided. `places` are digests of the places it moves, empty where there are too many to tell.
    `bare` is true until labels, reviewers and the rest are set; `auto` is `on` where the forge was asked
    to merge it and will, `no` where it will not, `off` where it never shall; `status` is what its commit
    was given. `skipped` are targets that a person took out of it, `majors` images whose majors a person
    does not want; `held` is the moment until which it rests, `since` the one at which it got its targets,
    both in ISO 8601. `lifted` are targets that it stood against and that a person wants after all; `early` is content
    that a person wanted before it was old enough, as `image=tag@digest`. `obeyed` are the comments for
    which it was closed.
    """

    key: str
    targets: tuple[str, ...]
    head: str
    title: str = ""
    body: str = ""
    ended: bool = False
    places: tuple[str, ...] = ()
    bare: bool = False
    auto: str = ""
    status: str = ""
    skipped: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()
    held: str = ""
    since: str = ""
    stale: bool = False
    lifted: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    obeyed: tuple[str, ...] = ()


# Told in any case; the rest is told where it is set.
_ALWAYS = ("key", "targets", "head", "title", "body", "ended")


def digest(text: str) -> str:
    """Give a short digest of a text; line ends, blanks at its end and ticks do not count."""
    plain = boxes.unticked(text)
    lines = [line.rstrip() for line in plain.replace("\r\n", "\n").strip().split("\n")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def places(uses: Iterable[ImageUse]) -> tuple[str, ...]:
    """Give the places of uses in few characters, sorted; none where they are too many."""
    told = {f"{one.path}\n{one.where}" for one in uses}
    if len(told) > _MOST_PLACES:
        return ()
    return tuple(sorted(hashlib.sha256(one.encode()).hexdigest()[:8] for one in told))


def write(marker: Marker) -> str:
    """Give the hidden line."""
    told = {field.name: getattr(marker, field.name) for field in fields(marker)}
    facts = {"v": 1, **{key: value for key, value in told.items() if value or key in _ALWAYS}}
    # "--" would end the comment, ">" an older reader's.
    text = json.dumps(facts, separators=(",", ":"))
    text = text.replace("--", "-\\u002d").replace(">", "\\u003e")
    return f"<!-- bumper {text} -->"


def length(key: str, targets: tuple[str, ...]) -> int:
    """Give how many characters the hidden line of a request takes, with all its places."""
    full = Marker(
        key,
        targets,
        "0" * 64,
        "0" * 16,
        "0" * 16,
        places=("0" * 8,) * _MOST_PLACES,
        bare=True,
        auto="off",
        status="success",
    )
    return len(write(full))


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
            _texts(facts["targets"]),
            str(facts["head"]),
            str(facts.get("title", "")),
            str(facts.get("body", "")),
            facts.get("ended") is True,
            _texts(facts.get("places", ())),
            facts.get("bare") is True,
            str(facts.get("auto", "")),
            str(facts.get("status", "")),
            _texts(facts.get("skipped", ())),
            _texts(facts.get("majors", ())),
            str(facts.get("held", "")),
            str(facts.get("since", "")),
            facts.get("stale") is True,
            _texts(facts.get("lifted", ())),
            _texts(facts.get("early", ())),
            _texts(facts.get("obeyed", ())),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, rest
    return marker, rest


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - JSON
    return tuple(str(one) for one in value)


def moment(text: str) -> datetime | None:
    """Read a moment of a marker; None where there is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
