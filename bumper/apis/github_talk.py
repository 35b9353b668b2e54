"""What GitHub tells of people around a pull request: comments, rights, approvals.

Source: GitHub's documentation, "REST API endpoints for issue comments", "… for collaborators".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.apis.github import moment
from bumper.model import Comment

if TYPE_CHECKING:
    from bumper.apis.github import GitHubApi
    from bumper.model import PullRequest

__all__ = ["GitHubTalk"]

# GitHub names `maintain` as write, and `triage` as read.
_WRITES = ("write", "admin")


class GitHubTalk:
    """The verbs of a forge that are about people; see `forges.base.Forge`."""

    _api: GitHubApi

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        """List the comments below a pull request, to the last page."""

        def listed() -> tuple[Comment, ...]:
            found = self._api.repository().get_issue(pull_request.number).get_comments()
            return tuple(
                # Of an account that is gone no user is told.
                Comment(str(one.id), getattr(one.user, "login", ""), one.body or "", moment(one.created_at))
                for one in found
            )  # fmt: skip

        return await self._api.thread("list comments", listed)

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        """Write a comment below a pull request."""
        await self._api.thread(
            "write a comment",
            lambda: self._api.repository().get_issue(pull_request.number).create_comment(text),
        )

    async def may_write(self, person: str) -> bool:
        """Say whether a person may push; whom GitHub does not know may not."""

        def asked() -> bool:
            try:
                return self._api.repository().get_collaborator_permission(person) in _WRITES
            except self._api.refusal as error:
                if error.status == 404:
                    return False
                raise

        return await self._api.thread("ask who may write", asked)

    async def approved(self, pull_request: PullRequest) -> bool:
        """Say whether somebody approved the pull request; what was dismissed is none."""

        def asked() -> bool:
            reviews = self._api.repository().get_pull(pull_request.number).get_reviews()
            return any(one.state == "APPROVED" for one in reviews)

        return await self._api.thread("list reviews", asked)
