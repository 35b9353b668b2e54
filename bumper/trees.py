"""What a Git repository holds: its tracked files, its branches' commits, the files of a commit. It is only read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import ci, disk
from bumper.errors import WorktreeError
from bumper.git_process import GitProcess
from bumper.http import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bumper.http import Trust

__all__ = ["File", "Tracked", "Tree"]

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class File:
    """One tracked file of a commit: its path, its mode as Git writes it, its blob."""

    path: str
    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """What Git tracks on disk: the paths of files, and of submodules with the commit each is at."""

    files: tuple[str, ...]
    submodules: Mapping[str, str]


class Tree:
    """One Git repository, to be read.

    Args:
        folder: Anywhere inside it.
        token: Sent to the remote's own host over http, by the environment; None: what Git has.
        trust: What TLS the remote may have.
    """

    def __init__(self, folder: Path, token: str | None = None, trust: Trust = SYSTEM) -> None:
        self.git = GitProcess(folder, token, trust)
        self.root, self.git_folder = self.git.root, self.git.git_folder

    def close(self) -> None:
        """End the Git processes that were kept."""
        self.git.close()

    def tracked(self, folder: Path) -> Tracked:
        """List what is tracked below a folder, by its path from there on, sorted; no links."""
        prefix = folder.resolve().relative_to(self.root.resolve()).as_posix()
        listed = self.git.run("ls-files", "-z", "--stage", "--", "." if prefix == "." else prefix)
        start = 0 if prefix == "." else len(prefix) + 1
        # An unmerged path stands there once for each side.
        files: dict[str, None] = {}
        submodules: dict[str, str] = {}
        for entry in listed.split("\0"):
            facts, _, path = entry.partition("\t")
            if facts[:6] in {"100644", "100755"}:
                files[path[start:]] = None
            elif facts[:6] == "160000":
                submodules[path[start:]] = facts[7:].partition(" ")[0]
        return Tracked(tuple(files), submodules)

    def head(self, branch: str | None, *, local: bool = False) -> tuple[str, str]:
        """Give the base branch and the commit to build on.

        The named branch, else the remote's default, else the default of CI's event, else the branch
        that CI builds, else the current. The remote's commit wins over the one of the same name here,
        unless `local` says that pull requests are branches of this repository itself.

        Raises:
            WorktreeError: There is no commit, or no branch to name.
        """
        name = branch or os.environ.get("BUMPER_BASE") or self._default_branch()
        places = [f"refs/remotes/origin/{name}", f"refs/heads/{name}"]
        for reference in reversed(places) if local else places:
            commit = self.git.attempt(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}"
            )
            if commit:
                return name, commit
        raise WorktreeError(
            f"branch {name}: has no commit here", hint="fetch it, or set `forge.base`"
        )

    def checked_out(self) -> str:
        """Give the commit that the files here were checked out from, "" where there is none."""
        return self.git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}") or ""

    def is_shallow(self) -> bool:
        """Say whether the clone lacks a part of the history."""
        return self.git.attempt("rev-parse", "--is-shallow-repository") == "true"

    def log(self, commit: str, layout: str) -> str:
        """Give the log from a commit on, the newest first, each entry ended by NUL."""
        return self.git.run(
            "log", "-z", "--no-show-signature", f"--format={layout}", "--end-of-options", commit
        )

    def _default_branch(self) -> str:
        remote = self.git.attempt("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        if remote:
            return remote.removeprefix("origin/")
        named = ci.default_branch(os.environ)
        if named:
            return named
        here = self.git.attempt("symbolic-ref", "--quiet", "--short", "HEAD")
        if here:
            return here
        raise WorktreeError(
            "HEAD is detached", hint="name the branch to keep current as `forge.base`"
        )

    def files(self, commit: str) -> tuple[File, ...]:
        """List the tracked files of a commit, sorted by path; links and submodules are left out."""
        listed = self.git.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
        files = []
        for entry in listed.split("\0"):
            facts, _, path = entry.partition("\t")
            mode, _, rest = facts.partition(" ")
            if mode in {"100644", "100755"}:
                files.append(File(path, mode, rest.partition(" ")[2]))
        return tuple(files)

    def blob(self, name: str) -> bytes | None:
        """Give the bytes of a blob, by one Git process for all of them; None if it is too large."""
        return self.git.read(name, disk.MOST_BYTES)

    def content(self, commit: str, path: str) -> bytes | None:
        """Give one file of a commit; None if it has none of that path."""
        listed = self.git.run(
            "ls-tree", "-z", "--full-tree", "--end-of-options", commit, "--", f":(literal){path}"
        )
        facts = listed.partition("\t")[0].split(" ")
        if len(facts) < 3 or facts[1] != "blob":
            return None
        return self.git.read(facts[2])

    def commit(self, reference: str) -> str | None:
        """Give the commit of a reference by its full name; None if there is none."""
        wanted = f"{reference}^{{commit}}"
        return (
            self.git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", wanted) or None
        )

    def same_files(self, one: str, other: str) -> bool:
        """Say whether two commits hold the same files with the same modes."""
        commits = [name for name in (one, other) if _SHA.fullmatch(name)]
        trees = [
            self.git.attempt("rev-parse", "--verify", "--quiet", f"{name}^{{tree}}")
            for name in commits
        ]
        return len(trees) == 2 and trees[0] == trees[1] != ""

    def written(self, commit: str) -> str:
        """Give a commit as it is written, "" where it is not here."""
        return self.git.attempt("cat-file", "commit", commit) if _SHA.fullmatch(commit) else ""

    def remote_url(self, remote: str = "origin") -> str | None:
        """Give the URL of a remote as it is configured; None if there is none."""
        return self.git.attempt("config", "--get", f"remote.{remote}.url") or None
