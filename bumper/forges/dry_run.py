"""A forge that is only looked at: what `--dry-run` writes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.model import Issue, PullRequest, PullRequestState

if TYPE_CHECKING:
    from bumper.forges.base import Forge
    from bumper.model import ChangeRequest, Comment

__all__ = ["DryRun"]


@dataclass(frozen=True, slots=True)
class DryRun:
    """The forge behind, without its writing verbs."""

    inner: Forge
    NAME = "dry-run"

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        """List as the forge behind does."""
        return await self.inner.pull_requests(prefix, mark)

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        """Look as the forge behind does."""
        return await self.inner.reread(pull_request)

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Give what would be opened, with the number 0."""
        return PullRequest(
            0, "", PullRequestState.OPEN, request.branch, "", request.base, request.title,
            request.body, request.labels,
        )  # fmt: skip

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:  # noqa: ARG002 - the Protocol's
        """Do nothing."""
        return ()

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:  # noqa: ARG002 - the Protocol's
        """Do nothing."""
        return ""

    async def is_queued(self, pull_request: PullRequest) -> bool:
        """Say what the forge behind says."""
        return await self.inner.is_queued(pull_request)

    async def status(self, commit: str, state: str, text: str) -> None:
        """Do nothing."""

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:  # noqa: ARG002 - the Protocol's
        """Give the pull request as it is."""
        return pull_request

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Look as the forge behind does."""
        return await self.inner.issue(label, mark)

    async def open_issue(self, title: str, body: str, label: str) -> Issue:  # noqa: ARG002 - the Protocol's
        """Give what would be opened, with the number 0."""
        return Issue(0, is_open=True, body=body)

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Do nothing."""

    async def pin(self, issue: Issue) -> None:
        """Do nothing."""

    async def editor(self, issue: Issue) -> str:
        """Ask the forge behind."""
        return await self.inner.editor(issue)

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        """Do nothing."""

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        """List as the forge behind does."""
        return await self.inner.comments(pull_request)

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        """Do nothing."""

    async def may_write(self, person: str) -> bool:
        """Say what the forge behind says."""
        return await self.inner.may_write(person)

    async def approved(self, pull_request: PullRequest) -> bool:
        """Say what the forge behind says."""
        return await self.inner.approved(pull_request)
