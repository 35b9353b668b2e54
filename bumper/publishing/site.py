"""What every step of publishing works with: the wish, what stands there, and where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.messages import worded

if TYPE_CHECKING:
    from bumper.forges.base import Forge
    from bumper.messages.marker import Marker
    from bumper.model import ChangeRequest
    from bumper.publishing.ours import Branches, Ours
    from bumper.publishing.standing import Standing
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

    def settled(self, request: ChangeRequest) -> str | None:
        """Give the commit that the branch of a request shall be on; None where a person has been."""
        branch = request.branch
        tip = self.standing.tips.get(branch)
        return self.ours.settled(branch, tip, self.wish.commits[branch], self.wish.files[branch])

    def move(self, branch: str, commit: str) -> None:
        """Put a branch on a commit, where it is not yet."""
        tip = self.standing.tips.get(branch)
        if tip != commit:
            self.branches.put(branch, commit, tip)

    async def worded(
        self, request: ChangeRequest, commit: str, before: Marker | None = None
    ) -> ChangeRequest:
        """Give a request with its body and its marker; `before` is what its pull request was told last."""
        words = self.wish.words
        full = request if words is None else await words(request)
        return worded.worded(full, commit, before)
