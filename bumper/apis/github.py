"""How GitHub is spoken to, by PyGithub: threads, refusals in words, what an answer describes.

Which calls a pull request takes, the member `forges.github` says. PyGithub waits for nobody, so each
piece of work runs in a thread of its own. It is imported when an API is made: the import costs half a
second that no other verb should pay.
"""

from __future__ import annotations

import asyncio
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bumper.apis.github_patience import patience
from bumper.apis.hints import MOVED, unusable
from bumper.apis.insecure import unwarned
from bumper.errors import ForgeError
from bumper.http import SYSTEM
from bumper.model import PullRequest, PullRequestState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from github.PullRequest import PullRequest as Theirs

    from bumper.http import Trust

__all__ = ["GitHubApi", "installation_token", "moment", "pull_request"]

_Result = TypeVar("_Result")

# Source: GitHub's documentation, "Best practices for using the REST API".
SECONDS_BETWEEN_WRITES = 1.0
# A limit, and a read that failed, are tried again so often.
RETRIES = 3
_LONGEST_WAIT_SECONDS = 300.0

_HINTS = {
    401: "the token is not valid here",
    403: "the token needs contents: write and pull-requests: write",
    404: "the token may not see the repository, or `forge.slug` is wrong",
    **dict.fromkeys((301, 302, 307, 308), MOVED),
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


def _hint(error: Any, told: str) -> str:  # noqa: ANN401 - PyGithub's exception, imported late
    meant = (hint for words, hint in _MEANT.items() if words in told.lower())
    hint = next(meant, _HINTS.get(error.status, ""))
    # Which right a call takes, GitHub says beside its refusal: `contents=write; pull_requests=write`.
    needed = (error.headers or {}).get("x-accepted-github-permissions", "")
    if error.status != 403 or not needed:
        return hint
    return f"{hint}; this call takes {needed.replace('=', ': ').replace('_', '-')}"


def installation_token(api: str, slug: str, app: str, key: str, trust: Trust = SYSTEM) -> str:
    """Give a token of the App's installation that may see a repository; it lives for an hour.

    Raises:
        ForgeError: GitHub knows no such App, or it is not installed there.
    """
    import github  # noqa: PLC0415 - see the module's docstring

    owner, _, name = slug.partition("/")
    if trust.insecure:
        unwarned()
    try:
        auth = github.Auth.AppAuth(int(app), key)
        apps = github.GithubIntegration(
            auth=auth, base_url=api, user_agent="bumper", retry=None, verify=trust.verify
        )
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
        trust: What TLS it may have.
    """

    def __init__(self, api: str, slug: str, token: str, trust: Trust = SYSTEM) -> None:
        import github  # noqa: PLC0415 - see the module's docstring

        if trust.insecure:
            unwarned()
        self.refusal = github.GithubException
        self.slug = slug
        self._client = github.Github(
            auth=github.Auth.Token(token),
            base_url=api,
            per_page=100,
            lazy=True,
            seconds_between_requests=0,
            seconds_between_writes=SECONDS_BETWEEN_WRITES,
            retry=patience(github, RETRIES, _LONGEST_WAIT_SECONDS),
            user_agent="bumper",
            verify=trust.verify,
        )
        self._paused = False
        asked: Any = self._client.requester
        asked.requestJsonAndCheck = partial(_whole, asked.requestJsonAndCheck)

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
            ForgeError: GitHub refused, or gave no usable answer, or asked for a pause before.
        """
        if self._paused:
            raise ForgeError(f"{self.slug}: did not {what}: a limit of GitHub's", hint=_PAUSE)
        try:
            return await asyncio.to_thread(work)
        except self.refusal as error:
            self._paused |= "RateLimit" in type(error).__name__
            told = self.told(error)
            message = f"{self.slug}: could not {what}: {error.status} {told}".strip()
            hint = _PAUSE if self._paused else _hint(error, told)
            raise ForgeError(message[:400], hint=hint) from error
        except Exception as error:  # an odd answer ends in whatever PyGithub stumbles over
            # So it ends where a limit outlasts every retry.
            self._paused |= any(f"too many {status} error" in str(error) for status in (403, 429))
            message = f"{self.slug}: could not {what}: no usable answer ({type(error).__name__})"
            hint = _PAUSE if self._paused else unusable(error)
            raise ForgeError(message, hint=hint) from error

    def told(self, error: Any) -> str:  # noqa: ANN401 - PyGithub's exception, imported late
        """Give what GitHub said in a refusal, by REST or by GraphQL."""
        data = error.data if isinstance(error.data, dict) else {}
        listed = data.get("errors")
        errors = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
        said = [str(data.get("message", "")), *(str(e.get("message", "")) for e in errors)]
        return "; ".join(dict.fromkeys(one for one in said if one))[:300]


def _whole(
    ask: Callable[..., tuple[Any, Any]],
    verb: str,
    *about: Any,  # noqa: ANN401 - PyGithub's
    **more: Any,  # noqa: ANN401 - PyGithub's
) -> tuple[Any, Any]:
    """Ask for JSON; an answer without any, or a list with holes, PyGithub would take for an empty list."""
    headers, data = ask(verb, *about, **more)
    if verb == "GET" and (data is None or (isinstance(data, list) and None in data)):
        raise ValueError(verb)
    return headers, data


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
