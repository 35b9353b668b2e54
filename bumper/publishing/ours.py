"""Whose a branch is, and what it holds: ours to move, or a person's to be left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.publishing.standing import Standing
    from bumper.worktree import Worktree

__all__ = ["Branches", "Ours"]


class Branches(Protocol):
    """Where the branches of pull requests live."""

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        ...

    def put(self, branch: str, commit: str, expected: str | None) -> str:
        """Put a branch on a commit, if it is still where we saw it; give the commit it is on then."""
        ...

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch, if it is still where we saw it."""
        ...

    def bring(self, branch: str) -> None:
        """Make a branch's commit readable here."""
        ...


@dataclass(frozen=True, slots=True)
class Ours:
    """What is known of the branches of a run."""

    worktree: Worktree
    branches: Branches
    standing: Standing

    def is_left_alone(self, branch: str, tip: str) -> bool:
        """Say whether nobody but us has been on a branch that is at `tip`.

        Either a pull request was told of the commit, or it has the form of one that we made: a run
        killed between the push and the telling leaves such a one. The author's mail would not do,
        as a person who amends our commit keeps it.
        """
        told = (one.marker for one in self.standing.of(branch))
        if any(known is not None and known.head == tip for known in told):
            return True
        self.branches.bring(branch)
        return self.worktree.is_ours(tip)

    def settled(
        self, branch: str, tip: str | None, commit: str, files: Mapping[str, bytes]
    ) -> str | None:
        """Give the commit that a branch shall be on; None where a person has been.

        What holds our files already, made on an older base, stays.
        """
        if tip is None or tip == commit:
            return commit
        if not self.is_left_alone(branch, tip):
            return None
        self.branches.bring(branch)
        held = all(self.worktree.content(tip, path) == content for path, content in files.items())
        return tip if held else commit
