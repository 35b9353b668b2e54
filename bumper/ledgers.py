"""The ledger's branch: read before a run looks up, grown after it, joined with what others saw.

An orphan branch with one file; every commit of it holds all that was ever seen. Two runs that write
at once both end well: who comes second joins and tries again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bumper.errors import WorktreeError
from bumper.fast_import import Branch
from bumper.ledger import FILE, NAME, Ledger

if TYPE_CHECKING:
    from datetime import datetime

    from bumper.worktree import Worktree

__all__ = ["Shared", "known_here"]

_TRIES = 4


class Place(Protocol):
    """Where branches live: the remote, or this repository."""

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        ...

    def put(self, branch: str, commit: str, expected: str | None) -> str:
        """Put a branch on a commit, if it is still where we saw it; give that commit."""
        ...

    def bring(self, branch: str) -> None:
        """Make a branch's commit readable here."""
        ...


@dataclass(frozen=True, slots=True)
class Shared:
    """The ledger as all runs share it, on a branch below our prefix."""

    worktree: Worktree
    place: Place
    prefix: str

    @property
    def branch(self) -> str:
        """The branch's name."""
        return f"{self.prefix}{NAME}"

    def read(self) -> tuple[Ledger, str | None]:
        """Give the ledger and the commit it stands on; empty and None before the first run.

        Raises:
            WorktreeError: The remote did not answer.
        """
        tip = self.place.branches(self.branch).get(self.branch)
        if tip is None:
            return Ledger(), None
        self.place.bring(self.branch)
        return _at(self.worktree, tip), tip

    def write(self, ledger: Ledger, tip: str | None, now: datetime) -> None:
        """Put what has grown on the branch, joined with what others put there meanwhile.

        Raises:
            WorktreeError: The server refuses the branch, or it moves faster than we can follow.
        """
        if not ledger.grown:
            return
        message = f"ledger: {len(ledger.grown)} contents seen first"
        for attempt in range(_TRIES):
            text = ledger.text().encode()
            commit = self.worktree.make_alone(
                tip, Branch(self.branch, message, {FILE: text}), int(now.timestamp())
            )
            try:
                self.place.put(self.branch, commit, tip)
            except WorktreeError:
                theirs, moved = self.read()
                if moved == tip or attempt == _TRIES - 1:
                    raise
                ledger, tip = ledger.joined(theirs), moved
            else:
                return


def known_here(worktree: Worktree, prefix: str) -> Ledger:
    """Give the ledger as far as this clone has it, asking no remote."""
    for name in (f"refs/remotes/origin/{prefix}{NAME}", f"refs/heads/{prefix}{NAME}"):
        tip = worktree.commit(name)
        if tip is not None:
            return _at(worktree, tip)
    return Ledger()


def _at(worktree: Worktree, commit: str) -> Ledger:
    content = worktree.content(commit, FILE) or b""
    return Ledger.read(content.decode("utf-8", "replace"))
