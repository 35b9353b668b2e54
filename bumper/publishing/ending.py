"""What is no longer wanted: pull requests are closed with a reason, branches of a killed run deleted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.messages import titles
from bumper.model import Operation, Published
from bumper.publishing import closing, refusing, requesting, resting, talk

if TYPE_CHECKING:
    from collections.abc import Collection

    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["end", "sweep", "unwanted"]


def unwanted(site: Site) -> tuple[Known, ...]:
    """Give the open pull requests that nobody wishes for."""
    wanted = {request.branch for request in site.wish.requests}
    return tuple(
        one for one in site.standing.known if one.is_open and one.pull_request.branch not in wanted
    )


async def end(site: Site, known: Known) -> Published | None:
    """Close a pull request of ours that is no longer wanted, unless its images are unknown."""
    told, stale = known.marker, known.pull_request
    if told is None or not site.wish.whole:
        return None
    if any(target.partition("=")[0] in site.wish.unknown for target in told.targets):
        return None
    refusal = refusing.asked(known, None)
    if refusal is not None:
        return await refusing.refuse(site, known, refusal, None)
    if site.is_retargeted(known):
        return await requesting.retargeted(site, None, known)
    if why := resting.rests(known, site.now):
        await talk.notice(site, known)
        return Published(Operation.HELD, None, stale, why, "held")
    if not site.is_ours(known):
        return await requesting.left_alone(site, None, known)
    absent = await site.wish.absent(told.targets)
    if absent is not None and absent.is_hidden:
        return Published(Operation.HELD, None, stale, resting.hidden(absent.tag), "short-list")
    reason = "no longer wanted: the base has these versions, or they are not allowed any more"
    if absent is not None:
        reason = f"no longer wanted: {absent.tag} is gone from the registry"
    return await closing.close(site, known, reason, "obsolete")


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
