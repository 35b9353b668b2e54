"""What is no longer wanted: pull requests are closed with a reason, branches of a killed run deleted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.messages import titles, worded
from bumper.model import Operation, Published

if TYPE_CHECKING:
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
    stale, told = known.pull_request, known.marker
    if told is None or not site.wish.whole:
        return None
    if any(target.partition("=")[0] in site.wish.unknown for target in told.targets):
        return None
    tip = site.standing.tips.get(stale.branch)
    if tip is not None and not site.ours.is_left_alone(stale.branch, tip):
        reason = "a person has changed the branch"
        return Published(Operation.EDITED, None, stale, reason, "edited")
    reason = "no longer wanted: the base has these versions, or they are gone or not allowed"
    await site.forge.update(stale, worded.ended(stale, told, known.words))
    await site.forge.close(stale, f"Closed by bumper: {reason}.")
    if tip is not None:
        site.branches.drop(stale.branch, tip)
    return Published(Operation.CLOSED, None, stale, reason, "obsolete")


def sweep(site: Site) -> None:
    """Delete branches that a killed run left: made by us, wanted by nobody, no pull request open.

    What cannot be deleted now is deleted by the next run.
    """
    if not site.wish.whole or site.wish.unknown:
        return
    wanted = {request.branch for request in site.wish.requests} | site.wish.kept
    wanted |= {one.pull_request.branch for one in site.standing.known if one.is_open}
    for branch, tip in site.standing.tips.items():
        if branch in wanted or not titles.is_branch(site.standing.prefix, branch):
            continue
        with contextlib.suppress(BumperError):
            if site.ours.is_left_alone(branch, tip):
                site.branches.drop(branch, tip)
