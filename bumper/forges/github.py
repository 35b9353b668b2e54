"""GitHub and GitHub Enterprise.

Their facts: a label that is missing is made by setting it, 422 for a pull request that exists already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.apis.github import GitHubApi
from bumper.apis.github import pull_request as read

if TYPE_CHECKING:
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["GitHub"]


class GitHub:
    """One repository on GitHub.

    Args:
        api: The API's address, such as `https://api.github.com`.
        slug: `owner/name`.
        token: A token that may write contents and pull requests.
    """

    NAME = "github"

    def __init__(self, api: str, slug: str, token: str) -> None:
        self._api = GitHubApi(api, slug, token)

    async def pull_requests(self, prefix: str) -> tuple[PullRequest, ...]:
        """List all pull requests, to the last page, and keep ours; see `forges.base.Forge`."""

        def list_() -> tuple[PullRequest, ...]:
            repository = self._api.repository()
            listed = repository.get_pulls(state="all", sort="created", direction="desc")
            return tuple(read(theirs) for theirs in listed if theirs.head.ref.startswith(prefix))

        return await self._api.thread("list pull requests", list_)

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request, then label it; see `forges.base.Forge`."""
        return await self._api.thread("open a pull request", lambda: self._open(request))

    def _open(self, request: ChangeRequest) -> PullRequest:
        repository = self._api.repository()
        try:
            made = repository.create_pull(
                base=request.base, head=request.branch, title=request.title, body=request.body
            )
        except self._api.refusal as error:
            if error.status != 422 or "already exists" not in str(error.data):
                raise
            owner = self._api.slug.partition("/")[0]
            listed = repository.get_pulls(state="open", head=f"{owner}:{request.branch}")
            # The filter is ignored where it is malformed: the branch is checked again.
            return next(read(one) for one in listed if one.head.ref == request.branch)
        try:
            made.add_to_labels(*request.labels)
        except (self._api.refusal, OSError):
            return read(made)  # a pull request without labels is still one
        return read(made)

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a pull request new words; see `forges.base.Forge`."""

        def edit() -> PullRequest:
            theirs = self._api.repository().get_pull(pull_request.number)
            theirs.edit(title=request.title, body=request.body)
            return read(theirs)

        return await self._api.thread("update a pull request", edit)

    async def close(self, pull_request: PullRequest, comment: str) -> None:
        """Say why, then close; see `forges.base.Forge`."""

        def end() -> None:
            theirs = self._api.repository().get_pull(pull_request.number)
            theirs.create_issue_comment(comment)
            theirs.edit(state="closed")

        await self._api.thread("close a pull request", end)
