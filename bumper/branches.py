"""Where the branches of pull requests live: on the remote, or in this repository itself.

Only branches below our prefix are ever written, each with an exact lease; every other name is
refused here, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import WorktreeError

if TYPE_CHECKING:
    from bumper.worktree import Worktree

__all__ = ["Local", "Remote", "Untouched"]


@dataclass(frozen=True, slots=True)
class Remote:
    """The branches of a remote, where pull requests come from."""

    worktree: Worktree
    prefix: str
    name: str = "origin"

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        return self.worktree.remote_branches(self.name, prefix)

    def put(self, branch: str, commit: str, expected: str | None) -> None:
        """Put a branch of ours on a commit, if it is still where we saw it.

        A push may be done and its answer lost, and another run may push the same commit: then the
        branch is where it should be.
        """
        try:
            self.worktree.push(self.name, _own(branch, self.prefix), commit, expected)
        except WorktreeError:
            if self._now(branch) != commit:
                raise

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch of ours, if it is still where we saw it; one that is gone is deleted."""
        try:
            self.worktree.delete(self.name, _own(branch, self.prefix), expected)
        except WorktreeError:
            if self._now(branch) is not None:
                raise

    def _now(self, branch: str) -> str | None:
        """Give the commit of a branch of ours as it is now.

        Raises:
            WorktreeError: It is not ours, or the remote does not say.
        """
        return self.branches(_own(branch, self.prefix)).get(branch)

    def bring(self, branch: str) -> None:
        """Make a branch's commit readable here."""
        self.worktree.fetch(self.name, branch)


@dataclass(frozen=True, slots=True)
class Local:
    """The branches of this repository itself."""

    worktree: Worktree
    prefix: str

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        return self.worktree.local_branches(prefix)

    def put(self, branch: str, commit: str, expected: str | None) -> None:
        """Put a branch of ours on a commit, if it is still where we saw it."""
        self.worktree.set_branch(_own(branch, self.prefix), commit, expected)

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch of ours, if it is still where we saw it."""
        self.worktree.drop_branch(_own(branch, self.prefix), expected)

    def bring(self, branch: str) -> None:
        """Do nothing: the commit is here."""


@dataclass(frozen=True, slots=True)
class Untouched:
    """Branches that are only looked at: what `--dry-run` writes to."""

    inner: Remote | Local

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        return self.inner.branches(prefix)

    def put(self, branch: str, commit: str, expected: str | None) -> None:
        """Do nothing."""

    def drop(self, branch: str, expected: str) -> None:
        """Do nothing."""

    def bring(self, branch: str) -> None:
        """Make a branch's commit readable here."""
        self.inner.bring(branch)


def _own(branch: str, prefix: str) -> str:
    """Give the branch back if it is below our prefix.

    Raises:
        WorktreeError: It is somebody else's branch.
    """
    if not prefix or not branch.startswith(prefix) or branch == prefix:
        raise WorktreeError(
            f"branch {branch}: not below {prefix!r}, it is not ours to write", code="foreign-branch"
        )
    return branch
