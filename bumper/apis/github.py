"""How GitHub is spoken to, by PyGithub: threads, refusals in words, what an answer describes.

Which calls a pull request takes, the member `forges.github` says. PyGithub waits for nobody, so each
piece of work runs in a thread of its own. It is imported when an API is made: the import costs half a
second that no other verb should pay.
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

__all__ = ["GitHubApi", "installation_token", "moment", "pull_request"]

_Result = TypeVar("_Result")

# Source: GitHub's documentation, "Best practices for using the REST API".
SECONDS_BETWEEN_WRITES = 1.0
# A 5xx or a limit is tried again so often; a create that was done all the same is then found by its 422.
RETRIES = 3
_LONGEST_WAIT_SECONDS = 300.0

_HINTS = {
    401: "the token is not valid here",
    403: "the token needs contents: write and pull-requests: write",
    404: "the token may not see the repository, or `forge.slug` is wrong",
}
# What some refusals mean, by a part of their words: a status alone says too little.
_PAUSE = "GitHub asks for a pause: what is left is done by the next run"
_MEANT = {
    "not permitted to create or approve pull requests": "turn on Settings > Actions > General > Workflow "
    "permissions > Allow GitHub Actions to create and approve pull requests, or give another token",
    "not accessible by integration": "the token needs contents: write, pull-requests: write and issues: "
    "write (`permissions:` of the workflow, or the App's), statuses: write for `pull-requests.status`",
    "rate limit": _PAUSE,
    "archived": "the repository is archived: unarchive it",
}


def _hint(status: int, told: str) -> str:
    meant = (hint for words, hint in _MEANT.items() if words in told.lower())
    return next(meant, _HINTS.get(status, ""))


def installation_token(api: str, slug: str, app: str, key: str) -> str:
    """Give a token of the App's installation that may see a repository; it lives for an hour.

    Raises:
        ForgeError: GitHub knows no such App, or it is not installed there.
    """
    import github  # noqa: PLC0415 - see the module's docstring

    owner, _, name = slug.partition("/")
    try:
        auth = github.Auth.AppAuth(int(app), key)
        apps = github.GithubIntegration(auth=auth, base_url=api, user_agent="bumper", retry=None)
        return apps.get_access_token(apps.get_repo_installation(owner, name).id).token
    except Exception as error:  # an odd key ends in whatever the library for it stumbles over
        told = error.status if isinstance(error, github.GithubException) else type(error).__name__
        raise ForgeError(
            f"{slug}: no token for the App {app} ({told})",
            hint="check `forge.app` and `forge.app-key`, and that the App is installed there",
        ) from error


class GitHubApi:
    """One repository on GitHub.

    Args:
        api: The API's address, such as `https://api.github.com`.
        slug: `owner/name`.
        token: A token that may write contents and pull requests.
    """

    def __init__(self, api: str, slug: str, token: str) -> None:
        import github  # noqa: PLC0415 - see the module's docstring

        self.refusal = github.GithubException
        self.slug = slug
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

    def repository(self) -> Any:  # noqa: ANN401 - PyGithub's Repository, imported late
        """Give PyGithub's repository; it is lazy as the client, and no request is sent."""
        return self._client.get_repo(self.slug)

    def mutate(self, name: str, wanted: dict[str, Any], answer: str) -> dict[str, Any]:
        """Give what a GraphQL mutation answers; its refusals are PyGithub's."""
        _, data = self._client.requester.graphql_named_mutation(name, wanted, answer)
        return data

    def query(self, text: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Give what a GraphQL query answers; its refusals are PyGithub's."""
        _, answer = self._client.requester.graphql_query(text, wanted)
        return dict(answer.get("data") or {})

    async def thread(self, what: str, work: Callable[[], _Result]) -> _Result:
        """Do a piece of work; `what` is what is tried.

        Raises:
            ForgeError: GitHub refused, or gave no usable answer.
        """
        try:
            return await asyncio.to_thread(work)
        except self.refusal as error:
            told = self.told(error)
            message = f"{self.slug}: could not {what}: {error.status} {told}".strip()
            hint = _PAUSE if "RateLimit" in type(error).__name__ else _hint(error.status, told)
            raise ForgeError(message[:400], hint=hint) from error
        except Exception as error:  # an odd answer ends in whatever PyGithub stumbles over
            message = f"{self.slug}: could not {what}: no usable answer ({type(error).__name__})"
            # So it ends where a limit outlasts every retry.
            limited = any(f"too many {status} error" in str(error) for status in (403, 429))
            hint = _PAUSE if limited else "check `forge.url` and the network"
            raise ForgeError(message, hint=hint) from error

    def told(self, error: Any) -> str:  # noqa: ANN401 - PyGithub's exception, imported late
        """Give what GitHub said in a refusal, by REST or by GraphQL."""
        data = error.data if isinstance(error.data, dict) else {}
        listed = data.get("errors")
        errors = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
        said = [str(data.get("message", "")), *(str(e.get("message", "")) for e in errors)]
        return "; ".join(dict.fromkeys(one for one in said if one))[:300]


def pull_request(theirs: Theirs) -> PullRequest:
    """Read PyGithub's pull request."""
    state = PullRequestState.MERGED if theirs.merged_at else PullRequestState(theirs.state)
    head, base = theirs.head, theirs.base
    # PyGithub's types do not say it, but a deleted fork leaves none.
    fork = getattr(head.repo, "full_name", None)
    own = fork == base.repo.full_name
    return PullRequest(
        theirs.number, theirs.html_url, state, head.ref, head.sha, base.ref, theirs.title,
        theirs.body or "", tuple(label.name for label in theirs.labels), own, moment(theirs.created_at),
        bool(theirs.draft), getattr(theirs.user, "login", None) or "",
    )  # fmt: skip


def moment(told: datetime | None) -> datetime | None:
    """Give a time with its zone; PyGithub leaves UTC out in some of its releases."""
    return told.replace(tzinfo=UTC) if told is not None and told.tzinfo is None else told
