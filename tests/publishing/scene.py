"""The forge and the branches in memory, and pull requests as we left them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bumper.errors import WorktreeError
from bumper.messages import marker, worded
from bumper.model import ChangeRequest, PullRequest, PullRequestState

__all__ = [
    "BRANCH", "CLOSED", "MERGED", "OPEN", "Forge", "Git", "commit", "ended", "pull", "request", "told",
]  # fmt: skip

BRANCH = "bumper/web-0a1b2c"
OPEN, CLOSED, MERGED = PullRequestState.OPEN, PullRequestState.CLOSED, PullRequestState.MERGED


def request(tag: str, branch: str = BRANCH) -> ChangeRequest:
    target = f"docker.io/acme/web={tag}"
    return ChangeRequest(
        "acme/web", branch, "main", f"Bump web to {tag}", f"to {tag}\n", f"bump to {tag}\n",
        ("bumper",), (), (target,),
    )  # fmt: skip


def commit(tag: str, base: str = "base1") -> str:
    """A commit of ours in these tests: its name says what it holds and on which base."""
    return f"ours:{tag}:{base}"


@dataclass
class Git:
    """Branches by name, commits by what they hold; `person:…` is somebody else's."""

    tips: dict[str, str] = field(default_factory=dict)
    writes: int = 0
    refuse: bool = False

    def branches(self, prefix: str) -> dict[str, str]:
        return {name: tip for name, tip in self.tips.items() if name.startswith(prefix)}

    def put(self, branch: str, commit: str, expected: str | None) -> None:
        if self.refuse:
            raise WorktreeError("protected branch")
        assert self.tips.get(branch) == expected, "the lease is exact"
        self.writes += 1
        self.tips[branch] = commit

    def drop(self, branch: str, expected: str) -> None:
        assert self.tips[branch] == expected, "the lease is exact"
        self.writes += 1
        del self.tips[branch]

    def bring(self, branch: str) -> None:
        assert branch in self.tips

    def is_ours(self, commit: str) -> bool:
        return commit.startswith("ours:")

    def content(self, commit: str, path: str) -> bytes | None:
        return commit.split(":")[1].encode() if path == "compose.yaml" else None


@dataclass
class Forge:
    """Pull requests in memory."""

    found: list[PullRequest] = field(default_factory=list)
    writes: int = 0
    fail: list[Exception] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    furnished: list[tuple[int, ChangeRequest]] = field(default_factory=list)
    merges: list[tuple[int, bool]] = field(default_factory=list)
    NAME = "memory"

    async def pull_requests(self, prefix: str) -> tuple[PullRequest, ...]:
        return tuple(one for one in reversed(self.found) if one.branch.startswith(prefix))

    def _written(self) -> None:
        if self.fail:
            raise self.fail.pop(0)
        self.writes += 1

    async def open(self, request: ChangeRequest) -> PullRequest:
        self._written()
        made = pull(len(self.found) + 1, request.body, title=request.title, branch=request.branch)
        self.found.append(made)
        return made

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:
        self.furnished.append((pull_request.number, request))
        return tuple(self.notes)

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:
        self.merges.append((pull_request.number, on))
        return ""

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        self._written()
        new = replace(pull_request, title=request.title, body=request.body)
        self.found[pull_request.number - 1] = new
        return new

    async def close(self, pull_request: PullRequest, comment: str) -> None:
        assert comment
        self._written()
        now = self.found[pull_request.number - 1]
        self.found[pull_request.number - 1] = replace(now, state=CLOSED)


def pull(
    number: int, body: str, state: PullRequestState = OPEN, *, title: str, branch: str = BRANCH,
    own: bool = True,
) -> PullRequest:  # fmt: skip
    return PullRequest(
        number, f"https://forge/{number}", state, branch, "", "main", title, body, ("bumper",), own
    )


def told(tag: str, head: str, state: PullRequestState = OPEN, *, own: bool = True) -> PullRequest:
    """A pull request as we left it."""
    words = worded.worded(request(tag), head)
    return pull(1, words.body, state, title=words.title, own=own)


def ended(tag: str) -> PullRequest:
    """A pull request that we closed ourselves."""
    opened = told(tag, commit(tag), CLOSED)
    known, words = marker.read(opened.body)
    assert known is not None
    return replace(opened, body=worded.ended(opened, known, words).body)
