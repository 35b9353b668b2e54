"""What people ask for, in a comment or by a box, and what it comes to. Pure.

    bumper rebase
    bumper skip
    bumper skip major
    bumper hold 2w
    bumper explain
    bumper recheck

A command is a line of its own; what is quoted or stands in a code block is none. Who may give one is
asked of the forge by `hearing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bumper.asides.settings import seconds
from bumper.messages import boxes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bumper.model import Comment

__all__ = ["Order", "first", "of_boxes", "of_comment", "until"]

_COMMAND = re.compile(
    r" {0,3}@?bumper[ \t]+(?P<verb>rebase|skip[ \t]+major|skip|hold|explain|recheck)"
    r"(?:[ \t]+(?P<what>[\w ]{1,40}))?[ \t]*",
    re.IGNORECASE | re.ASCII,
)
_FENCE = re.compile(r" {0,3}(```|~~~)")
_MOST = 10
_LONGEST_HOLD = 366 * 86_400


@dataclass(frozen=True, slots=True)
class Order:
    """One thing asked for: `what` is a target, an image or a length of time.

    `comment` is the comment that asks, "" for a box; `by` who wrote it, and `at` when.
    """

    verb: str
    what: str = ""
    by: str = ""
    comment: str = ""
    at: datetime | None = None


def of_comment(comment: Comment) -> tuple[Order, ...]:
    """Give the commands of a comment, in their order."""
    found, fenced = [], False
    for line in comment.text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        match = None if fenced else _COMMAND.fullmatch(line)
        if match is None:
            continue
        verb = "-".join(match["verb"].lower().split())
        what = (match["what"] or "").strip()
        if not what or verb == "hold":
            found.append(Order(verb, what, comment.author, comment.id, comment.created))
    return tuple(found[:_MOST])


def of_boxes(body: str, verbs: Collection[str] = boxes.PULL_REQUEST) -> tuple[Order, ...]:
    """Give what the ticked boxes of a body ask for."""
    return tuple(Order(one.verb, one.what) for one in boxes.ticked(body, verbs))


def first(orders: Iterable[Order], *verbs: str) -> Order | None:
    """Give the first order with one of the verbs."""
    return next((one for one in orders if one.verb in verbs), None)


def until(order: Order, now: datetime | None) -> datetime | None:
    """Give the moment until which `hold` asks to wait; None where it names no length of time.

    It counts from when it was asked, so that a run that is killed and done again says the same.
    """
    start = order.at or now
    try:
        length = seconds(order.what)
    except ValueError:
        return None
    if start is None or not 0 < length <= _LONGEST_HOLD:
        return None
    return start + timedelta(seconds=length)
