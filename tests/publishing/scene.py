"""The forge and the branches in memory, pull requests as we left them, and a whole run over both."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bumper import plan, publish
from bumper import run as line
from bumper.config.proposals import PullRequests
from bumper.config.read import Loaded
from bumper.errors import ForgeError, WorktreeError
from bumper.forges.base import is_listed
from bumper.messages import dashboard, marker, titles, worded
from bumper.messages.marker import Marker
from bumper.model import (
    Bump,
    Comment,
    Failure,
    Issue,
    Level,
    Policy,
    PullRequest,
    PullRequestState,
)
from bumper.reading import read
from bumper.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bumper.fast_import import Branch
    from bumper.model import ChangeRequest, Published
    from bumper.publishing.board import Board
    from bumper.reading import Reading

__all__ = [
    "BASE", "BRANCH", "CLOSED", "MERGED", "OPEN", "Forge", "Git", "again", "bumps", "commit", "ended", "pull",
    "request", "run", "told",
]  # fmt: skip

OPEN, CLOSED, MERGED = PullRequestState.OPEN, PullRequestState.CLOSED, PullRequestState.MERGED
PREFIX = "bumper/"
BRANCH = titles.branch(PREFIX, "acme/web")
# What the base has where a test says nothing else.
BASE = {"web": "0.8"}


def text(tags: Mapping[str, str]) -> str:
    services = (f"  {name}:\n    image: acme/{name}:{tag}\n" for name, tag in tags.items())
    return f"services:\n{''.join(services)}"


def reading(tags: Mapping[str, str], path: str = "compose.yaml") -> Reading:
    return read([(path, text(tags).encode())], Loaded())


def bumps(
    now: Mapping[str, str], new: Mapping[str, str], level: Level = Level.MINOR, policy: Policy | None = None
) -> list[Bump]:  # fmt: skip
    """What is decided where the base has the tags `now` and the registries those of `new`."""
    return [
        Bump(use, policy or Policy(), new[name], None, level, "newer-tag", "newer")
        for use in reading(now).scan.uses
        if (name := use.reference.repository.rpartition("/")[2]) in new
    ]


def request(tag: str) -> ChangeRequest:
    """What is planned for `acme/web` at a tag, with its words."""
    (planned,) = plan.plan(bumps(BASE, {"web": tag}), PullRequests(), "main")
    return asyncio.run(Words().of(planned))


def commit(tag: str, base: str = "base1") -> str:
    """A commit of ours in these tests: its name says what it holds and on which base."""
    return f"ours:web={tag}:{base}"


@dataclass
class Git:
    """Branches by name, commits by what they hold; `person:…` is somebody else's; `others` are not below our prefix."""

    tips: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ("main", "release")
    writes: int = 0
    refuse: bool = False

    def make(self, base: str, branches: Sequence[Branch]) -> dict[str, str]:
        def held(branch: Branch) -> str:
            found = re.findall(r"acme/(\w+):(\S+)", branch.files["compose.yaml"].decode())
            return ",".join(f"{name}={tag}" for name, tag in found)

        return {one.name: f"ours:{held(one)}:{base}" for one in branches}

    def branches(self, prefix: str) -> dict[str, str]:
        every = {**self.tips, **dict.fromkeys(self.others, "somewhere")}
        return {name: tip for name, tip in every.items() if name.startswith(prefix)}

    def put(self, branch: str, commit: str, expected: str | None) -> str:
        if self.refuse:
            raise WorktreeError("protected branch")
        assert self.tips.get(branch) == expected, "the lease is exact"
        self.writes += 1
        self.tips[branch] = commit
        return commit

    def drop(self, branch: str, expected: str) -> None:
        assert self.tips[branch] == expected, "the lease is exact"
        self.writes += 1
        del self.tips[branch]

    def bring(self, branch: str) -> None:
        assert branch in self.tips

    def is_ours(self, commit: str) -> bool:
        return commit.startswith("ours:")

    def content(self, commit: str, path: str) -> bytes | None:
        pairs = (one.split("=") for one in commit.split(":")[1].split(","))
        return text(dict(pairs)).encode() if path == "compose.yaml" else None


