"""Where the branches of pull requests live: on the remote, or in this repository itself.

Only branches below our prefix are ever written, each with an exact lease; every other name is
refused here, whoever asks, and so is one that Git could take for something else.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import WorktreeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bumper.worktree import Worktree

__all__ = ["Local", "Remade", "Remote", "Untouched"]

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}", re.ASCII)
_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Remote:
    """The branches of a remote, where pull requests come from."""

    worktree: Worktree
    prefix: str
    name: str = "origin"

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        pattern = f"{_HEADS}{prefix}*"
        listed = self._run("ls-remote", "--quiet", "--end-of-options", self.name, pattern)
        # The remote matches the end of a name: `x/refs/heads/bumper/y` would be listed too.
        return {name: commit for name, commit in _listed(listed).items() if name.startswith(prefix)}

    def put(self, branch: str, commit: str, expected: str | None) -> str:
        """Put a branch of ours on a commit, if it is still where we saw it (None: must not exist).

        A push may be done and its answer lost, and another run may push the same commit: then the
        branch is where it should be.

        Raises:
            WorktreeError: Somebody else moved it, or the server refused; the message says what it said.
        """
        self._push(branch, commit, expected)
        return commit

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch of ours, if it is still where we saw it; one that is gone is deleted."""
        self._push(branch, None, expected)

    def bring(self, branch: str) -> None:
        """Bring a branch's commit and its parent here, without a name for it.

        A depth is asked for only where history is cut already: elsewhere it would cut the user's.
        """
        depth = ["--depth=2"] if self.worktree.is_shallow() else []
        quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"]
        self._run("fetch", *quiet, *depth, "--end-of-options", self.name, _reference(branch))

    def _push(self, branch: str, commit: str | None, expected: str | None) -> None:
        name = _reference(_own(branch, self.prefix))
        lease = f"--force-with-lease={name}:{expected or ''}"
        what = f"{commit or ''}:{name}"
        try:
            self._run("push", "--quiet", "--no-follow-tags", "--recurse-submodules=no", lease,
                      "--end-of-options", self.name, what)  # fmt: skip
        except WorktreeError:
            if self.branches(branch).get(branch) != commit:
                raise

    def _run(self, *arguments: str) -> str:
        return self.worktree.git.run(*arguments)


@dataclass(frozen=True, slots=True)
class Remade:
    """The branches of a remote whose commits are made anew there, by the forge, which signs them.

    A commit is made on a branch of its own and only then put where it belongs: a pull request whose
    branch is for a moment at its base would be closed.

    Args:
        inner: The remote.
        make: Makes a commit on a branch: its name, its commit, the message, the files; gives the commit.
    """

    inner: Remote
    make: Callable[[str, str, str, Mapping[str, bytes]], str]

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch of ours; what a killed run was making is deleted."""
        found = self.inner.branches(prefix)
        for name in [name for name in found if name.startswith(self._making)]:
            with contextlib.suppress(WorktreeError):
                self.inner.drop(name, found.pop(name))
        return found

    def put(self, branch: str, commit: str, expected: str | None) -> str:
        """Put a branch of ours on a commit like this one, if it is still where we saw it; give that."""
        worktree = self.inner.worktree
        parent, message, files = worktree.parts(commit)
        place = f"{self._making}{commit[:12]}"
        self.inner.put(place, parent, None)
        made = self.make(place, parent, message, files)
        self.inner.bring(place)
        if not worktree.same_files(made, commit):
            self.inner.drop(place, made)
            raise WorktreeError(
                f"branch {branch}: the forge made another commit than was asked for"
            )
        self.inner.put(branch, made, expected)
        self.inner.drop(place, made)
        return made

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch of ours, if it is still where we saw it."""
        self.inner.drop(branch, expected)

    def bring(self, branch: str) -> None:
        """Make a branch's commit readable here."""
        self.inner.bring(branch)

    @property
    def _making(self) -> str:
        return f"{self.inner.prefix}making/"


@dataclass(frozen=True, slots=True)
class Local:
    """The branches of this repository itself."""

    worktree: Worktree
    prefix: str

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        layout = "--format=%(objectname)%09%(refname)"
        return _listed(self.worktree.git.run("for-each-ref", layout, f"{_HEADS}{prefix}*"))

    def put(self, branch: str, commit: str, expected: str | None) -> str:
        """Put a branch of ours on a commit, if it is still where we saw it; give that commit."""
        name = _reference(_own(branch, self.prefix))
        # An empty old value says that it must not exist.
        self.worktree.git.run("update-ref", "--end-of-options", name, commit, expected or "")
        return commit

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch of ours, if it is still where we saw it."""
        name = _reference(_own(branch, self.prefix))
        self.worktree.git.run("update-ref", "-d", "--end-of-options", name, expected)

    def bring(self, branch: str) -> None:
        """Do nothing: the commit is here."""


@dataclass(frozen=True, slots=True)
class Untouched:
    """Branches that are only looked at: what `--dry-run` writes to."""

    inner: Remote | Local

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        return self.inner.branches(prefix)

    def put(self, branch: str, commit: str, expected: str | None) -> str:  # noqa: ARG002 - as the others
        """Do nothing."""
        return commit

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


def _reference(branch: str) -> str:
    """Give the full name of a branch, if it is harmless.

    Raises:
        WorktreeError: It is not.
    """
    odd = ".." in branch or "//" in branch or branch.endswith((".lock", ".", "/"))
    if odd or not _REF.fullmatch(branch):
        raise WorktreeError(f"not a branch name: {branch!r}")
    return f"{_HEADS}{branch}"


def _listed(lines: str) -> dict[str, str]:
    """Read lines of a commit and a reference; give the commits by the branches' names."""
    pairs = (line.split("\t") for line in lines.splitlines())
    return {name.removeprefix(_HEADS): commit for commit, name in pairs if name.startswith(_HEADS)}
