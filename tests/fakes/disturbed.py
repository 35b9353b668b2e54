"""A whole small world behind one address: a registry, a forge, its Git; and a trap at any request.

At the request whose number is set, the trap acts: before it is worked off, or after, so that only
the answer is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.canaries import canary
from tests.fakes import git_http, http_server
from tests.fakes.docker_registry import CONFIG, INDEX, MANIFEST
from tests.fakes.git_http import GitHttp, git
from tests.fakes.http_server import Answer
from tests.fakes.there import FAKES
from tests.support import write

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.fakes.forge import FakeForge
    from tests.fakes.forked import Ended, Forks
    from tests.fakes.http_server import Asked

__all__ = ["TOKEN", "World", "serve"]

TOKEN = canary("forge")
SLUG = "acme/gitops"
# Image, the tag in the file, the tags that the registry has.
IMAGES = {"web": "1.25.3", "job": "2.0.0", "api": "1.0.0"}
TAGS = {
    "web": ("1.25.3", "1.26.0"),
    "job": ("2.0.0", "2.0.1"),
    "api": ("1.0.0", "2.0.0"),
}


@dataclass
class World:
    """One address. `fresh` gives it an empty forge over a new clone; the address stays.

    `tags` is what the registry has, `hidden` what its lists do not tell of that.
    """

    kind: str
    folder: Path
    host: str = ""
    url: str = ""
    forge: FakeForge = field(init=False)
    clone: Path = field(init=False)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: TAGS)
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    trap: Callable[[Asked, Callable[[], Answer]], Answer | None] | None = None
    token: str = TOKEN
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rounds: int = 0

    def found(self) -> None:
        """Make the repository that every round begins with."""
        git_http.make(self.folder / "first" / f"{SLUG}.git")
        clone = self.folder / "first" / "clone"
        clone.mkdir()
        git(clone, "init", "-q", "--template=", "--initial-branch=main")
        git(clone, "remote", "add", "origin", f"{self.url}/{SLUG}.git")
        files = {
            f"{name}/compose.yaml": f"services:\n  {name}:\n    image: {self.host}/acme/{name}:{tag}\n"
            for name, tag in IMAGES.items()
        }
        forge = f"forge: {{kind: {self.kind}, url: '{self.url}'}}"
        text = f"{forge}\nregistries: {{'{self.host}': {{insecure: true}}}}\n"
        write(clone, {**files, "bumper.yaml": text})
        git(clone, "add", "--all")
        git(clone, "commit", "-q", "-m", "first", date="2026-01-02T03:04:05Z")
        git(self.folder / "first" / f"{SLUG}.git", "fetch", "-q", clone.as_posix(), "main:main")
        git(clone, "update-ref", "refs/remotes/origin/main", "HEAD")

    def fresh(self) -> None:
        """Begin a round: nothing of the one before is left."""
        self._rounds += 1
        place = self.folder / f"round-{self._rounds}"
        shutil.copytree(self.folder / "first", place)
        side = GitHttp(place, TOKEN)
        self.forge = FAKES[self.kind](side, SLUG)
        self.forge.url = self.url
        self.clone, self.tags, self.hidden = place / "clone", TAGS, {}
        self.asked, self.trap = [], None

    def start(self, forks: Forks, clone: Path | None = None) -> None:
        """Start a run in a clone, the round's own where none is named."""
        clone = clone or self.clone
        environment = {
            "BUMPER_TOKEN": self.token,
            "BUMPER_CACHE_DIR": f"{clone}-cache",
            "HOME": f"{clone}",
        }
        forks.start(
            clone.parent / f"{clone.name}.log", environment, "run", "-C", clone, "-f", "plain"
        )

    def run(self, forks: Forks) -> Ended:
        """Do a whole run, unless it is killed."""
        self.start(forks)
        return forks.wait()

    def end(self) -> None:
        """Take a round's files away; what failed is left to be looked at."""
        shutil.rmtree(self.clone.parent)

    def writes(self) -> object:
        """Something that differs once anybody has written to the forge."""
        return self.forge.writes

    def answer(self, asked: Asked) -> Answer | None:
        self.asked.append(asked)
        if self.trap is None:
            return self._answer(asked)
        return self.trap(asked, lambda: self._answer(asked))

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/v2/"):
            return self._of_registry(asked)
        if ".git/" in asked.path:
            return self.forge.answer(asked)
        with self._lock:  # a forge looks for a double and makes a pull request in one go
            return self.forge.answer(asked)

    def _of_registry(self, asked: Asked) -> Answer:
        _, *parts = asked.path.partition("?")[0].strip("/").split("/")
        tags = self.tags.get(parts[1], ()) if parts else ()
        if parts[2:] == ["tags", "list"]:
            told = [tag for tag in tags if tag not in self.hidden.get(parts[1], ())]
            return _json("application/json", {"name": "/".join(parts[:2]), "tags": told})
        for tag in tags if parts[2:3] == ["manifests"] else ():
            index = _index(parts[1], tag)
            if parts[3] in index:
                return index[parts[3]]
        return Answer(404 if parts else 200, b"{}")

    def left(self) -> dict[str, object]:
        """What a run left: branches and their commits, pull requests, labels, files of ours."""
        listed = git(self.forge.bare, "for-each-ref", "--format=%(refname) %(objectname)")
        pulls = sorted(self.forge.pulls.values(), key=lambda one: (one.head, one.number))
        return {
            "references": listed.splitlines(),
            "pull requests": [
                (one.head, one.base, one.state, one.sha, one.title, one.body,
                 sorted(one.labels), one.comments)
                for one in pulls
            ],
            "labels": sorted(self.forge.labels.values()),
            "files of the clone": git(self.clone, "status", "--porcelain=v2"),
            "references of the clone": git(self.clone, "for-each-ref", "refs/heads", "refs/bumper"),
            "left behind": sorted(one.name for one in (self.clone / ".git").glob("*bumper*")),
        }  # fmt: skip


def _json(kind: str, document: object) -> Answer:
    return Answer(200, json.dumps(document).encode(), (("Content-Type", kind),))


def _index(name: str, tag: str) -> dict[str, Answer]:
    """A tag's index and its two images, each by what it is asked for."""
    found, entries = {}, []
    for architecture in ("amd64", "arm64"):
        words = f"{name}:{tag} {architecture}".encode()
        config = {"mediaType": CONFIG, "digest": _digest(words), "size": len(words)}
        image = _json(
            MANIFEST, {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}
        )
        digest = _digest(image.body)
        found[digest] = image
        entry = {"mediaType": MANIFEST, "digest": digest, "size": len(image.body)}
        entries.append({**entry, "platform": {"os": "linux", "architecture": architecture}})
    index = _json(INDEX, {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
    return {**found, tag: index, _digest(index.body): index}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@contextlib.contextmanager
def serve(kind: str, folder: Path, context: ssl.SSLContext | None = None) -> Iterator[World]:
    """Serve a world of a kind of forge, by TLS if a context is given."""
    world = World(kind, folder)
    with http_server.serve(world.answer, context) as server:
        world.host, world.url = server.host, server.url
        world.found()
        yield world
