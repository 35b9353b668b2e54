"""The small world of `disturbed` with a real Gitea in it: what is not the registry's is handed on."""

from __future__ import annotations

import contextlib
import re
import shutil
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes import http_server, real_gitea
from tests.fakes.disturbed import TAGS, World
from tests.fakes.git_http import git
from tests.fakes.http_server import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.http_server import Asked
    from tests.fakes.real_gitea import Gitea

__all__ = ["serve"]

_HANDED_ON = ("accept", "authorization", "content-encoding", "content-type", "git-protocol")
_OWN = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass
class RealWorld(World):
    """Each round has a repository of its own on the server."""

    server: Gitea = field(kw_only=True)

    def fresh(self) -> None:
        self._rounds += 1
        name = f"round-{self._rounds}"
        self.place = self.server.place(name)
        self.clone = self.folder / name / "clone"
        shutil.copytree(self.folder / "first" / "clone", self.clone)
        git(self.clone, "push", "-q", *self.place.push, "HEAD:refs/heads/main")
        git(self.clone, "remote", "set-url", "origin", f"http://{self.host}/acme/{name}.git")
        self.place.settle()
        self.token, self.tags, self.asked, self.trap = self.server.token, TAGS, [], None

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/v2/"):
            return self._of_registry(asked)
        headers = {name: asked.headers[name] for name in _HANDED_ON if name in asked.headers}
        request = urllib.request.Request(
            f"{self.server.url}{asked.path}", asked.body or None, headers, method=asked.method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as given:
                return _read(given.status, given.headers.items(), given.read())
        except urllib.error.HTTPError as refused:
            return _read(refused.code, refused.headers.items(), refused.read())

    def writes(self) -> object:
        self.place.settle()
        return self.place.writes()

    def left(self) -> dict[str, object]:
        self.place.settle()
        slug = self.place.slug
        labels = self.server.call("GET", f"/repos/{slug}/labels?limit=50")
        listed = git(
            self.place.bare, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"
        )
        pulls = [
            (one.branch, one.state, one.title, _of_no_round(one.body, slug), sorted(one.labels))
            for one in self.place.pulls()
        ]
        return {
            "references": listed.splitlines(),
            "pull requests": sorted(pulls),
            "labels": sorted(one["name"] for one in labels),
            "files of the clone": git(self.clone, "status", "--porcelain=v2"),
        }


def _of_no_round(body: str, slug: str) -> str:
    """Give a text without the round's repository, and without the marker's digest of the text, which links to it."""
    return re.sub(r'"body":"[0-9a-f]+"', "", body.replace(slug, ""))


def _read(status: int, headers: list[tuple[str, str]], body: bytes) -> Answer:
    return Answer(status, body, tuple(one for one in headers if one[0].lower() not in _OWN))


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[RealWorld]:
    """Serve a world with a Gitea of its own.

    Raises:
        FileNotFoundError: BUMPER_TEST_GITEA_BIN names no binary.
    """
    (folder / "gitea").mkdir()
    with real_gitea.serve(folder / "gitea") as gitea:
        world = RealWorld("gitea", folder, server=gitea)
        with http_server.serve(world.answer) as server:
            world.host, world.url = server.host, server.url
            world.found()
            yield world
