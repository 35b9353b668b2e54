"""What GitHub tells of people around a pull request: comments, rights, approvals.

Source: GitHub's documentation, "REST API endpoints for issue comments", "… for collaborators".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.apis.github import moment
from bumper.model import Comment

if TYPE_CHECKING:
    from bumper.apis.github import GitHubApi

__all__ = ["approved", "comment", "comments", "may_write"]

# GitHub names `maintain` as write, and `triage` as read.
_WRITES = ("write", "admin")


async def comments(api: GitHubApi, number: int) -> tuple[Comment, ...]:
    """List the comments below a pull request, to the last page."""

    def listed() -> tuple[Comment, ...]:
        found = api.repository().get_issue(number).get_comments()
        return tuple(
            # Of an account that is gone no user is told.
            Comment(str(one.id), getattr(one.user, "login", ""), one.body or "", moment(one.created_at))
            for one in found
        )  # fmt: skip

    return await api.thread("list comments", listed)


async def comment(api: GitHubApi, number: int, text: str) -> None:
    """Write a comment below a pull request."""
    await api.thread(
        "write a comment", lambda: api.repository().get_issue(number).create_comment(text)
    )


async def may_write(api: GitHubApi, person: str) -> bool:
    """Say whether a person may push; whom GitHub does not know may not."""

    def asked() -> bool:
        try:
            return api.repository().get_collaborator_permission(person) in _WRITES
        except api.refusal as error:
            if error.status == 404:
                return False
            raise

    return await api.thread("ask who may write", asked)


async def approved(api: GitHubApi, number: int) -> bool:
    """Say whether somebody approved the pull request; what was dismissed is none."""

    def asked() -> bool:
        reviews = api.repository().get_pull(number).get_reviews()
        return any(one.state == "APPROVED" for one in reviews)

    return await api.thread("list reviews", asked)
