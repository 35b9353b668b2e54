"""A pull request that a person refuses by a command or a box: it is closed as if they had closed it.

It is answered first, which is not yet done: a run that is killed behind the answer is made up for by the
next, which does not answer again. That it is done stands in the marker, which comes with the closing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.messages import boxes, replies, worded
from bumper.messages.marker import Marker
from bumper.model import Operation, Published
from bumper.publishing import talk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import ChangeRequest
    from bumper.publishing.orders import Order
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["asked", "is_major", "refuse"]

_VERBS = ("skip", "skip-major")
_MOST_OBEYED = 50


def is_major(told: Marker) -> bool:
    """Say whether a pull request brings majors, which stand alone."""
    return "major " in told.key


def asked(known: Known, wanted: ChangeRequest | None) -> Order | None:
    """Give the order that refuses all of a pull request.

    Boxes refuse row by row: all of them together where nothing is left to be wanted.
    """
    told = known.marker
    if told is None:
        return None
    rows = {one.what for one in known.orders if one.verb == "skip"}
    for one in known.orders:
        if one.verb == "skip" and (not one.what or (wanted is None and rows >= {*told.targets})):
            return one
        if one.verb == "skip-major" and is_major(told):
            return one
    return None


async def refuse(
    site: Site, known: Known, order: Order, request: ChangeRequest | None
) -> Published:
    """Close a pull request as refused, and answer."""
    known = await site.reread(known)
    opened, told = known.pull_request, known.marker or Marker("", (), "")
    majors = _majors(told, order)
    asked = [one for one in known.orders if one.verb in _VERBS]
    facts = replace(
        told,
        # We may have closed it before, and a person reopened it: it is a refusal now.
        ended=False,
        stale=False,
        majors=tuple(sorted({*told.majors, *majors})),
        obeyed=_obeyed((*told.obeyed, *(one.comment for one in asked if one.comment))),
    )
    text = replies.refused(order.by, majors)
    if order.comment:
        done = dict.fromkeys(asked, text)
        await talk.answer(site, known, request.bumps if request else (), done, closes=True)
    else:
        await talk.say(site, known, text, f"refused {told.head[:12]}")
    # What was asked for, and a tick that stayed, would close it again when it is reopened.
    await site.forge.close(opened, worded.kept(opened, facts, boxes.unticked(known.words)))
    reason = f"closed, {replies.by(order.by)}: not offered again"
    code = "no-majors" if majors else "refused"
    return Published(Operation.REFUSED, request, opened, reason, code)


def _obeyed(comments: Iterable[str]) -> tuple[str, ...]:
    """Give what was obeyed, each once, as much as a marker takes."""
    return tuple(dict.fromkeys(comments))[-_MOST_OBEYED:]


def _majors(told: Marker, order: Order) -> tuple[str, ...]:
    """Give the images whose majors are not wanted."""
    if order.verb != "skip-major":
        return ()
    images = tuple(dict.fromkeys(target.partition("=")[0] for target in told.targets))
    return (order.what,) if order.what in images else images
