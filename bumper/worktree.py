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

from bumper.errors import WorktreeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Branch", "File", "Local", "Remote", "Untouched", "Worktree", "found", "walk"]

AUTHOR = ("bumper", "bumper@users.noreply.invalid")
_MOST_BYTES = 5 * 1024 * 1024
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


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch to make: one commit on the base, with these whole file contents."""

    name: str
    message: str
    files: Mapping[str, bytes]


class Worktree:
    """One Git repository.

    Args:
        folder: Anywhere inside it.
        token: Sent to the remote's own host over http, by the environment; None: what Git has.
    """

    def __init__(self, folder: Path, *, token: str | None = None) -> None:
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

    def tracked(self, folder: Path) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of every tracked file below a folder, as it is on disk, sorted.

        A symbolic link is not followed: its target is read under its own name.
        """
        folder = folder.resolve()
        prefix = folder.relative_to(self.root.resolve()).as_posix()
        listed = self._run("ls-files", "-z", "--stage", "--", "." if prefix == "." else prefix)
        for entry in listed.split("\0"):
            facts, _, path = entry.partition("\t")
            if facts[:6] in {"100644", "100755"}:
                content = _content(self.root / path)
                shown = path if prefix == "." else path.removeprefix(f"{prefix}/")
                if content is not None:
                    yield shown, content

    def head(self, branch: str | None) -> tuple[str, str]:
        """Give the base branch and the commit to build on.

        The named branch, else the one that CI builds, else the remote's default, else the current.

        Raises:
            WorktreeError: There is no commit, or no branch to name.
        """
        name = branch or os.environ.get("BUMPER_BASE") or self._default_branch()
        for reference in (f"refs/remotes/origin/{name}", f"refs/heads/{name}"):
            commit = self._try(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}"
            )
            if commit:
                return name, commit
        raise WorktreeError(
            f"branch {name}: has no commit here", hint="fetch it, or set `forge.base`"
        )

    def _default_branch(self) -> str:
        remote = self._try("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        if remote:
            return remote.removeprefix("origin/")
        here = self._try("symbolic-ref", "--quiet", "--short", "HEAD")
        if here:
            return here
        if os.environ.get("GITHUB_REF_TYPE") == "branch" and os.environ.get("GITHUB_REF_NAME"):
            return os.environ["GITHUB_REF_NAME"]
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

    def read(self, files: Iterable[File]) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of files of a commit, in their order, by one Git process."""
        for file in files:
            stream = self._repository.odb.stream(bytes.fromhex(file.blob))
            if stream.size <= _MOST_BYTES:
                yield file.path, stream.read()

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
        stream = bytearray()
        for number, branch in enumerate(branches, 1):
            stream += _commit_stream(number, branch, base, dates, modes)
        marks = self._feed(bytes(stream))
        return {branch.name: marks[number] for number, branch in enumerate(branches, 1)}

    def remote_branches(self, remote: str, prefix: str) -> dict[str, str]:
        """Give the commit of every branch of the remote whose name begins with the prefix."""
        pattern = f"refs/heads/{prefix}*"
        listed = self._run("ls-remote", "--quiet", "--end-of-options", remote, pattern)
        pairs = (line.split("\t") for line in listed.splitlines())
        return {name.removeprefix("refs/heads/"): commit for commit, name in pairs}

    def local_branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch of this repository whose name begins with the prefix."""
        listed = self._run(
            "for-each-ref", "--format=%(objectname)%09%(refname)", f"refs/heads/{prefix}*"
        )
        pairs = (line.split("\t") for line in listed.splitlines())
        return {name.removeprefix("refs/heads/"): commit for commit, name in pairs}

    def fetch(self, remote: str, branch: str) -> None:
        """Bring a branch's commit here, without a local name for it."""
        self._run(
            "fetch",
            "--quiet",
            "--no-tags",
            "--depth=2",
            "--end-of-options",
            remote,
            f"refs/heads/{_checked(branch)}",
        )

    def push(self, remote: str, branch: str, commit: str, expected: str | None) -> None:
        """Put a commit on a remote branch, if that is still where we saw it (None: must not exist).

        Raises:
            WorktreeError: Somebody else moved it, or the server refused; the message says what it said.
        """
        name = f"refs/heads/{_checked(branch)}"
        lease = f"--force-with-lease={name}:{expected or ''}"
        self._run(
            "push", "--quiet", "--porcelain", lease, "--end-of-options", remote, f"{commit}:{name}"
        )

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
            told = _SECRET.sub(r"\1\2***@", str(error.stderr or "")).strip().replace("\n", "; ")
            raise WorktreeError(f"git {arguments[0]}: {told[:400]}") from error
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
            _, told = process.proc.communicate(stream + b"done\n")  # type: ignore[union-attr] # as_process gives one
            if process.proc.returncode:  # type: ignore[union-attr] # as above
                raise WorktreeError(f"git fast-import: {told.decode(errors='replace')[:400]}")
            lines = temporary.read_text(encoding="ascii").splitlines()
        finally:
            temporary.unlink(missing_ok=True)
        return {int(mark[1:]): commit for mark, commit in (line.split() for line in lines)}


@dataclass(frozen=True, slots=True)
class Remote:
    """The branches of a remote, where pull requests come from."""

    worktree: Worktree
    name: str = "origin"

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        return self.worktree.remote_branches(self.name, prefix)

    def put(self, branch: str, commit: str, expected: str | None) -> None:
        """Put a branch on a commit, if it is still where we saw it."""
        self.worktree.push(self.name, branch, commit, expected)

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch, if it is still where we saw it."""
        self.worktree.delete(self.name, branch, expected)

    def bring(self, branch: str) -> None:
        """Make a branch's commit readable here."""
        self.worktree.fetch(self.name, branch)


@dataclass(frozen=True, slots=True)
class Local:
    """The branches of this repository itself."""

    worktree: Worktree

    def branches(self, prefix: str) -> dict[str, str]:
        """Give the commit of every branch whose name begins with the prefix."""
        return self.worktree.local_branches(prefix)

    def put(self, branch: str, commit: str, expected: str | None) -> None:
        """Put a branch on a commit, if it is still where we saw it."""
        self.worktree.set_branch(branch, commit, expected)

    def drop(self, branch: str, expected: str) -> None:
        """Delete a branch, if it is still where we saw it."""
        self.worktree.drop_branch(branch, expected)

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


def found(folder: Path, message: str, seconds: int) -> None:
    """Make a Git repository of a folder: one commit of all its files, dated in seconds since 1970."""
    try:
        repository = git.Repo.init(folder, initial_branch="main")
        repository.git.add("--all")
        who, when = git.Actor(*AUTHOR), f"{seconds} +0000"
        repository.index.commit(
            message, author=who, committer=who, author_date=when, commit_date=when, skip_hooks=True
        )
        repository.close()
    except (GitCommandError, git.exc.GitCommandNotFound, OSError) as error:
        raise WorktreeError(
            "Git could not make a repository", hint="install Git 2.30 or newer"
        ) from error


def walk(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file below a folder that is no Git repository, sorted."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_symlink() or not path.is_file():
                continue
            content = _content(path)
            if content is not None:
                yield path.relative_to(folder).as_posix(), content


def _content(path: Path) -> bytes | None:
    """Give a regular file's bytes; None if it is none, is too large, or cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError:
        return None
    return content if len(content) <= _MOST_BYTES else None


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


def _commit_stream(
    number: int, branch: Branch, base: str, seconds: str, modes: Mapping[str, str]
) -> bytes:
    """Give one commit in fast-import's language; it is on a reference that is never kept."""
    who = f"{AUTHOR[0]} <{AUTHOR[1]}> {seconds} +0000"
    message = branch.message.encode()
    lines = [
        f"commit refs/bumper/building/{number}\nmark :{number}\nauthor {who}\ncommitter {who}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
        f"from {base}\n".encode(),
    ]
    for path, content in sorted(branch.files.items()):
        lines.append(f"M {modes[path]} inline {_quoted(path)}\n".encode())
        lines.append(b"data %d\n%s\n" % (len(content), content))
    lines.append(f"reset refs/bumper/building/{number}\nfrom {'0' * 40}\n\n".encode())
    return b"".join(lines)


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
