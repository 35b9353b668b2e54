"""One request of the wish: its pull request is opened, or brought up to date, or left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.errors import ForgeError
from bumper.forges.base import NOTHING_TO_MERGE
from bumper.messages import marker, replies, worded
from bumper.messages.marker import Marker
from bumper.model import Operation, Published
from bumper.publishing import closing, finishing, orders, refusals, refusing, resting, talk

if TYPE_CHECKING:
    from bumper.model import ChangeRequest, PullRequest
    from bumper.publishing.orders import Order
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["left_alone", "propose", "refresh", "retargeted"]

# Whose marker is gone is not as we opened it: nothing is set on it, and it merges by no hand of ours.
_UNMARKED = Marker("", (), "", auto="off")
_ANEW = "the branch holds commits that bumper did not make; delete it to have it made anew"
_QUEUED = "it is in the merge queue: its branch stays as it is until it has left it"


async def propose(site: Site, request: ChangeRequest) -> Published:
    """Open a pull request where there is none."""
    commit = site.settled(request)
    if commit is None:
        return Published(Operation.EDITED, request, None, _ANEW, "edited")
    if closed := site.standing.closed_at(request.branch, commit):
        refused = refusals.Refused((), closed.pull_request, "refused")
        return Published(
            refused.operation, request, refused.pull_request, refused.reason, refused.code
        )
    commit = site.move(request.branch, commit)
    words = await site.worded(request, commit)
    try:
        made = await site.forge.open(words)
    except ForgeError as error:
        if error.code != NOTHING_TO_MERGE:
            raise
        site.branches.drop(request.branch, commit)
        return Published(Operation.HELD, request, None, error.hint, error.code)
    # A person may have opened it meanwhile: their words stay.
    words = worded.over(words, made, *marker.read(made.body))
    made, told = await _finished(site, made, request, words)
    return Published(Operation.CREATED, request, made, told)


async def refresh(site: Site, request: ChangeRequest, known: Known) -> Published:
    """Do what people asked for; else bring an open pull request up to date, or leave it to a person."""
    refusal = refusing.asked(known, request)
    if refusal is not None:
        return await refusing.refuse(site, known, refusal, request)
    if site.stays_elsewhere(known):
        return await retargeted(site, request, known)
    rebase = orders.first(known.orders, "rebase")
    done = {one: replies.no_major() for one in known.orders if one.verb == "skip-major"}
    why = await resting.rest(site, known, done) if rebase is None else ""
    if why:
        result = Published(Operation.HELD, request, known.pull_request, why, "held")
    else:
        result = await _moved(site, request, known, rebase)
        if result.operation is Operation.UNCHANGED and not known.orders:
            result = await closing.undecided(site, request, known) or result
    if rebase is not None and result.operation is not Operation.HELD:
        asked = (one for one in known.orders if one.verb in {"rebase", "hold"})
        done |= {one: replies.rebased(rebase.by) for one in asked}
    await talk.answer(site, known, request.bumps, done)
    if result.operation not in {Operation.EDITED, Operation.CLOSED}:
        await talk.notice(site, known)
    return result


async def left_alone(site: Site, request: ChangeRequest | None, known: Known) -> Published:
    """Leave a pull request to the person who committed to it, and say so once."""
    await resting.note_reopened(site, known)
    head = known.marker.head[:12] if known.marker is not None else "unknown"
    await talk.say(site, known, replies.edited(), f"edited {head}")
    reason = "a person has changed the branch"
    return Published(Operation.EDITED, request, known.pull_request, reason, "edited")


async def retargeted(site: Site, request: ChangeRequest | None, known: Known) -> Published:
    """Leave a pull request that goes into another branch than ours to whoever decided so; say it once."""
    await resting.note_reopened(site, known)
    there = known.pull_request.base
    await talk.say(site, known, replies.retargeted(there, site.wish.base), f"retargeted {there}")
    reason = f"it goes into {there}, not into {site.wish.base}: left as it is"
    return Published(Operation.HELD, request, known.pull_request, reason, "retargeted")


async def _moved(
    site: Site, request: ChangeRequest, known: Known, rebase: Order | None
) -> Published:
    """Bring the branch and the words up to date; only who asks for it has a person's commit go."""
    opened, told, follows = known.pull_request, known.marker, site.is_retargeted(known)
    # On the branch that it went into until now it would bring all of that along.
    anew = rebase is not None or (follows and site.is_ours(known))
    commit = site.wish.commits[request.branch] if anew else site.settled(request)
    if commit is None:
        return await left_alone(site, request, known)
    tip = site.standing.tips.get(request.branch)
    right = tip == commit and not follows
    same = right and told is not None and _says_so(told, known, request, rebase)
    if same and told is not None and finishing.is_done(request, told):
        return Published(Operation.UNCHANGED, request, opened)
    if not same and told is not None and rebase is None:
        others = (one for one in told.targets if one not in request.targets)
        absent = await site.wish.absent(others)
        if absent is not None and absent.is_hidden:
            why = resting.hidden(absent.tag)
            return Published(Operation.HELD, request, opened, why, "short-list")
    if tip != commit and await site.forge.is_queued(opened):
        return Published(Operation.HELD, request, opened, _QUEUED, "queued")
    known, listed = await site.reread(known), opened
    opened, told = known.pull_request, known.marker
    if not known.is_open or opened.base != listed.base:
        return Published(Operation.UNCHANGED, request, opened, resting.MEANWHILE)
    if rebase is None and (why := resting.rests(known, site.now)):
        return Published(Operation.HELD, request, opened, why, "held")
    before = await finishing.called_off(site.forge, opened, request, told or _UNMARKED)
    commit = site.move(request.branch, commit)
    if same:
        words = worded.kept(opened, before, known.words)
    else:
        words = await site.worded(request, commit, known, before)
        opened = await site.forge.update(opened, words)
    opened, notes = await _finished(site, opened, request, words, write=same)
    asked = f"made anew, {replies.by(rebase.by)}" if rebase is not None else ""
    there = f"it goes into {request.base} now" if follows else ""
    reason = "; ".join(part for part in (asked, there, notes) if part)
    return Published(Operation.UPDATED, request, opened, reason)


def _says_so(told: Marker, known: Known, request: ChangeRequest, rebase: Order | None) -> bool:
    """Say whether the marker tells all that it should: no box waits, nothing is to be lifted."""
    ticked = any(not one.comment for one in known.orders)
    lifted = rebase is not None and told.held
    return told.targets == request.targets and not (told.ended or ticked or lifted)


async def _finished(
    site: Site,
    opened: PullRequest,
    request: ChangeRequest,
    words: ChangeRequest,
    *,
    write: bool = False,
) -> tuple[PullRequest, str]:
    """Set what belongs to a pull request and note in its marker that it is set."""
    known, _ = marker.read(words.body)
    if known is None or (finishing.is_done(request, known) and not write):
        return opened, ""
    known, told = await finishing.finish(site.forge, opened, request, known)
    return await site.forge.update(opened, worded.remarked(words, known)), told
