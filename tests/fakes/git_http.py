"""A bare repository served over http by Git's own `http-backend`. A real part behind a small server.

Basic authentication is asked for, so that a token really is checked.
"""

from __future__ import annotations

import base64
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes import http_server
from tests.fakes.http_server import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.http_server import Asked

__all__ = ["GitHttp", "git", "made_by_github", "make", "origin"]

# What a server may be asked to take: branches of ours alone (G5). Everything else ends the test.
_HOOK = """#!/bin/sh
case "$1" in
  refs/heads/bumper/*) exit 0 ;;
  *) echo "only refs/heads/bumper/ may be pushed, not $1" >&2; exit 1 ;;
esac
"""


def git(folder: Path, *arguments: str, date: str | None = None) -> str:
    """Run Git as a person would, under the person's name; `date` is when a commit is made."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    environment = {**os.environ, **({"GIT_COMMITTER_DATE": date} if date else {})}
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    return done.stdout.strip()


def make(folder: Path, *, guarded: bool = True) -> Path:
    """Make a bare repository whose default branch is `main`; `guarded` takes pushes of ours alone."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    git(folder, "config", "http.receivepack", "true")
    if guarded:
        hook = folder / "hooks" / "update"
        hook.write_text(_HOOK, encoding="ascii")
        hook.chmod(0o755)
    return folder


def made_by_github(bare: Path, parent: str, message: str, files: dict[str, bytes]) -> str:
    """Make a commit as GitHub's API does: by GitHub, with a signature (of no worth), now."""
    index = {**os.environ, "GIT_INDEX_FILE": str(bare / "making.index")}

    def run(*arguments: str, given: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", "-C", str(bare), *arguments],
            check=True,
            capture_output=True,
            input=given,
            env=index,
        )
        return done.stdout.decode().strip()

    run("read-tree", parent)
    for path, content in files.items():
        blob = run("hash-object", "-w", "--stdin", given=content)
        run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    when = f"{int(time.time())} +0000"
    head = [
        f"tree {run('write-tree')}", f"parent {parent}", f"author bot[bot] <1+bot[bot]@users.noreply.github.com> {when}",
        f"committer GitHub <noreply@github.com> {when}", "gpgsig -----BEGIN PGP SIGNATURE-----", " ",
        " none", " -----END PGP SIGNATURE-----",
    ]  # fmt: skip
    text = "\n".join(head) + f"\n\n{message}"
    return run("hash-object", "-t", "commit", "-w", "--stdin", given=text.encode())


@dataclass
class GitHttp:
    """Git's side of a server: answers below the repository's path, counts what was pushed."""

    root: Path
    token: str
    pushes: int = 0
    authorizations: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        given = asked.headers.get("authorization", "")
        self.authorizations.append(given)
        if not self._may(given):
            challenge = ("WWW-Authenticate", 'Basic realm="git"')
            return Answer(401, b"", (challenge,))
        if path.endswith("/git-receive-pack") and asked.method == "POST":
            self.pushes += 1
        environment = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": asked.method,
            "REMOTE_USER": "bot",
            "CONTENT_TYPE": asked.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(asked.body)),
            "HTTP_CONTENT_ENCODING": asked.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": asked.headers.get("git-protocol", ""),
            "PATH": "/usr/bin:/bin",
        }
        done = subprocess.run(
            ["git", "http-backend"], env=environment, input=asked.body, capture_output=True,
            check=False,
        )  # fmt: skip
        return _answer(done.stdout)

    def _may(self, given: str) -> bool:
        if "," in given or not given.startswith("Basic "):
            return False
        _, _, secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
        return secret == self.token


@contextmanager
def origin(clone: Path, side: GitHttp) -> Iterator[GitHttp]:
    """Serve a copy of a clone's `main`, guarded, as its `origin` acme/gitops."""
    bare = make(side.root / "acme" / "gitops.git")
    git(bare, "fetch", "-q", clone.as_posix(), "main:main")
    with http_server.serve(side.answer) as server:
        git(clone, "remote", "add", "origin", f"{server.url}/acme/gitops.git")
        yield side


def _answer(output: bytes) -> Answer:
    """Read what a CGI program printed. Source: RFC 3875, "CGI Response"."""
    head, _, body = output.partition(b"\r\n\r\n")
    headers = [tuple(line.split(": ", 1)) for line in head.decode("latin-1").split("\r\n")]
    status = next((value for name, value in headers if name.lower() == "status"), "200")
    return Answer(
        int(status.split()[0]),
        body,
        tuple((name, value) for name, value in headers if name.lower() != "status"),
    )
