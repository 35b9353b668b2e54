"""Bring the forge to what was planned: branches and pull requests, and nothing twice.

There is no database: a pull request is found again by its branch and its hidden marker. What a
person touched is left alone; what a person closed is refused. A second run changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.messages import marker
from bumper.model import Operation, Published
from bumper.publishing import ending, hearing, requesting, standing
from bumper.publishing.ours import Ours
from bumper.publishing.site import Site

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bumper.forges.base import Forge
    from bumper.model import ChangeRequest, PullRequest
    from bumper.publishing.ours import Branches
    from bumper.publishing.standing import Known, Standing
    from bumper.publishing.wish import Wish
    from bumper.worktree import Worktree

__all__ = ["look", "publish"]


async def look(prefix: str, branches: Branches, forge: Forge) -> Standing:
    """Give what stands on the forge below our prefix, before anything is planned.

    Raises:
        ForgeError: The forge did not even list its pull requests.
        WorktreeError: The remote did not even list its branches.
    """
    listed = standing.known(await forge.pull_requests(prefix, marker.OPENING))
    ours, others = standing.parted(prefix, listed)
    heard = await hearing.hear(forge, ours)
    return standing.standing(prefix, heard, branches.branches(prefix), others)


async def publish(
    wish: Wish, there: Standing, worktree: Worktree, branches: Branches, forge: Forge
) -> tuple[Published, ...]:
    """Give what became of every request, in their order, then of what is no longer wanted.

    A request that fails does not stop the others.
    """
    site = Site(wish, there, Ours(worktree, branches, there), branches, forge)
    unwanted = ending.unwanted(site)
    staying = [one for one in unwanted if await ending.stays(site, one)]
    results = await _wanted(site, len(staying))
    wanted = tuple(results)
    for known in unwanted:
        done = await _guarded(ending.end(site, known, wanted), None, known.pull_request)
        results += [done] if done is not None else []
    ending.sweep(site, {one.branch for one in map(_refused, results) if one is not None})
    return tuple(results)


def _refused(done: Published) -> PullRequest | None:
    """Give the pull request that was closed as refused, and that nothing is wished for any more."""
    return done.pull_request if done.operation is Operation.REFUSED and not done.request else None


async def _wanted(site: Site, others: int) -> list[Published]:
    """Do every request; `others` are open pull requests that count beside those of the wish."""
    known = {one.branch: site.standing.open(one.branch) for one in site.wish.requests}
    opened = others + sum(one is not None for one in known.values())
    recent = site.wish.limits.recent(one.pull_request.created for one in site.standing.known)
    results: list[Published] = []
    for request in site.wish.requests:
        there = known[request.branch]
        if there is not None:
            done = _noted(await _guarded(requesting.refresh(site, request, there), request), there)
        elif held := site.wish.limits.against(request, opened, recent):
            done = Published(Operation.HELD, request, None, held[1], held[0])
        else:
            done = await _guarded(requesting.propose(site, request), request)
            made = done is not None and done.operation is Operation.CREATED
            opened, recent = opened + made, recent + made
        results += [done] if done is not None else []
    return results


def _noted(done: Published | None, known: Known) -> Published | None:
    """Add what could not be heard of a pull request."""
    if done is None or not known.note:
        return done
    return replace(done, reason="; ".join(part for part in (done.reason, known.note) if part))


async def _guarded(
    work: Awaitable[Published | None],
    request: ChangeRequest | None,
    pull_request: PullRequest | None = None,
) -> Published | None:
    """Do one thing; what goes wrong with it is told, and must not cost the others."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - an odd answer ends in any of them
        return _failed(request, pull_request, error)


def _failed(
    request: ChangeRequest | None, pull_request: PullRequest | None, error: Exception
) -> Published:
    """Give the record of what went wrong, and only for this one."""
    if not isinstance(error, BumperError):
        reason = f"an answer that cannot be read ({type(error).__name__})"
        return Published(Operation.FAILED, request, pull_request, reason, "odd-answer")
    hint = f" ({error.hint})" if error.hint else ""
    return Published(Operation.FAILED, request, pull_request, f"{error.message}{hint}", error.code)