@dataclass
class Forge:
    """Pull requests in memory."""

    found: list[PullRequest] = field(default_factory=list)
    writes: int = 0
    fail: list[BaseException | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    furnished: list[tuple[int, ChangeRequest]] = field(default_factory=list)
    merges: list[tuple[int, bool]] = field(default_factory=list)
    refusal: str = ""
    statuses: list[tuple[str, str]] = field(default_factory=list)
    said: dict[int, list[Comment]] = field(default_factory=dict)
    deaf: Exception | None = None
    approvals: set[int] = field(default_factory=set)
    queued: set[int] = field(default_factory=set)
    page: Issue | None = None
    pins: list[int] = field(default_factory=list)
    last_editor: str = ""
    # What a person does between the list and the first time that something is read again.
    meanwhile: Callable[[], None] | None = None
    NAME = "memory"

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        return tuple(
            one for one in reversed(self.found) if is_listed(one.branch, one.body, prefix, mark)
        )

    def _failing(self) -> None:
        failure = self.fail.pop(0) if self.fail else None
        if failure is not None:
            raise failure

    def _written(self) -> None:
        self._failing()
        self.writes += 1

    async def open(self, request: ChangeRequest) -> PullRequest:
        self._written()
        made = pull(len(self.found) + 1, request.body, title=request.title, branch=request.branch)
        self.found.append(made)
        return made

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        if self.meanwhile is not None:
            event, self.meanwhile = self.meanwhile, None
            event()
        return self.found[pull_request.number - 1]

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:
        self.furnished.append((pull_request.number, request))
        return tuple(self.notes)

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:
        self._failing()
        self.merges.append((pull_request.number, on))
        return self.refusal if on else ""

    async def status(self, commit: str, state: str, text: str) -> None:
        assert text
        self._failing()
        self.statuses.append((commit, state))

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        self._written()
        self.set(pull_request.number, title=request.title, body=request.body, base=request.base)
        return self.found[pull_request.number - 1]

    async def issue(self, label: str, mark: str) -> Issue | None:
        assert (label, mark) == (dashboard.LABEL, dashboard.MARK)
        if self.deaf:
            raise self.deaf
        return self.page

    async def open_issue(self, title: str, body: str, label: str) -> Issue:
        assert (title, label) == (dashboard.TITLE, dashboard.LABEL)
        self._written()
        self.page = Issue(99, is_open=True, body=body, author="bumper")
        return self.page

    async def update_issue(self, issue: Issue, body: str) -> None:
        self._written()
        self.page = replace(issue, body=body)
        self.last_editor = "bumper"

    async def pin(self, issue: Issue) -> None:
        self._written()
        self.pins.append(issue.number)

    async def editor(self, issue: Issue) -> str:
        assert issue == self.page
        return self.last_editor

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        self._written()
        self.set(pull_request.number, body=words.body, state=CLOSED)

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        if self.deaf:
            raise self.deaf
        return tuple(self.said.get(pull_request.number, ()))

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        self._written()
        self.tell(pull_request.number, text, "bumper")

    async def may_write(self, person: str) -> bool:
        if person == "unknown":
            raise ForgeError("may not ask")
        return person in {"ada", "bumper"}

    async def is_queued(self, pull_request: PullRequest) -> bool:
        return pull_request.number in self.queued

    async def approved(self, pull_request: PullRequest) -> bool:
        return pull_request.number in self.approvals

    def tell(self, number: int, text: str, author: str = "ada", at: datetime | None = None) -> str:
        """Somebody comments on a pull request; it gives the comment's id."""
        said = self.said.setdefault(number, [])
        said.append(Comment(str(len(said) + 1), author, text, at))
        return said[-1].id

    def tick(self, number: int, box: str) -> None:
        """Somebody ticks the box of a verb, and of a target where it has one."""
        body = self.found[number - 1].body
        assert f"- [ ] <!-- bumper:{box}" in body, body
        self.set(number, body=body.replace(f"- [ ] <!-- bumper:{box}", f"- [x] <!-- bumper:{box}"))

    def mark(self, box: str, editor: str = "ada") -> None:
        """Somebody ticks a box of the dashboard."""
        assert self.page is not None
        assert f"- [ ] <!-- bumper:{box}" in self.page.body, self.page.body
        body = self.page.body.replace(f"- [ ] <!-- bumper:{box}", f"- [x] <!-- bumper:{box}")
        self.page, self.last_editor = replace(self.page, body=body), editor

    def heard(self, number: int) -> list[str]:
        """What we said below a pull request."""
        return [one.text for one in self.said.get(number, ()) if one.author == "bumper"]

    def set(self, number: int, **changes: Any) -> None:
        """What a person does to a pull request."""
        self.found[number - 1] = replace(self.found[number - 1], **changes)


def pull(
    number: int, body: str, state: PullRequestState = OPEN, *, title: str, branch: str = BRANCH,
    own: bool = True, head: str = "",
) -> PullRequest:  # fmt: skip
    return PullRequest(
        number, f"https://forge/{number}", state, branch, head, "main", title, body, ("bumper",), own,
        author="bumper",
    )  # fmt: skip


def told(tag: str, head: str, state: PullRequestState = OPEN, *, own: bool = True) -> PullRequest:
    """A pull request as we left it."""
    words = worded.worded(request(tag), head, Marker("", (), ""))
    return pull(1, words.body, state, title=words.title, own=own)


def ended(tag: str, *, stale: bool = False) -> PullRequest:
    """A pull request that we closed ourselves."""
    opened = told(tag, commit(tag), CLOSED)
    known, words = marker.read(opened.body)
    assert known is not None
    return replace(
        opened, body=worded.kept(opened, replace(known, ended=True, stale=stale), words).body
    )


def run(
    git: Git, forge: Forge, wanted: Sequence[Bump], now: Mapping[str, str] | None = None, *,
    settings: Mapping[str, object] | None = None, unknown: Sequence[Bump] = (), whole: bool = True,
    moment: datetime | None = None, asked: Board | None = None, prefix: str = PREFIX,
) -> tuple[Published, ...]:  # fmt: skip
    """Propose what is decided, where the base has the tags `now`."""
    around = {**(settings or {}), "branch_prefix": prefix}
    failed = [Failure(one.use, one.policy, "network", "no answer") for one in unknown]

    async def whole_run() -> tuple[Published, ...]:
        there = await publish.look(prefix, git, forge)
        return await line.propose(
            reading(now or BASE), [*wanted, *failed], PullRequests.model_validate(around),
            ("main", "base1"), git, git, forge, there, whole=whole, now=moment, asked=asked,  # type: ignore[arg-type] # Git stands for the worktree too
        )  # fmt: skip

    return asyncio.run(whole_run())


def again(git: Git, forge: Forge, wanted: Sequence[Bump], **around: Any) -> tuple[Published, ...]:
    """Run twice, the second time without a write; give what the first did."""
    done = run(git, forge, wanted, **around)
    written = (git.writes, forge.writes)
    run(git, forge, wanted, **around)
    assert (git.writes, forge.writes) == written, "a second run writes nothing"
    return done
