"""Git's own commands, run where nothing of the repository can run; the only user of GitPython.

Hooks, filters, helpers and the configuration of user and system are switched off for every call, a
token goes by the environment, and what Git says is told without secrets.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import git
from git.exc import GitCommandError, GitCommandNotFound, InvalidGitRepositoryError, NoSuchPathError

from bumper import fast_import
from bumper.errors import WorktreeError
from bumper.git_environment import surroundings
from bumper.http import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.http import Trust

__all__ = ["OLDEST", "GitProcess", "found", "git_version"]

_SCRUBBED = re.compile(r"GIT_(?!(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+)\Z)\w+")
_SECRET = re.compile(r"(://)[^/@\s]+@|(authorization: \w+ )\S+", re.IGNORECASE)
# Older ones read no configuration from the environment: what makes them harmless would not be heard.
OLDEST = (2, 31)
_UNTRUSTED = "give the CA that signed the forge's certificate as `forge.ca`"
_NEWER = f"install Git {'.'.join(map(str, OLDEST))} or newer"


class GitProcess:
    """Git in one repository.

    Args:
        folder: Anywhere inside it.
        token: Sent to the remote's own host over http, by the environment; None: what Git has.
        trust: What TLS the remote may have.

    Raises:
        WorktreeError: There is no repository, or Git is too old.
    """

    def __init__(self, folder: Path, token: str | None = None, trust: Trust = SYSTEM) -> None:
        # GitPython adds to the process's environment: what may redirect Git must not be there.
        for name in [name for name in os.environ if _SCRUBBED.fullmatch(name)]:
            del os.environ[name]
        try:
            self._repository = git.Repo(folder, search_parent_directories=True)
        except (InvalidGitRepositoryError, NoSuchPathError) as error:
            hint = "run it inside of a clone, or name one by -C"
            problem = f"{folder}: not a Git repository"
            raise WorktreeError(problem, code="no-repository", hint=hint) from error
        version = git_version()
        if version is not None and version < OLDEST:
            told = ".".join(map(str, version))
            raise WorktreeError(f"Git {told} is too old", code="old-git", hint=_NEWER)
        self.root = Path(self._repository.working_tree_dir or self._repository.git_dir)
        self.git_folder = Path(self._repository.common_dir)
        url = self._remote_url()
        self._environment = surroundings(self.root, url, token, trust)
        self._objects: Any = None
        self._end: Callable[[], object] = lambda: None

    def close(self) -> None:
        """End the processes that were kept."""
        self._objects = None
        self._end()
        self._repository.close()

    def run(self, *arguments: str) -> str:
        """Give what a command prints, without the last line's end.

        Raises:
            WorktreeError: It failed; the message says what Git said.
        """
        output = self._execute(*arguments, strip_newline_in_stdout=False, stdout_as_string=True)
        return str(output).rstrip("\n")

    def attempt(self, *arguments: str) -> str:
        """Give what a command prints, "" where it fails."""
        try:
            return self.run(*arguments)
        except WorktreeError as error:
            if error.code == "no-git":
                raise
            return ""

    def read(self, name: str, most: int | None = None) -> bytes | None:
        """Give an object's content, by one process for all of them; None if it is larger than `most`.

        Raises:
            WorktreeError: There is no object of that name.
        """
        if self._objects is None:
            self._objects = self._execute(
                "cat-file", "--batch", istream=subprocess.PIPE, as_process=True
            )
            # Who forgets to close it, or fails before, leaves no process behind.
            self._end = weakref.finalize(self, _ended, self._objects)
        self._objects.stdin.write(name.encode("ascii") + b"\n")
        self._objects.stdin.flush()
        facts = self._objects.stdout.readline().split()
        if len(facts) != 3:
            raise WorktreeError(f"{name[:64]}: no such object here")
        size, taken = int(facts[2]), b""
        if most is None or size <= most:
            taken = self._objects.stdout.read(size)
        else:
            for start in range(0, size, 1 << 20):
                self._objects.stdout.read(min(1 << 20, size - start))
        self._objects.stdout.read(1)
        return taken if len(taken) == size else None

    def fed(self, given: bytes, *arguments: str) -> str:
        """Give what a command prints that is given bytes.

        Raises:
            WorktreeError: It failed; the message says what Git said.
        """
        # GitPython ends the process with the object that stands for it.
        kept = self._execute(*arguments, istream=subprocess.PIPE, as_process=True)
        output, told = kept.proc.communicate(given)
        if kept.proc.returncode:
            raise WorktreeError(f"git {arguments[0]}: {_told(told.decode(errors='replace'))}")
        return str(output.decode("utf-8", errors="replace"))

    def _execute(self, *arguments: str, **options: Any) -> Any:  # noqa: ANN401 - GitPython's own
        try:
            command = ["git", *arguments]
            return self._repository.git.execute(command, env=self._environment, **options)
        except GitCommandError as error:
            told = _told(str(error.stderr))
            hint = _UNTRUSTED if "certificate" in told else ""
            raise WorktreeError(f"git {arguments[0]}: {told}", hint=hint) from error
        except GitCommandNotFound as error:
            raise WorktreeError("Git is not installed", code="no-git", hint=_NEWER) from error

    def _remote_url(self) -> str:
        """Give the URL of `origin` as GitPython reads it, before any Git process runs."""
        try:
            return str(self._repository.remote("origin").url)
        except (ValueError, AttributeError, GitCommandError):
            return ""


def git_version() -> tuple[int, ...] | None:
    """Give the version of Git, None where there is none."""
    try:
        return tuple(git.Git().version_info)
    except (GitCommandError, GitCommandNotFound, OSError):
        return None


def found(folder: Path, message: str, seconds: int) -> None:
    """Make a Git repository of a folder: one commit of all its files, dated in seconds since 1970."""
    try:
        repository = git.Repo.init(folder, initial_branch="main")
        repository.git.add("--all")
        who, when = git.Actor(*fast_import.AUTHOR), f"{seconds} +0000"
        repository.index.commit(
            message, author=who, committer=who, author_date=when, commit_date=when, skip_hooks=True
        )
        repository.close()
    except (GitCommandError, GitCommandNotFound, OSError) as error:
        raise WorktreeError("Git could not make a repository", hint=_NEWER) from error


def _told(stderr: str) -> str:
    """Give what Git said in one line, without secrets and without GitPython's frame around it."""
    said = stderr.strip().removeprefix("stderr: '").removesuffix("'")
    return _SECRET.sub(r"\1\2***@", said).strip().replace("\n", "; ")[:400]


def _ended(process: Any) -> None:  # noqa: ANN401 - GitPython's wrapper of a Popen
    """End a process that was kept; one that was killed, as by Ctrl-C in a terminal, has ended."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(OSError):
            pipe.close()
    with contextlib.suppress(GitCommandError):
        process.wait()
