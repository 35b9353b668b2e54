"""A pull request that we close ourselves, which is no refusal: with the reason, said once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.messages import replies, said, worded
from bumper.messages.marker import Marker
from bumper.model import Operation, Published
from bumper.publishing import resting, staleness, talk

if TYPE_CHECKING:
    from bumper.model import ChangeRequest
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["close", "undecided"]

_PUSHED = "somebody pushed to its branch while this run was at work: the next one decides"


async def close(
    site: Site, known: Known, reason: str, code: str, request: ChangeRequest | None = None
) -> Published:
    """Close a pull request, and take its branch away, unless it may be reopened for the same versions.

    The reason comes first: a run that is killed behind it is made up for by the next, which does not say
    it again. The marker that tells it from a refusal comes with the closing.
    """
    known, before = await site.reread(known), known
    opened, told = known.pull_request, known.marker or Marker("", (), "")
    tip = site.standing.tips.get(opened.branch)
    if not known.is_open or opened.base != before.pull_request.base:
        return Published(Operation.UNCHANGED, request, opened, resting.MEANWHILE)
    if why := resting.rests(known, site.now):
        return Published(Operation.HELD, request, opened, why, "held")
    if opened.head not in {before.pull_request.head, tip}:
        return Published(Operation.UNCHANGED, request, opened, _PUSHED)
    # What a person took out of it stays out of what comes in its place.
    out = [one.what for one in known.orders if one.verb == "skip" and one.what]
    skipped = worded.skipped((*told.skipped, *out), ())
    facts = replace(told, ended=True, stale=code == "stale", skipped=skipped)
    text, key = f"Closed by bumper: {reason}.", f"closed {code} {told.since} {told.head[:12]}"
    if known.heard:
        await talk.say(site, known, text, key)
    else:  # nothing is closed without a word
        await talk.speak(site, known, said.write(text, (key,)))
    await site.forge.close(opened, worded.kept(opened, facts, known.words))
    if tip is not None and not facts.stale:
        site.branches.drop(opened.branch, tip)
    return Published(Operation.CLOSED, request, opened, reason, code)


async def undecided(site: Site, request: ChangeRequest, known: Known) -> Published | None:
    """Remind of a pull request that nobody decides, or close it; None where neither is due."""
    limits = site.wish.limits
    length = staleness.length(request, limits.stale_seconds)
    due = staleness.due(known, length, site.now)
    if due is None or await site.forge.approved(known.pull_request):
        return None
    if due.is_end:
        return await close(site, known, replies.UNDECIDED, "stale", request)
    await talk.say(site, known, replies.reminded(due.end), due.key)
    reason = f"nobody has decided yet: a reminder, closed on {due.end:%Y-%m-%d %H:%M} UTC"
    return Published(Operation.UNCHANGED, request, known.pull_request, reason, "reminded")
