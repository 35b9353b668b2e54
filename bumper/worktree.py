"""A Git repository and the commits that are made in it.

Commits are made from the base commit's own blobs in one `git fast-import` stream: no checkout, the
user's files and index stay as they are. Where branches of ours live is the business of `branches`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import fast_import
from bumper.git_process import OLDEST, found, git_version
from bumper.http import SYSTEM
from bumper.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bumper.fast_import import Branch, Hand
    from bumper.http import Trust

__all__ = ["OLDEST", "Worktree", "found", "git_version"]


class Worktree(Tree):
    """One Git repository.

    Args:
        folder: Anywhere inside it.
        token: Sent to the remote's own host over http, by the environment; None: what Git has.
        hand: Who makes commits here.
        trust: What TLS the remote may have.
    """

    def __init__(
        self,
        folder: Path,
        *,
        token: str | None = None,
        hand: Hand | None = None,
        trust: Trust = SYSTEM,
    ) -> None:
        super().__init__(folder, token, trust)
        self._hand = hand or fast_import.Hand()

    def make(self, base: str, branches: Sequence[Branch]) -> dict[str, str]:
        """Make every branch's commit on the base, in one stream; give the commit of each by name.

        The same base, files and message give the same commit on every machine: its dates are the
        base commit's. No reference of the repository moves.
        """
        if not branches:
            return {}
        modes = {file.path: file.mode for file in self.files(base)}
        dates = self.git.run("show", "-s", "--format=%ct", "--end-of-options", base)
        commits = self._made(base, dates, branches, modes)
        return {branch.name: commit for branch, commit in zip(branches, commits, strict=True)}

    def make_alone(self, parent: str | None, branch: Branch, seconds: int) -> str:
        """Make a commit on a parent, or on none, that no base has a part in; give its name.

        It is younger than its parent, so that nobody takes it for one that `make` made.
        """
        modes = dict.fromkeys(branch.files, "100644")
        before = fast_import.seconds(self.written(parent)) if parent else None
        seconds = seconds if before is None else max(seconds, before + 1)
        return self._made(parent or self._no_commit(), str(seconds), [branch], modes)[0]

    def _made(
        self, base: str, when: str, branches: Sequence[Branch], modes: Mapping[str, str]
    ) -> list[str]:
        stream = fast_import.stream(base, when, branches, modes, self._hand)
        made = self.git.fed(stream, "fast-import", "--quiet", "--done").split()
        sign = self._hand.sign
        return made if sign is None else [self._signed(one, sign) for one in made]

    def _signed(self, commit: str, sign: Callable[[bytes], str]) -> str:
        """Give the commit as it is with its signature."""
        whole = fast_import.signed(self.git.read(commit) or b"", commit, sign)
        return self.git.fed(whole, "hash-object", "-t", "commit", "-w", "--stdin").strip()

    def _no_commit(self) -> str:
        """Give Git's name of no commit, as long as the names are here."""
        return "0" * (64 if self.git.run("rev-parse", "--show-object-format") == "sha256" else 40)

    def is_ours(self, commit: str) -> bool:
        """Say whether a commit that is here was made by `make`, on whatever base; see `fast_import`."""
        text = self.written(commit)
        if self._hand.by_github and fast_import.made_by_github(text):
            return True
        above = [self.written(parent) for parent in fast_import.parents(text)]
        return len(above) == 1 and fast_import.written_by_us(text, above[0], self._hand.author)

    def parts(self, commit: str) -> tuple[str, str, dict[str, bytes]]:
        """Give the parent of a commit that `make` made, its message, and the files it changes."""
        text = self.written(commit)
        (parent,) = fast_import.parents(text)
        options = ("-r", "-z", "--name-only", "--no-renames", "--end-of-options")
        listed = self.git.run("diff-tree", *options, parent, commit)
        paths = [path for path in listed.split("\0") if path]
        files = {path: self.content(commit, path) or b"" for path in paths}
        return parent, text.partition("\n\n")[2], files
