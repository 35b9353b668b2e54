"""What is said below a pull request, each thing once: found again by its hidden key, after a killed run too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.messages import replies, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Bump
    from bumper.publishing.orders import Order
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["answer", "say"]


async def say(site: Site, known: Known, text: str, *keys: str) -> None:
    """Say something, unless all of it was said; where nobody knows what was said, nothing is."""
    if known.heard and not known.said.issuperset(map(said.plain, keys)):
        await site.forge.comment(known.pull_request, said.write(text, keys))


async def answer(site: Site, known: Known, bumps: Sequence[Bump], done: dict[Order, str]) -> None:
    """Answer the commands at once; `done` is what was made of those that change something.

    What was not done is not answered, and waits for the next run.
    """
    asked = dict(done)
    for order in known.orders:
        if order.verb == "explain":
            asked[order] = replies.explained(bumps)
        elif order.verb == "recheck":
            asked[order] = replies.rechecked(bumps)
    keys = dict.fromkeys(f"done {order.comment}" for order in asked if order.comment)
    if keys:
        await say(site, known, "\n\n".join(dict.fromkeys(asked.values())), *keys)
