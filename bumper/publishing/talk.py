"""What is said below a pull request, each thing once: found again by its hidden key, after a killed run too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.errors import ForgeError
from bumper.messages import replies, said, worded
from bumper.publishing import resting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Bump
    from bumper.publishing.orders import Order
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["answer", "notice", "say", "speak"]


async def say(site: Site, known: Known, text: str, *keys: str) -> None:
    """Say something, unless all of it was said; where nobody knows what was said, nothing is."""
    if known.heard and not known.said.issuperset(map(said.plain, keys)):
        await speak(site, known, said.write(text, keys))


async def speak(site: Site, known: Known, text: str) -> None:
    """Write a comment; where the conversation is locked for us too, what is done is done without a word."""
    try:
        await site.forge.comment(known.pull_request, text)
    except ForgeError as error:
        if "locked" not in error.message.lower():
            raise


async def notice(site: Site, known: Known) -> None:
    """Say once what becomes of a pull request that a person relabelled, or whose words they changed."""
    opened = known.pull_request
    if resting.is_labelled(known):
        await say(site, known, replies.labelled(resting.HOLD), "label")
    elif worded.is_a_persons(opened, known.marker, known.words):
        await say(site, known, replies.reworded(), "words")


async def answer(
    site: Site, known: Known, bumps: Sequence[Bump], done: dict[Order, str], *, closes: bool = False
) -> None:
    """Answer the commands at once; `done` is what was made of those that change something.

    What was not done is not answered, and waits for the next run. What `closes` the pull request is done
    when that is: see `refusing`.
    """
    asked = dict(done)
    for order in known.orders:
        if order.verb == "explain":
            asked[order] = replies.explained(bumps)
        elif order.verb == "recheck":
            asked[order] = replies.rechecked(bumps)
    undone = {order.comment for order in done} if closes else frozenset()
    keys = dict.fromkeys(
        f"{'refusing' if order.comment in undone else 'done'} {order.comment}"
        for order in asked
        if order.comment
    )
    if keys:
        await say(site, known, "\n\n".join(dict.fromkeys(asked.values())), *keys)
