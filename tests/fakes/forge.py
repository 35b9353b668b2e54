"""What the fake forges share: pull requests over a real bare repository, and what was asked of them.

The repository is served beside the API, as a forge does. Which fields there are and what they are
called, each vendor's fake says.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.fakes.http_server import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.git_http import GitHttp
    from tests.fakes.http_server import Asked

__all__ = ["BOT", "Call", "FakeForge", "Headers", "Pull", "Route", "Topic", "ticked"]

BOT = "bumper-bot"
Headers = tuple[tuple[str, str], ...]
# A path, and what answers there: it gets the forge, the call and what the path's groups caught.
Route = tuple[str, Callable[..., tuple[Any, ...]]]


@dataclass
class Pull:
    """One pull request."""

    number: int
    title: str
    body: str
    head: str
    base: str
    sha: str
    state: str = "open"
    merged: bool = False
    fork: bool = False
    labels: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    # Who wrote each comment, and when; what is missing at the end was us.
    authors: list[str] = field(default_factory=list)
    approved: bool = False
    queued: bool = False
    reviewers: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    milestone: int | None = None
    draft: bool = False
    automerge: bool = False
    created: str = "2026-01-02T03:04:05Z"


@dataclass
class Topic:
    """One issue; its number is far from those of the pull requests."""

    number: int
    title: str
    body: str
    labels: list[str]
    state: str = "open"
    pinned: bool = False
    # Who changed the body last; "" is nobody but who opened it.
    editor: str = ""


@dataclass(frozen=True)
class Call:
    """One request of the API, read."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


def ticked(body: str, box: str) -> str:
    """A body with the box of a verb ticked, and of what it is about where that is named."""
    empty = f"- [ ] <!-- bumper:{box}"
    assert empty in body, body
    return body.replace(empty, f"- [x] <!-- bumper:{box}")


