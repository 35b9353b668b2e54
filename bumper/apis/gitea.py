"""How Gitea and Forgejo are spoken to: pages, refusals in words, what an answer describes.

Which calls a pull request takes, the member `forges.gitea` says. Source: the API description that
both serve at `/swagger.v1.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from bumper.apis.hints import MOVED, TLS
from bumper.errors import ForgeError, RegistryError
from bumper.http import Bound, Origin
from bumper.model import PullRequest, PullRequestState

if TYPE_CHECKING:
    from bumper.http import Http, Response

__all__ = ["DRAFT", "GiteaApi", "is_draft", "moment", "pull_request"]

# A draft is known by its title, in whatever case. Source: Gitea's `app.example.ini`,
# WORK_IN_PROGRESS_PREFIXES.
DRAFT = "WIP: "
_DRAFTS = ("wip:", "[wip]")

_PAGE = 50
_ODD = "check `forge.url`"
_HINTS = {
    401: "the token is not valid here",
    403: "the token needs the scopes write:repository and write:issue",
    404: "the token may not see the repository, or `forge.slug` is wrong",
    423: "the repository is archived: unarchive it",
    **dict.fromkeys((301, 302, 307, 308), MOVED),
}


@dataclass(frozen=True, slots=True, repr=False)
class GiteaApi:
    """One repository on one server; `api` ends in `/api/v1`, `slug` is `owner/name`."""

    http: Http
    api: str
    slug: str
    token: str

    async def all(self, path: str) -> list[Any]:
        """Give every entry of a list below the repository, page by page to the first empty one.

        A server grants fewer a page than asked for, so a short page does not end the list.

        Raises:
            ForgeError: The server gives the same page again and again, or no list.
        """
        join = "&" if "?" in path else "?"
        found: list[Any] = []
        for page in count(1):
            entries = await self.call("GET", f"{path}{join}limit={_PAGE}&page={page}")
            if entries == []:
                return found
            if not isinstance(entries, list) or found[-len(entries) :] == entries:
                raise ForgeError(f"{self.api}: {path.partition('?')[0]} is a list without an end")
            found += entries
        return found

    async def call(self, method: str, path: str, document: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Give the JSON of a call below the repository.

        Raises:
            ForgeError: The server refused, or gave no usable answer.
        """
        answer = await self.send(method, path, document)
        what = f"{method} {path.partition('?')[0]}".rstrip()
        if method == "GET" and answer.status == 200 and not answer.body.strip():
            raise ForgeError(f"{self.slug}: could not {what}: an empty answer", hint=_ODD)
        return self.checked(answer, what)

    async def described(self) -> dict[str, Any]:
        """Give what the server says of the repository itself.

        Raises:
            ForgeError: The server refused, or gave no usable answer.
        """
        return dict(await self.call("GET", ""))

    async def send(
        self, method: str, path: str, document: dict[str, Any] | None = None
    ) -> Response:
        """Give the answer of a call, of whatever status.

        Raises:
            ForgeError: There was none.
        """
        try:
            answer = await self.http.request(
                method,
                f"{self.api}/repos/{self.slug}/{path}".rstrip("/"),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                secret_headers=Bound.to(self.api, {"Authorization": f"token {self.token}"}),
                content=None if document is None else json.dumps(document).encode(),
                most_bytes=32 * 1024 * 1024,
                retry=method == "GET",
            )
        except RegistryError as error:
            hint = TLS if error.code == "tls" else error.hint
            raise ForgeError(f"{self.api}: {error.message}", hint=hint) from error
        there = Origin.of(answer.url)
        if there != Origin.of(self.api):
            raise ForgeError(f"{self.api}: leads to {there}", hint=MOVED)
        return answer

    def checked(self, response: Response, what: str) -> Any:  # noqa: ANN401 - JSON
        """Give the JSON of a good answer; `what` is what was tried.

        Raises:
            ForgeError: It is a refusal, or no JSON.
        """
        if response.status >= 300:
            told = _message(response.body)
            message = f"{self.slug}: could not {what}: {response.status} {told}".strip()
            raise ForgeError(message, hint=_HINTS.get(response.status, ""))
        if response.status == 204 or not response.body:
            return {}
        try:
            return json.loads(response.body)
        except (ValueError, RecursionError) as error:
            raise ForgeError(f"{self.api}: not Gitea's answer", hint=_ODD) from error


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body).get("message", ""))[:200]
    except (ValueError, RecursionError, AttributeError):
        return ""


def is_draft(title: str) -> bool:
    """Say whether a title makes its pull request a draft."""
    return title.lower().startswith(_DRAFTS)


def pull_request(entry: Any) -> PullRequest:  # noqa: ANN401 - JSON
    """Read what describes a pull request.

    Raises:
        ForgeError: It describes none.
    """
    try:
        state = PullRequestState.MERGED if entry.get("merged") else PullRequestState(entry["state"])
        head, base, title = entry["head"], entry["base"], str(entry["title"])
        # A deleted branch is shown as refs/pull/N/head: its name stands in the label.
        branch = head["label"] if head["ref"].startswith("refs/pull/") else head["ref"]
        return PullRequest(
            int(entry["number"]), str(entry["html_url"]), state, str(branch).rpartition(":")[2],
            str(head.get("sha") or ""), str(base["ref"]),
            title.removeprefix(DRAFT),
            str(entry.get("body") or ""), tuple(label["name"] for label in entry.get("labels") or ()),
            head.get("repo_id") == base.get("repo_id"), moment(entry.get("created_at")),
            entry.get("draft") is True or is_draft(title), str((entry.get("user") or {}).get("login") or ""),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ForgeError("the forge describes a pull request in an unknown way") from error


def moment(told: object) -> datetime | None:
    """Give a time with its zone; None where none is told."""
    try:
        when = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None
