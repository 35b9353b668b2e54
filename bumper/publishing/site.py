"""What every step of publishing works with: the wish, what stands there, and where it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bumper.messages import boxes, marker, worded
from bumper.publishing import orders, staleness

if TYPE_CHECKING:
    from datetime import datetime

    from bumper.forges.base import Forge
    from bumper.messages.marker import Marker
    from bumper.model import ChangeRequest
    from bumper.publishing.ours import Branches, Ours
    from bumper.publishing.standing import Known, Standing
    from bumper.publishing.wish import Wish

__all__ = ["Site"]


@dataclass(frozen=True, slots=True)
class Site:
    """One run against one forge."""

    wish: Wish
    standing: Standing
    ours: Ours
    branches: Branches
    forge: Forge

    @property
    def now(self) -> datetime | None:
        """The moment of the run; None where nothing waits for one."""
        return self.wish.limits.now

    def settled(self, request: ChangeRequest) -> str | None:
        """Give the commit that the branch of a request shall be on; None where a person has been."""
        branch = request.branch
        tip = self.standing.tips.get(branch)
        return self.ours.settled(branch, tip, self.wish.commits[branch], self.wish.files[branch])

    def is_ours(self, known: Known) -> bool:
        """Say whether nobody but us has been on the branch of a pull request; a deleted one is ours."""
        branch = known.pull_request.branch
        tip = self.standing.tips.get(branch)
        return tip is None or self.ours.is_left_alone(branch, tip)

    async def reread(self, known: Known) -> Known:
        """Give a pull request as it is now, before it is written to.

        Since the list was read, and all registries were asked, a person may have closed it, changed its
        words or ticked a box.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        now = await self.forge.reread(known.pull_request)
        told, words = marker.read(now.body)
        return replace(known, pull_request=now, marker=told, words=words)

    def is_retargeted(self, known: Known) -> bool:
        """Say whether a pull request goes into another branch than the one that is kept current."""
        return bool(self.wish.base) and known.pull_request.base != self.wish.base

    def stays_elsewhere(self, known: Known) -> bool:
        """Say whether it is left there: that branch is there still, and nobody asked to have it made anew."""
        there = known.pull_request.base
        if not self.is_retargeted(known) or orders.first(known.orders, "rebase") is not None:
            return False
        return there in self.branches.branches(there)

    def move(self, branch: str, commit: str) -> str:
        """Put a branch on a commit, where it is not yet; give the commit it is on then."""
        tip = self.standing.tips.get(branch)
        return commit if tip == commit else self.branches.put(branch, commit, tip)

    async def worded(
        self,
        request: ChangeRequest,
        commit: str,
        known: Known | None = None,
        before: Marker | None = None,
    ) -> ChangeRequest:
        """Give a request with its body and its marker.

        `known` is its pull request, `before` the marker that it has by now.
        """
        words = self.wish.words
        full = request if words is None else await words(request)
        # Only where somebody asks for it: two runs at once are to write the same.
        waits = staleness.length(request, self.wish.limits.stale_seconds)
        now = self.now if waits else None
        if known is None:
            return worded.worded(full, commit, None, now)
        skipped = [one.what for one in known.orders if one.verb == "skip" and one.what]
        if before is not None and orders.first(known.orders, "rebase") is not None:
            before = replace(before, held="")
        told = worded.worded(full, commit, before, now, skipped)
        return worded.over(told, known.pull_request, known.marker, known.words, _ticked(known))


def _ticked(known: Known) -> tuple[boxes.Asked, ...]:
    """Give the boxes that were ticked since people were heard: they wait for the next run."""
    heard = {(one.verb, one.what) for one in known.orders if not one.comment}
    return tuple(one for one in boxes.ticked(known.words) if (one.verb, one.what) not in heard)
