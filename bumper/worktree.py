"""The Git side, the only user of GitPython: files, branches, commits, pushes.

Commits are made from the base commit's own blobs in one `git fast-import` stream: no checkout, the
user's files and index stay as they are. Nothing of the repository runs: hooks, filters and the
user's configuration are switched off, and no text from outside can become an option.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import git
from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError

from bumper import ci, disk, fast_import
from bumper.errors import WorktreeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.fast_import import Branch, Hand

__all__ = ["File", "Worktree", "found"]

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}", re.ASCII)
_SCRUBBED = re.compile(r"GIT_(?!(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+)\Z)\w+")
_SECRET = re.compile(r"(://)[^/@\s]+@|(authorization: \w+ )\S+", re.IGNORECASE)
# Nothing of the user's or the repository's configuration may run a program or move a remote.
_NEUTRAL = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "core.sshCommand": "ssh",
    "credential.helper": "",
    "protocol.ext.allow": "never",
    "protocol.fd.allow": "never",
    "http.followRedirects": "initial",
    "gc.auto": "0",
}


@dataclass(frozen=True, slots=True)
class File:
    """One tracked file of a commit: its path, its mode as Git writes it, its blob."""

    path: str
    mode: str
    blob: str


class Worktree:
    """One Git repository.

    Args:
        folder: Anywhere inside it.
        token: Sent to the remote's own host over http, by the environment; None: what Git has.
        hand: Who makes commits here.
    """

    def __init__(self, folder: Path, *, token: str | None = None, hand: Hand | None = None) -> None:
        self._hand = hand or fast_import.Hand()
        # GitPython adds to the process's environment: what may redirect Git must not be there.
        for name in [name for name in os.environ if _SCRUBBED.fullmatch(name)]:
            del os.environ[name]
        try:
            self._repository = git.Repo(folder, search_parent_directories=True)
        except (InvalidGitRepositoryError, NoSuchPathError) as error:
            raise WorktreeError(f"{folder}: not a Git repository", code="no-repository") from error
        self.root = Path(self._repository.working_tree_dir or self._repository.git_dir)
        self.git_folder = Path(self._repository.common_dir)
        self._folder = Path(self._repository.working_tree_dir or self._repository.git_dir)
        self._environment = self._neutral(token)

    def close(self) -> None:
        """End the Git processes that were kept."""
        self._repository.close()

    def tracked(self, folder: Path) -> tuple[str, ...]:
        """List the paths, from the folder on, of every tracked file below it, sorted; no links."""
        prefix = folder.resolve().relative_to(self.root.resolve()).as_posix()
        listed = self._run("ls-files", "-z", "--stage", "--", "." if prefix == "." else prefix)
        start = 0 if prefix == "." else len(prefix) + 1
        entries = (entry.partition("\t") for entry in listed.split("\0"))
        files = (path for facts, _, path in entries if facts[:6] in {"100644", "100755"})
        # An unmerged path stands there once for each side.
        return tuple(dict.fromkeys(path[start:] for path in files))

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
            commit = self._try(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}"
            )
            if commit:
                return name, commit
        raise WorktreeError(
            f"branch {name}: has no commit here", hint="fetch it, or set `forge.base`"
        )

    def checked_out(self) -> str:
        """Give the commit that the files here were checked out from, "" where there is none."""
        return self._try("rev-parse", "--verify", "--quiet", "HEAD^{commit}") or ""

    def is_shallow(self) -> bool:
        """Say whether the clone lacks a part of the history."""
        return self._try("rev-parse", "--is-shallow-repository") == "true"

    def log(self, commit: str, layout: str) -> str:
        """Give the log from a commit on, the newest first, each entry ended by NUL."""
        return self._run(
            "log", "-z", "--no-show-signature", f"--format={layout}", "--end-of-options", commit
        )

    def _default_branch(self) -> str:
        remote = self._try("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        if remote:
            return remote.removeprefix("origin/")
        named = ci.default_branch(os.environ)
        if named:
            return named
        here = self._try("symbolic-ref", "--quiet", "--short", "HEAD")
        if here:
            return here
        raise WorktreeError(
            "HEAD is detached", hint="name the branch to keep current as `forge.base`"
        )

    def files(self, commit: str) -> tuple[File, ...]:
        """List the tracked files of a commit, sorted by path; links and submodules are left out."""
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
        files = []
        for entry in listed.split("\0"):
            facts, _, path = entry.partition("\t")
            mode, _, rest = facts.partition(" ")
            if mode in {"100644", "100755"}:
                files.append(File(path, mode, rest.partition(" ")[2]))
        return tuple(files)

    def blob(self, name: str) -> bytes | None:
        """Give the bytes of a blob, by one Git process for all of them; None if it is too large."""
        stream = self._repository.odb.stream(bytes.fromhex(name))
        return bytes(stream.read()) if stream.size <= disk.MOST_BYTES else None

    def content(self, commit: str, path: str) -> bytes | None:
        """Give one file of a commit; None if it has none of that path."""
        listed = self._run(
            "ls-tree", "-z", "--full-tree", "--end-of-options", commit, "--", f":(literal){path}"
        )
        facts = listed.partition("\t")[0].split(" ")
        if len(facts) < 3 or facts[1] != "blob":
            return None
        return bytes(self._repository.odb.stream(bytes.fromhex(facts[2])).read())

    def make(self, base: str, branches: Sequence[Branch]) -> dict[str, str]:
        """Make every branch's commit on the base, in one stream; give the commit of each by name.

        The same base, files and message give the same commit on every machine: its dates are the
        base commit's. No reference of the repository moves.
        """
        modes = {file.path: file.mode for file in self.files(base)}
        dates = self._run("show", "-s", "--format=%ct", "--end-of-options", base)
        marks = self._feed(fast_import.stream(base, dates, branches, modes, self._hand))
        return {branch.name: marks[number] for number, branch in enumerate(branches, 1)}

    def make_alone(self, parent: str | None, branch: Branch, seconds: int) -> str:
        """Make a commit on a parent, or on none, that no base has a part in; give its name.

        It is younger than its parent, so that nobody takes it for one that `make` made.
        """
        modes = dict.fromkeys(branch.files, "100644")
        before = fast_import.seconds(self._object(parent)) if parent else None
        seconds = seconds if before is None else max(seconds, before + 1)
        made = fast_import.stream(parent or "", str(seconds), [branch], modes, self._hand)
        return self._feed(made)[1]

    def commit(self, reference: str) -> str | None:
        """Give the commit of a reference by its full name; None if there is none."""
        wanted = f"{reference}^{{commit}}"
        return self._try("rev-parse", "--verify", "--quiet", "--end-of-options", wanted) or None

    def remote_branches(self, remote: str, prefix: str) -> dict[str, str]:
        """Give the commit of every branch of the remote whose name begins with the prefix."""
        pattern = f"refs/heads/{prefix}*"
        listed = self._run("ls-remote", "--quiet", "--end-of-options", remote, pattern)
        pairs = (line.split("\t") for line in listed.splitlines())
        # The remote matches the end of a name: `x/refs/heads/bumper/y` would be listed too.
        wanted = f"refs/heads/{prefix}"
        return {
            name.removeprefix("refs/heads/"): commit
            for commit, name in pairs
            if name.startswith(wanted)
        }

    def local_branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch of this repository whose name begins with the prefix."""
        listed = self._run(
            "for-each-ref", "--format=%(objectname)%09%(refname)", f"refs/heads/{prefix}*"
        )
        pairs = (line.split("\t") for line in listed.splitlines())
        return {name.removeprefix("refs/heads/"): commit for commit, name in pairs}

    def fetch(self, remote: str, branch: str) -> None:
        """Bring a branch's commit and its parent here, without a name for it.

        A depth is asked for only where history is cut already: elsewhere it would cut the user's.
        """
        cut = self._run("rev-parse", "--is-shallow-repository") == "true"
        self._run(
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            *(["--depth=2"] if cut else []),
            "--end-of-options",
            remote,
            f"refs/heads/{_checked(branch)}",
        )

    def is_ours(self, commit: str) -> bool:
        """Say whether a commit that is here was made by `make`, on whatever base; see `fast_import`."""
        text = self._object(commit)
        above = [self._object(parent) for parent in fast_import.parents(text)]
        return len(above) == 1 and fast_import.written_by_us(text, above[0], self._hand.author)

    def _object(self, commit: str) -> str:
        return self._try("cat-file", "commit", commit) if _SHA.fullmatch(commit) else ""

    def push(self, remote: str, branch: str, commit: str, expected: str | None) -> None:
        """Put a commit on a remote branch, if that is still where we saw it (None: must not exist).

        Raises:
            WorktreeError: Somebody else moved it, or the server refused; the message says what it said.
        """
        name = f"refs/heads/{_checked(branch)}"
        lease = f"--force-with-lease={name}:{expected or ''}"
        self._run("push", "--quiet", lease, "--end-of-options", remote, f"{commit}:{name}")

    def delete(self, remote: str, branch: str, expected: str) -> None:
        """Delete a remote branch, if it is still where we saw it."""
        name = f"refs/heads/{_checked(branch)}"
        lease = f"--force-with-lease={name}:{expected}"
        self._run("push", "--quiet", lease, "--end-of-options", remote, f":{name}")

    def set_branch(self, branch: str, commit: str, expected: str | None) -> None:
        """Put a branch of this repository on a commit, if it is still where we saw it."""
        self._run(
            "update-ref",
            "--end-of-options",
            f"refs/heads/{_checked(branch)}",
            commit,
            expected or "0" * 40,
        )

    def drop_branch(self, branch: str, expected: str) -> None:
        """Delete a branch of this repository, if it is still where we saw it."""
        self._run(
            "update-ref", "-d", "--end-of-options", f"refs/heads/{_checked(branch)}", expected
        )

    def remote_url(self, remote: str = "origin") -> str | None:
        """Give the URL of a remote as it is configured; None if there is none."""
        return self._try("config", "--get", f"remote.{remote}.url") or None

    def _neutral(self, token: str | None) -> dict[str, str]:
        settings = [*_NEUTRAL.items(), ("safe.directory", str(self.root))]
        url = self.remote_url_raw()
        if token and url and url.startswith(("http://", "https://")):
            import base64  # noqa: PLC0415 - only where a token is sent

            pair = base64.b64encode(f"x-access-token:{token}".encode()).decode()
            scheme, _, rest = url.partition("://")
            origin = f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/"
            # The checkout action leaves a header of its own, and two are refused: the empty value
            # clears the list before ours is added.
            header = f"http.{origin}.extraHeader"
            settings += [(header, ""), (header, f"Authorization: Basic {pair}")]
        environment = {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
            "GIT_CONFIG_COUNT": str(len(settings)),
        }
        for number, (key, value) in enumerate(settings):
            environment[f"GIT_CONFIG_KEY_{number}"] = key
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        return environment

    def remote_url_raw(self) -> str | None:
        """Give the URL of `origin` as GitPython reads it, before any Git process runs."""
        try:
            return str(self._repository.remote("origin").url)
        except (ValueError, AttributeError, GitCommandError):
            return None

    def _run(self, *arguments: str) -> str:
        try:
            output: Any = self._repository.git.execute(
                ["git", *arguments],
                env=self._environment,
                strip_newline_in_stdout=False,
                stdout_as_string=True,
            )
        except GitCommandError as error:
            raise WorktreeError(f"git {arguments[0]}: {_told(str(error.stderr))}") from error
        except git.exc.GitCommandNotFound as error:
            raise WorktreeError("Git is not installed", hint="install Git 2.30 or newer") from error
        return str(output).rstrip("\n")

    def _try(self, *arguments: str) -> str:
        """Give a command's output, "" where it fails."""
        try:
            return self._run(*arguments)
        except WorktreeError:
            return ""

    def _feed(self, stream: bytes) -> dict[int, str]:
        """Run fast-import; give the commit of each mark."""
        temporary = self.git_folder / f"bumper-marks-{os.getpid()}"
        try:
            process = self._repository.git.execute(
                ["git", "fast-import", "--quiet", "--done", f"--export-marks={temporary}"],
                env=self._environment,
                istream=subprocess.PIPE,
                as_process=True,
            )
            _, told = process.proc.communicate(stream)  # type: ignore[union-attr] # as_process gives one
            if process.proc.returncode:  # type: ignore[union-attr] # as above
                raise WorktreeError(f"git fast-import: {told.decode(errors='replace')[:400]}")
            lines = temporary.read_text(encoding="ascii").splitlines()
        finally:
            temporary.unlink(missing_ok=True)
        marks = {int(mark[1:]): commit for mark, commit in (line.split() for line in lines)}
        return {number: self._signed(commit) for number, commit in marks.items()}

    def _signed(self, commit: str) -> str:
        """Give the commit as it is with its signature, where commits are signed here."""
        if self._hand.sign is None:
            return commit
        content = bytes(self._repository.odb.stream(bytes.fromhex(commit)).read())
        whole = fast_import.signed(content, commit, self._hand.sign)
        process = self._repository.git.execute(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
            env=self._environment,
            istream=subprocess.PIPE,
            as_process=True,
        )
        name, told = process.proc.communicate(whole)  # type: ignore[union-attr] # as_process gives one
        if process.proc.returncode:  # type: ignore[union-attr] # as above
            raise WorktreeError(f"git hash-object: {told.decode(errors='replace')[:400]}")
        return str(name.decode("ascii").strip())


def git_version() -> tuple[int, ...] | None:
    """Give the version of Git, None where there is none."""
    try:
        return tuple(git.Git().version_info)
    except (GitCommandError, git.exc.GitCommandNotFound, OSError):
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
    except (GitCommandError, git.exc.GitCommandNotFound, OSError) as error:
        raise WorktreeError(
            "Git could not make a repository", hint="install Git 2.30 or newer"
        ) from error


def _told(stderr: str) -> str:
    """Give what Git said in one line, without secrets and without GitPython's frame around it."""
    said = stderr.strip().removeprefix("stderr: '").removesuffix("'")
    return _SECRET.sub(r"\1\2***@", said).strip().replace("\n", "; ")[:400]


def _checked(branch: str) -> str:
    """Give the name back if it is harmless as a Git reference.

    Raises:
        WorktreeError: It is not.
    """
    if (
        not _REF.fullmatch(branch)
        or ".." in branch
        or "//" in branch
        or branch.endswith((".lock", ".", "/"))
    ):
        raise WorktreeError(f"not a branch name: {branch!r}")
    return branch
