"""Bring the forge to what was planned: branches and pull requests, and nothing twice.

There is no database: a pull request is found again by its branch and its hidden marker. What a
person touched is left alone; what a person closed is refused. A second run changes nothing.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.messages import marker, titles, worded
from bumper.model import Operation, Published, PullRequestState
from bumper.publishing.ours import Ours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.forges.base import Forge
    from bumper.model import ChangeRequest, PullRequest
    from bumper.publishing.ours import Branches
    from bumper.publishing.wish import Wish
    from bumper.worktree import Worktree

__all__ = ["publish"]

_ANEW = "the branch holds commits that bumper did not make; delete it to have it made anew"


async def publish(
    wish: Wish, prefix: str, worktree: Worktree, branches: Branches, forge: Forge
) -> tuple[Published, ...]:
    """Give what became of every request, in their order, then of what is no longer wanted.

    A request that fails does not stop the others.

    Raises:
        ForgeError: The forge did not even list its pull requests.
        WorktreeError: The remote did not even list its branches.
    """
    existing: dict[str, list[PullRequest]] = defaultdict(list)
    for pull_request in await forge.pull_requests(prefix):
        if pull_request.own_head:
            existing[pull_request.branch].append(pull_request)
    publisher = _Publisher(wish, prefix, worktree, branches, forge, existing)
    return await publisher.all()


class _Publisher:
    """One run against one forge."""

    def __init__(
        self,
        wish: Wish,
        prefix: str,
        worktree: Worktree,
        branches: Branches,
        forge: Forge,
        existing: Mapping[str, list[PullRequest]],
    ) -> None:
        self._wish = wish
        self._prefix = prefix
        self._ours = Ours(worktree, branches, existing)
        self._branches = branches
        self._forge = forge
        self._existing = existing
        self._tips = branches.branches(prefix)
        wanted = {request.branch for request in wish.requests}
        self._stale = [
            pull_request
            for branch, found in existing.items()
            if branch not in wanted
            for pull_request in found
            if pull_request.state is PullRequestState.OPEN
        ]
        stale_open = 0 if wish.whole else len(self._stale)
        self._open = stale_open + sum(
            self._opened(request) is not None for request in wish.requests
        )
        self._recent = wish.limits.recent(
            one.created for found in existing.values() for one in found
        )

    async def all(self) -> tuple[Published, ...]:
        """Do everything, in order."""
        results: list[Published | None] = []
        for request in self._wish.requests:
            try:
                results.append(await self._one(request))
            except Exception as error:  # noqa: BLE001 - one odd answer must not cost the others
                results.append(_failed(request, None, error))
        for stale in self._stale:
            try:
                results.append(await self._end(stale))
            except Exception as error:  # noqa: BLE001 - as above
                results.append(_failed(None, stale, error))
        self._sweep()
        return tuple(done for done in results if done is not None)

    def _opened(self, request: ChangeRequest) -> PullRequest | None:
        found = self._existing.get(request.branch, ())
        return next((one for one in found if one.state is PullRequestState.OPEN), None)

    async def _one(self, request: ChangeRequest) -> Published:
        opened = self._opened(request)
        tip = self._tips.get(request.branch)
        if opened is not None:
            return await self._refresh(request, opened, tip)
        refused = self._refusal(request)
        if refused is not None:
            reason = "closed by a person: these versions are not offered again"
            return Published(Operation.REFUSED, request, refused, reason, "refused")
        held = self._wish.limits.against(request, self._open, self._recent)
        if held is not None:
            return Published(Operation.HELD, request, None, held[1], held[0])
        commit = self._settled(request, tip)
        if commit is None:
            return Published(Operation.EDITED, request, None, _ANEW, "edited")
        if tip != commit:
            self._branches.put(request.branch, commit, tip)
        told = await self._worded(request, commit)
        made = await self._forge.open(told)
        self._open += 1
        self._recent += 1
        notes = await self._forge.furnish(made, told)
        return Published(Operation.CREATED, request, made, "; ".join(notes))

    async def _refresh(
        self, request: ChangeRequest, opened: PullRequest, tip: str | None
    ) -> Published:
        """Bring an open pull request up to date, or leave it where a person has been."""
        known, words = marker.read(opened.body)
        commit = self._settled(request, tip)
        if commit is None:
            reason = "a person has changed the branch"
            return Published(Operation.EDITED, request, opened, reason, "edited")
        if tip == commit and known is not None and known.targets == request.targets:
            return Published(Operation.UNCHANGED, request, opened)
        if tip != commit:
            self._branches.put(request.branch, commit, tip)
        told = await self._worded(request, commit)
        if known is not None:
            told = worded.over(told, opened, known, words)
        updated = await self._forge.update(opened, told)
        return Published(Operation.UPDATED, request, updated)

    async def _worded(self, request: ChangeRequest, commit: str) -> ChangeRequest:
        words = self._wish.words
        return worded.worded(request if words is None else await words(request), commit)

    def _settled(self, request: ChangeRequest, tip: str | None) -> str | None:
        branch = request.branch
        return self._ours.settled(branch, tip, self._wish.commits[branch], self._wish.files[branch])

    def _refusal(self, request: ChangeRequest) -> PullRequest | None:
        """Give the pull request whose closing refused just these versions."""
        for pull_request in self._existing.get(request.branch, ()):
            known, _ = marker.read(pull_request.body)
            if pull_request.state is not PullRequestState.CLOSED or known is None or known.ended:
                continue
            if known.targets == request.targets:
                return pull_request
        return None

    async def _end(self, stale: PullRequest) -> Published | None:
        """Close a pull request of ours that is no longer wanted, unless its images are unknown."""
        known, words = marker.read(stale.body)
        if known is None or not self._wish.whole:
            return None
        if any(target.partition("=")[0] in self._wish.unknown for target in known.targets):
            return None
        tip = self._tips.get(stale.branch)
        if tip is not None and not self._ours.is_left_alone(stale.branch, tip):
            reason = "a person has changed the branch"
            return Published(Operation.EDITED, None, stale, reason, "edited")
        reason = "no longer wanted: the base has these versions, or they are gone or not allowed"
        await self._forge.update(stale, worded.ended(stale, known, words))
        await self._forge.close(stale, f"Closed by bumper: {reason}.")
        if tip is not None:
            self._branches.drop(stale.branch, tip)
        return Published(Operation.CLOSED, None, stale, reason, "obsolete")

    def _sweep(self) -> None:
        """Delete branches that a killed run left: made by us, wanted by nobody, no pull request open.

        What cannot be deleted now is deleted by the next run.
        """
        if not self._wish.whole or self._wish.unknown:
            return
        wanted = {request.branch for request in self._wish.requests}
        wanted |= {one.branch for one in self._stale}
        for branch, tip in self._tips.items():
            if branch in wanted or not titles.is_branch(self._prefix, branch):
                continue
            with contextlib.suppress(BumperError):
                if self._ours.is_left_alone(branch, tip):
                    self._branches.drop(branch, tip)


def _failed(
    request: ChangeRequest | None, pull_request: PullRequest | None, error: Exception
) -> Published:
    """Give the record of what went wrong, and only for this one."""
    if not isinstance(error, BumperError):
        reason = f"an answer that cannot be read ({type(error).__name__})"
        return Published(Operation.FAILED, request, pull_request, reason, "odd-answer")
    hint = f" ({error.hint})" if error.hint else ""
    return Published(Operation.FAILED, request, pull_request, f"{error.message}{hint}", error.code)
