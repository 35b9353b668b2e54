"""What is no longer wanted: pull requests are closed with a reason, branches of a killed run deleted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.messages import titles
from bumper.model import Operation, Published
from bumper.publishing import closing, refusing, requesting, resting, staying, talk

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bumper.messages.marker import Marker
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["end", "stays", "sweep", "unwanted"]

_UNMARKED = (
    "its hidden marker is lost, so nobody can tell what it was for: left as it is; close it, or "
    "delete its branch, if it is not wanted"
)
_UNREPLACED = "its versions are for another pull request, which could not be opened: left as it is"
_NOT_WANTED = "no longer wanted: the base has these versions, or they are not allowed any more"
_ELSEWHERE = "its versions are in another pull request now, as they are grouped in another way"


def unwanted(site: Site) -> tuple[Known, ...]:
    """Give the open pull requests that nobody wishes for."""
    wanted = {request.branch for request in site.wish.requests}
    return tuple(
        one for one in site.standing.known if one.is_open and one.pull_request.branch not in wanted
    )


async def stays(site: Site, known: Known) -> bool:
    """Say whether an unwanted pull request will be left open; what nobody can say yet will be."""
    told = known.marker
    if told is None or not site.wish.whole or staying.is_unknown(known, site.wish.unknown):
        return True
    if refusing.asked(known, None) is not None:
        return False
    try:
        if site.stays_elsewhere(known):
            return True
        if staying.stays(known, site.ours, site.wish.unknown, site.now):
            return True
        absent = await site.wish.absent(told.targets)
    except BumperError:
        return True
    return absent is not None and absent.is_hidden


async def end(site: Site, known: Known, done: Sequence[Published]) -> Published | None:
    """Close a pull request of ours that is no longer wanted, unless its images are unknown.

    `done` is what became of everything that is wanted.
    """
    told = known.marker
    if not site.wish.whole:
        return None
    if told is None:
        return Published(Operation.HELD, None, known.pull_request, _UNMARKED, "unmarked")
    if staying.is_unknown(known, site.wish.unknown):
        return None
    refusal = refusing.asked(known, None)
    if refusal is not None:
        return await refusing.refuse(site, known, refusal, None)
    return await _a_persons(site, known) or await _closed(site, known, told, done)


async def _a_persons(site: Site, known: Known) -> Published | None:
    """Leave a pull request that a person decided about; None where nobody did."""
    if site.stays_elsewhere(known):
        return await requesting.retargeted(site, None, known)
    if why := resting.rests(known, site.now):
        await talk.notice(site, known)
        return Published(Operation.HELD, None, known.pull_request, why, "held")
    if not site.is_ours(known):
        return await requesting.left_alone(site, None, known)
    return None


async def _closed(site: Site, known: Known, told: Marker, done: Sequence[Published]) -> Published:
    """Close it with the reason, unless its versions would be offered nowhere then."""
    stale = known.pull_request
    absent = await site.wish.absent(told.targets)
    if absent is not None and absent.is_hidden:
        return Published(Operation.HELD, None, stale, resting.hidden(absent.tag), "short-list")
    if any(_is_elsewhere(told, one) for one in done if one.operation is Operation.FAILED):
        return Published(Operation.HELD, None, stale, _UNREPLACED, "unreplaced")
    reason = _ELSEWHERE if any(_is_elsewhere(told, one) for one in done) else _NOT_WANTED
    if absent is not None:
        reason = f"no longer wanted: {absent.tag} is gone from the registry"
    return await closing.close(site, known, reason, "obsolete")


def _is_elsewhere(told: Marker, done: Published) -> bool:
    """Say whether something that is wanted brings versions of a pull request."""
    return done.request is not None and not set(told.targets).isdisjoint(done.request.targets)


def sweep(site: Site, closed: Collection[str]) -> None:
    """Delete branches that a killed run left: made by us, wanted by nobody, no pull request open.

    `closed` are branches whose pull requests were open and are not any more.
    What cannot be deleted now is deleted by the next run.
    """
    if not site.wish.whole or site.wish.unknown:
        return
    wanted = {request.branch for request in site.wish.requests} | site.wish.kept
    opened = {one.pull_request.branch for one in site.standing.known if one.is_open}
    wanted |= opened.difference(closed)
    for branch, tip in site.standing.tips.items():
        if branch in wanted or not titles.is_branch(site.standing.prefix, branch):
            continue
        with contextlib.suppress(BumperError):
            if site.ours.is_left_alone(branch, tip):
                site.branches.drop(branch, tip)
