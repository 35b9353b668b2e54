"""GitHub and GitHub Enterprise, by PyGithub.

PyGithub waits for nobody, so each verb runs in a thread of its own. It is imported when a forge is
made: the import costs half a second that no other verb should pay.
"""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar

from bumper.errors import ForgeError
from bumper.model import PullRequest, PullRequestState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from github.PullRequest import PullRequest as Theirs

    from bumper.model import ChangeRequest

__all__ = ["GitHub"]

_Result = TypeVar("_Result")

# Source: GitHub's documentation, "Best practices for using the REST API".
SECONDS_BETWEEN_WRITES = 1.0
# A 5xx or a limit is tried again so often; a create that was done all the same is then found by its 422.
RETRIES = 3
_LONGEST_WAIT_SECONDS = 300.0

_HINTS = {
    401: "the token is not valid here",
    403: "the token needs contents: write and pull-requests: write; for GITHUB_TOKEN also turn on "
    "Settings > Actions > General > Allow GitHub Actions to create and approve pull requests",
    404: "the token may not see the repository, or `forge.slug` is wrong",
}


class GitHub:
    """One repository on GitHub.

    Args:
        api: The API's address, such as `https://api.github.com`.
        slug: `owner/name`.
        token: A token that may write contents and pull requests.
    """

    NAME = "github"

    def __init__(self, api: str, slug: str, token: str) -> None:
        import github  # noqa: PLC0415 - see the module's docstring

        self._error = github.GithubException
        self._slug = slug
        self._client = github.Github(
            auth=github.Auth.Token(token),
            base_url=api,
            per_page=100,
            lazy=True,
            seconds_between_requests=0,
            seconds_between_writes=SECONDS_BETWEEN_WRITES,
            retry=github.GithubRetry(total=RETRIES, max_rate_limit_wait=_LONGEST_WAIT_SECONDS),
            user_agent="bumper",
        )

    async def pull_requests(self, prefix: str) -> tuple[PullRequest, ...]:
        """List all pull requests, to the last page, and keep ours; see `forges.base.Forge`."""
        return await self._thread("list pull requests", lambda: self._list(prefix))

    def _list(self, prefix: str) -> tuple[PullRequest, ...]:
        listed = self._repository().get_pulls(state="all", sort="created", direction="desc")
        return tuple(_read(theirs) for theirs in listed if theirs.head.ref.startswith(prefix))

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request, then label it; see `forges.base.Forge`."""
        return await self._thread("open a pull request", lambda: self._open(request))

    def _open(self, request: ChangeRequest) -> PullRequest:
        repository = self._repository()
        try:
            made = repository.create_pull(
                base=request.base, head=request.branch, title=request.title, body=request.body
            )
        except self._error as error:
            if error.status != 422 or "already exists" not in str(error.data):
                raise
            owner = self._slug.partition("/")[0]
            listed = repository.get_pulls(state="open", head=f"{owner}:{request.branch}")
            # The filter is ignored where it is malformed: the branch is checked again.
            return next(_read(one) for one in listed if one.head.ref == request.branch)
        try:
            made.add_to_labels(*request.labels)
        except (self._error, OSError):
            return _read(made)  # a pull request without labels is still one
        return _read(made)

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a pull request new words; see `forges.base.Forge`."""

        def edit() -> PullRequest:
            theirs = self._repository().get_pull(pull_request.number)
            theirs.edit(title=request.title, body=request.body)
            return _read(theirs)

        return await self._thread("update a pull request", edit)

    async def close(self, pull_request: PullRequest, comment: str) -> None:
        """Say why, then close; see `forges.base.Forge`."""

        def end() -> None:
            theirs = self._repository().get_pull(pull_request.number)
            theirs.create_issue_comment(comment)
            theirs.edit(state="closed")

        await self._thread("close a pull request", end)

    def _repository(self) -> Any:  # noqa: ANN401 - PyGithub's Repository, imported late
        return self._client.get_repo(self._slug)  # lazy as the client: no request

    async def _thread(self, what: str, work: Callable[[], _Result]) -> _Result:
        try:
            return await asyncio.to_thread(work)
        except self._error as error:
            told = error.data.get("message", "") if isinstance(error.data, dict) else ""
            errors = error.data.get("errors") if isinstance(error.data, dict) else None
            detail = "; ".join(
                str(e.get("message", "")) for e in errors or () if isinstance(e, dict)
            )
            message = f"{self._slug}: could not {what}: {error.status} {told} {detail}".strip()
            raise ForgeError(message[:400], hint=_HINTS.get(error.status, "")) from error
        except Exception as error:  # an odd answer ends in whatever PyGithub stumbles over
            message = f"{self._slug}: could not {what}: no usable answer ({type(error).__name__})"
            raise ForgeError(message, hint="check `forge.url` and the network") from error


def _read(theirs: Theirs) -> PullRequest:
    state = PullRequestState.MERGED if theirs.merged_at else PullRequestState(theirs.state)
    head, base = theirs.head, theirs.base
    # PyGithub's types do not say it, but a deleted fork leaves none.
    fork = getattr(head.repo, "full_name", None)
    own = fork == base.repo.full_name
    return PullRequest(
        theirs.number, theirs.html_url, state, head.ref, head.sha, base.ref, theirs.title,
        theirs.body or "", tuple(label.name for label in theirs.labels), own, _moment(theirs.created_at),
    )  # fmt: skip


def _moment(told: datetime | None) -> datetime | None:
    """Give a time with its zone; PyGithub leaves UTC out in some of its releases."""
    return told.replace(tzinfo=UTC) if told is not None and told.tzinfo is None else told
