"""How GitLab is spoken to, by python-gitlab: threads, refusals in words, what an answer describes.

Which calls a merge request takes, the member `forges.gitlab` says. python-gitlab waits for nobody, so
each piece of work runs in a thread of its own. It is an extra, imported when an API is made.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from bumper.apis.hints import MOVED, unusable
from bumper.apis.insecure import unwarned
from bumper.errors import ForgeError, UsageError
from bumper.http import SYSTEM
from bumper.model import PullRequest, PullRequestState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.http import Trust

__all__ = ["DRAFT", "GitLabApi", "is_draft", "login", "pull_request"]

_Result = TypeVar("_Result")
# A draft is known by its title, in whatever case. Source: docs.gitlab.com, "Draft merge requests".
DRAFT = "Draft: "
_DRAFTS = ("draft:", "[draft]", "(draft)")
_TIMEOUT_SECONDS = 60.0
# A limit is waited for, and a read that failed is tried again; a write may have been done all the same.
RETRIES = 3
_LONGEST_WAIT_SECONDS = 60
_FAILED = (500, 502, 503, 504)
PAUSE = "GitLab asks for a pause: what is left is done by the next run"
_HINTS = {
    401: "the token is not valid here",
    403: "the token needs the scope api, of a member who is a Developer at least; CI_JOB_TOKEN may not",
    404: "the token may not see the project, or `forge.slug` is wrong",
    429: PAUSE,
    **dict.fromkeys((301, 302, 307, 308), MOVED),
}
# `locked` is a merge request that is being merged.
_STATES = {"opened": "open", "locked": "open", "closed": "closed", "merged": "merged"}


class GitLabApi:
    """One project on one server.

    Args:
        api: The API's address, which ends in `/api/v4`.
        slug: The project's whole path, `group/sub/name`.
        token: A personal, project or group access token.
        trust: What TLS it may have.
    """

    def __init__(self, api: str, slug: str, token: str, trust: Trust = SYSTEM) -> None:
        try:
            import gitlab  # noqa: PLC0415 - see the module's docstring
        except ImportError as error:
            raise UsageError(
                "GitLab needs python-gitlab",
                code="no-extra",
                hint="pip install 'gitops-bumper[gitlab]'",
            ) from error
        if trust.insecure:
            unwarned()
        self.refusal = gitlab.exceptions.GitlabError
        self.slug = slug
        # As a Bearer token it follows no redirect to another host; `keep_base_url`: no page does.
        self.client = gitlab.Gitlab(
            api.removesuffix("/api/v4"),
            oauth_token=token,
            timeout=_TIMEOUT_SECONDS,
            per_page=100,
            keep_base_url=True,
            user_agent="bumper",
            session=_patient(),
            ssl_verify=trust.verify,
        )
        asked: Any = self.client
        asked.http_request = partial(asked.http_request, obey_rate_limit=False)
        self._paused = False
        self.project: Any = self.client.projects.get(slug, lazy=True)

    async def thread(self, what: str, work: Callable[[], _Result]) -> _Result:
        """Do a piece of work; `what` is what is tried.

        Raises:
            ForgeError: GitLab refused, or gave no usable answer, or asked for a pause before.
        """
        if self._paused:
            raise ForgeError(f"{self.slug}: did not {what}: a limit of GitLab's", hint=PAUSE)
        try:
            return await asyncio.to_thread(work)
        except self.refusal as error:
            status = error.response_code or 0
            self._paused |= status == 429
            message = f"{self.slug}: could not {what}: {status or ''} {self.told(error)}".strip()
            raise ForgeError(message, hint=_HINTS.get(status, "")) from error
        except Exception as error:  # an odd answer ends in whatever the library stumbles over
            message = f"{self.slug}: could not {what}: no usable answer ({type(error).__name__})"
            raise ForgeError(message, hint=unusable(error)) from error

    def told(self, error: Exception) -> str:
        """Give what GitLab said in a refusal."""
        said = getattr(error, "error_message", "")
        return (said if isinstance(said, str) else str(said))[:200]


def _patient() -> Any:  # noqa: ANN401 - requests' Session, which comes with python-gitlab
    """Give a session that tries again what may be; python-gitlab itself would wait without an end."""
    from requests import Session  # noqa: PLC0415 - see the module's docstring
    from requests.adapters import HTTPAdapter  # noqa: PLC0415 - likewise
    from urllib3.exceptions import MaxRetryError, ResponseError  # noqa: PLC0415 - likewise
    from urllib3.util.retry import Retry  # noqa: PLC0415 - likewise

    class Patience(Retry):
        def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002 - urllib3's
            return status_code == 429 or super().is_retry(method, status_code, has_retry_after)

        def increment(self, *about: Any, **more: Any) -> Any:  # noqa: ANN401 - urllib3's
            response = more.get("response")
            told = self.get_retry_after(response) if response is not None else None
            if told is not None and told > _LONGEST_WAIT_SECONDS:
                raise MaxRetryError(more["_pool"], "", ResponseError(f"a pause of {told:.0f} s"))
            return super().increment(*about, **more)

    patience = Patience(
        RETRIES, allowed_methods={"GET"}, status_forcelist=_FAILED, backoff_factor=0.5, raise_on_status=False
    )  # fmt: skip

    class Homely(Session):
        def get_redirect_target(self, resp: Any) -> str | None:  # noqa: ANN401 - requests'
            """Follow what only reads, and on the same server."""
            target = super().get_redirect_target(resp)
            if target is None or resp.request.method != "GET":
                return None
            here, there = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
            return target if here[:2] == there[:2] else None

    session = Homely()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=patience))
    return session


def is_draft(title: str) -> bool:
    """Say whether a title makes its merge request a draft."""
    return title.lower().startswith(_DRAFTS)


def login(theirs: Any) -> str:  # noqa: ANN401 - python-gitlab's objects have no types of their own
    """Give who made something, "" where nobody is told: an account may be gone."""
    return str((theirs.author or {}).get("username") or "")


def pull_request(theirs: Any) -> PullRequest:  # noqa: ANN401 - python-gitlab's objects have no types of their own
    """Read a merge request."""
    own = theirs.source_project_id == theirs.target_project_id
    return PullRequest(
        theirs.iid, theirs.web_url, PullRequestState(_STATES[theirs.state]), theirs.source_branch,
        theirs.sha or "", theirs.target_branch, theirs.title.removeprefix(DRAFT),
        theirs.description or "", tuple(theirs.labels), own, datetime.fromisoformat(theirs.created_at),
        theirs.draft is True, login(theirs), getattr(theirs, "merge_when_pipeline_succeeds", False) is True,
    )  # fmt: skip
