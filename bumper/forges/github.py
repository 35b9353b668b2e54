"""GitHub and GitHub Enterprise.

Their facts: a label that is missing is made by setting it, 422 for a pull request that exists already,
a draft where the plan has drafts, and a merge that waits for checks by GraphQL alone.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bumper.apis.github import GitHubApi
from bumper.apis.github import pull_request as read
from bumper.apis.github_furnishing import GitHubFurnishing
from bumper.apis.github_merging import GitHubMerging
from bumper.apis.github_talk import GitHubTalk
from bumper.apis.issues import GitHubIssues
from bumper.errors import ForgeError
from bumper.forges import base
from bumper.forges.base import STATUS
from bumper.http import SYSTEM

if TYPE_CHECKING:
    from bumper.http import Trust
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["GitHub"]


class GitHub(GitHubTalk, GitHubIssues, GitHubMerging, GitHubFurnishing):
    """One repository on GitHub.

    Args:
        api: The API's address, such as `https://api.github.com`.
        slug: `owner/name`.
        token: A token that may write contents and pull requests.
        trust: What TLS it may have.
    """

    NAME = "github"

    def __init__(self, api: str, slug: str, token: str, trust: Trust = SYSTEM) -> None:
        self._api = GitHubApi(api, slug, token, trust)
        self._web = api.removesuffix("/api/v3").replace("//api.github.com", "//github.com")

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        """List all pull requests, to the last page, and keep ours; see `forges.base.Forge`."""

        def list_() -> tuple[PullRequest, ...]:
            repository = self._api.repository()
            listed = repository.get_pulls(state="all", sort="created", direction="desc")
            return tuple(
                read(theirs)
                for theirs in listed
                if base.is_listed(theirs.head.ref, theirs.body, prefix, mark)
            )

        return await self._api.thread("list pull requests", list_)

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        """Give a pull request as it is now; see `forges.base.Forge`."""
        return await self._api.thread(
            "read a pull request",
            lambda: read(self._api.repository().get_pull(pull_request.number)),
        )

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request; see `forges.base.Forge`."""
        try:
            return await self._api.thread("open a pull request", lambda: self._open(request))
        except ForgeError as error:
            if "not permitted to create" not in error.message:
                raise base.refused(error) from error
            # The branch is there: a person can do the rest.
            page = (
                f"{self._web}/{self._api.slug}/compare/{request.base}...{request.branch}?expand=1"
            )
            raise ForgeError(error.message, hint=f"{error.hint}; by hand: {page}") from error

    def _open(self, request: ChangeRequest) -> PullRequest:
        for pause in base.LAGS:
            try:
                return self._opened(request)
            except (self._api.refusal, LookupError) as error:
                data = getattr(error, "data", {})
                listed = data.get("errors") if isinstance(data, dict) else None
                heads = [
                    e for e in listed or () if isinstance(e, dict) and e.get("field") == "head"
                ]
                if not isinstance(error, LookupError) and not heads:
                    raise
            time.sleep(pause)
        return self._opened(request)

    def _standing(self, branch: str) -> PullRequest | None:
        """Give the pull request that is open for a branch."""
        owner = self._api.slug.partition("/")[0]
        listed = self._api.repository().get_pulls(state="open", head=f"{owner}:{branch}")
        # The filter is ignored where it is malformed: the branch is checked again.
        found = (read(one) for one in listed if one.head.ref == branch)
        return next((one for one in found if one.own_head), None)

    def _opened(self, request: ChangeRequest) -> PullRequest:
        """Open it, or find the one that is open already.

        Raises:
            LookupError: GitHub says there is one, and shows none.
        """
        wanted: dict[str, Any] = {
            "base": request.base, "head": request.branch, "title": request.title, "body": request.body,
        }  # fmt: skip
        repository = self._api.repository()
        try:
            if request.draft:
                wanted["draft"] = True
            return read(repository.create_pull(**wanted))
        except self._api.refusal as error:
            if error.status == 422 and request.draft and "Draft pull requests" in str(error.data):
                del wanted["draft"]
                return read(repository.create_pull(**wanted))
            stands = error.status == 422 and "already exists" in str(error.data)
            # After a 5xx it may have been made all the same: that is looked for, and nothing is sent again.
            found = self._standing(request.branch) if stands or error.status >= 500 else None
            if found is not None:
                return found
            if stands:
                raise LookupError(request.branch) from error
            raise
        except OSError:  # its answer was lost
            found = self._standing(request.branch)
            if found is None:
                raise
            return found

    async def status(self, commit: str, state: str, text: str) -> None:
        """Give a commit a status; see `forges.base.Forge`."""

        def say() -> None:
            theirs = self._api.repository().get_commit(commit)
            theirs.create_status(state, description=text, context=STATUS)

        await self._api.thread("give a commit a status", say)

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a pull request new words; see `forges.base.Forge`."""

        def edit() -> PullRequest:
            theirs = self._api.repository().get_pull(pull_request.number)
            wanted = {"title": request.title, "body": request.body}
            if request.base != pull_request.base:
                wanted["base"] = request.base
            theirs.edit(**wanted)
            return read(theirs)

        return await self._api.thread("update a pull request", edit)

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        """Close it with its last words; see `forges.base.Forge`."""

        def end() -> None:
            theirs = self._api.repository().get_pull(pull_request.number)
            theirs.edit(body=words.body, state="closed")

        await self._api.thread("close a pull request", end)