@dataclass
class FakeForge:
    """A forge with one repository. `scripted` answers are given first, to the next write calls."""

    git: GitHttp
    slug: str = "acme/gitops"
    url: str = ""
    pulls: dict[int, Pull] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    exchanges: list[tuple[Call, int, Any]] = field(default_factory=list)
    scripted: deque[Answer] = field(default_factory=deque)
    releases: list[dict[str, Any]] = field(default_factory=list)
    users: tuple[str, ...] = ("ada", "grace")
    writers: tuple[str, ...] = ("ada", BOT)
    admin: bool = True
    said_at: str = "2026-01-02T03:04:05Z"
    teams: tuple[str, ...] = ("platform",)
    milestones: dict[int, str] = field(default_factory=lambda: {3: "Q1", 4: "Q2"})
    checks: bool = True
    keeps_merges: bool = True
    statuses: list[tuple[str, str, str]] = field(default_factory=list)
    issues: dict[int, Topic] = field(default_factory=dict)
    most_pins: int = 3
    # What the token lacks, in the forge's own words; what its user may; what the base branch requires, None
    # where the forge knows no such rules.
    lacks: frozenset[str] = frozenset()
    pushes: bool = True
    has_issues: bool = True
    merges: bool = True
    by_rulesets: bool = False
    reviews: int | None = 0
    API = ""
    # Paths below the repository, each with what answers there; the vendor's fake fills it.
    ROUTES: ClassVar[tuple[Route, ...]] = ()

    @property
    def bare(self) -> Path:
        return self.git.root / f"{self.slug}.git"

    @property
    def writes(self) -> int:
        """How many write calls and pushes came in."""
        return self.git.pushes + sum(call.method != "GET" for call, _, _ in self.exchanges)

    def answer(self, asked: Asked) -> Answer:
        if not self._is_api(asked.path):
            return self.git.answer(asked)
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = json.loads(asked.body) if asked.body else None
        call = Call(asked.method, parts.path.removeprefix(self.API), query, body)
        if call.method != "GET" and self.scripted:
            given = self.scripted.popleft()
            self.exchanges.append((call, given.status, None))
            return given
        self._forget_deleted_branches()
        status, document, headers = self._answer(call, asked.headers.get("authorization", ""))
        self.exchanges.append((call, status, document))
        kind = ("Content-Type", "application/json; charset=utf-8")
        text = "" if document is None else json.dumps(document)
        return Answer(status, text.encode(), (kind, *headers))

    def _answer(self, call: Call, authorization: str) -> tuple[int, Any, Headers]:
        raise NotImplementedError

    def _routed(self, path: str, call: Call) -> tuple[int, Any, Headers] | None:
        """Answer what a route knows; None where there is none."""
        for pattern, route in self.ROUTES:
            if match := re.fullmatch(pattern, path):
                status, document, *headers = route(self, call, *match.groups())
                return status, document, headers[0] if headers else ()
        return None

    def _nameless(self, call: Call, rights: dict[str, str]) -> int:
        """The status of an order that says not what is to be made, by the right each path takes; 0 for others."""
        if call.method != "POST" or call.body != {}:
            return 0
        path = call.path.removeprefix(f"/repos/{self.slug}/").partition("/")
        return 403 if rights.get(path[0]) in self.lacks else 422

    def topic(self, title: str, body: str, labels: list[str]) -> Topic:
        number = 1001 + len(self.issues)
        self.issues[number] = Topic(number, title, body, labels)
        return self.issues[number]

    def write(self, topic: Topic, body: str) -> None:
        """We change the body of an issue."""
        topic.body, topic.editor = body, BOT

    def tick(self, box: str, editor: str = "ada") -> None:
        """A person ticks a box of the only issue."""
        (topic,) = self.issues.values()
        topic.body, topic.editor = ticked(topic.body, box), editor

    def pin(self, topic: Topic) -> bool:
        """Pin an issue, if there is room."""
        topic.pinned = sum(one.pinned for one in self.issues.values()) < self.most_pins
        return topic.pinned

    def _said(self, call: Call, commit: str) -> tuple[int, Any]:
        """Every vendor's names but the context's are the same."""
        name = call.body.get("context") or call.body["name"]
        self.statuses.append((commit, name, call.body["state"]))
        return 201, {"id": len(self.statuses), "description": call.body["description"]}

    def _is_api(self, path: str) -> bool:
        return path.startswith(self.API)

    def tell(self, number: int, text: str, author: str = "ada") -> None:
        """A person comments on a pull request."""
        pull = self.pulls[number]
        pull.authors += [BOT] * (len(pull.comments) - len(pull.authors)) + [author]
        pull.comments.append(text)

    def told(self, pull: Pull) -> list[dict[str, Any]]:
        """The comments of a pull request, as both vendors show them."""
        authors = pull.authors + [BOT] * (len(pull.comments) - len(pull.authors))
        return [
            {"id": number, "body": text, "user": {"login": author}, "created_at": self.said_at}
            for number, (text, author) in enumerate(zip(pull.comments, authors, strict=True), 1)
        ]

    def permission(self, person: str) -> str:
        """What a person may, in the words that both vendors share."""
        return "write" if person in self.writers else "read"

    def open(self, body: dict[str, Any], sha: str) -> Pull:
        number = len(self.pulls) + 1
        made = Pull(number, body["title"], body.get("body", ""), body["head"], body["base"], sha)
        made.draft = body.get("draft", False)
        self.pulls[number] = made
        return made

    def opened(self, head: str, base: str) -> Pull | None:
        same = (one for one in self.pulls.values() if one.head == head and one.base == base)
        return next((one for one in same if one.state == "open" and not one.fork), None)

    def tip(self, branch: str) -> str | None:
        """The commit of a branch, None if there is none."""
        done = subprocess.run(
            ["git", "-C", str(self.bare), "rev-parse", "--verify", "-q", f"refs/heads/{branch}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout.strip() or None

    def _forget_deleted_branches(self) -> None:
        """Both vendors close a pull request whose branch is deleted."""
        for pull in self.pulls.values():
            if pull.fork or pull.state != "open":
                continue
            tip = self.tip(pull.head)
            if tip is None:
                pull.state = "closed"
            elif pull.sha != tip:
                pull.sha = tip
                pull.automerge = pull.automerge and self.keeps_merges
