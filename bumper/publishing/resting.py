"""A pull request that rests: a person said `hold`, or gave it the label. Nothing of it is moved or merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from bumper.messages import marker, replies, worded
from bumper.publishing import orders

if TYPE_CHECKING:
    from datetime import datetime

    from bumper.publishing.orders import Order
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["HOLD", "MEANWHILE", "hidden", "is_labelled", "note_reopened", "rest", "rests"]

HOLD = "bumper/hold"
MEANWHILE = "a person closed, merged or retargeted it while this run was at work"


async def rest(site: Site, known: Known, done: dict[Order, str]) -> str:
    """Obey `hold`; say why the pull request rests, "" where it does not. Adds the answers to `done`."""
    told = known.marker
    if told is None:
        return rests(known, site.now)
    facts = replace(told, ended=False, stale=False) if rests(known, site.now) else told
    for order in known.orders:
        if order.verb == "hold":
            until = orders.until(order, site.now)
            done[order] = replies.held(order.by, until) if until else replies.no_length()
            if until is not None:
                facts = replace(facts, held=until.astimezone(UTC).isoformat(timespec="seconds"))
    why = rests(replace(known, marker=facts), site.now)
    if why and told.auto == "on":
        await site.forge.automerge(known.pull_request, on=False)
        facts = replace(facts, auto="")
    if facts != told:
        now = await site.reread(known)
        opened = now.pull_request
        await site.forge.update(opened, worded.kept(opened, facts, now.words))
    return why


async def note_reopened(site: Site, known: Known) -> None:
    """Note that what we closed was opened again by a person: to close it now is to refuse it."""
    told = known.marker
    if told is None or not told.ended:
        return
    now = await site.reread(known)
    facts = replace(told, ended=False, stale=False)
    await site.forge.update(now.pull_request, worded.kept(now.pull_request, facts, now.words))


def rests(known: Known, now: datetime | None) -> str:
    """Say why a pull request rests; "" where it does not."""
    if is_labelled(known):
        return f"it has the label {HOLD}"
    until = marker.moment(known.marker.held) if known.marker is not None else None
    if until is not None and now is not None and now < until:
        return f"a person asked to wait until {until:%Y-%m-%d %H:%M} UTC"
    return ""


def is_labelled(known: Known) -> bool:
    """Say whether a person set the label that holds; two labels that differ in case are one on GitHub."""
    return any(label.casefold() == HOLD for label in known.pull_request.labels)


def hidden(tag: str) -> str:
    """Say why a pull request stays as it is whose version is only missing from its list."""
    return f"{tag} is not in the tag list now, but the registry still has it: left as it is"
