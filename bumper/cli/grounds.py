"""Where a run works: the forge, the repository with what it takes to reach its remote, the branches of ours."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import branches, worktree
from bumper.cli import committing, locate
from bumper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.branches import Local, Remote
    from bumper.cli.session import Session
    from bumper.cli.target import Target
    from bumper.forges.base import Forge
    from bumper.http import Http
    from bumper.worktree import Worktree

__all__ = ["Ground", "opened"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A forge, the repository, and where branches of ours live."""

    there: Target
    tree: Worktree
    place: Local | Remote

    @property
    def is_local(self) -> bool:
        """Say whether pull requests are branches of this repository itself."""
        return self.there.kind == "local"

    def forge(self, http: Http) -> Forge:
        """Give the member of the catalog that speaks to the forge."""
        return self.there.forge(http, self.tree)


@contextmanager
def opened(work: Session) -> Iterator[Ground]:
    """Give the ground of a call's folder, for the length of a run; see `locate.find` for the errors.

    Raises:
        UsageError: A forge is to be asked by a call that asks nobody.
    """
    config, root = work.loaded.config, work.options.root
    plain = worktree.Worktree(root)
    try:
        there = locate.find(config.forge, plain.remote_url())
    finally:
        plain.close()
    prefix, local = config.pull_requests.branch_prefix, there.kind == "local"
    if work.options.offline and not local:
        raise UsageError("--offline asks no forge: it needs `forge: {kind: local}`", code="offline")
    with committing.hand(config.commit) as hand:
        tree = worktree.Worktree(root, token=there.token or None, hand=hand, trust=there.trust)
        place = branches.Local(tree, prefix) if local else branches.Remote(tree, prefix)
        try:
            yield Ground(there, tree, place)
        finally:
            tree.close()
