"""Gitea and Forgejo, by their API v1.

Their facts: no list of pull requests by branch, labels by number, 409 for one that exists already.
Source: the API description that both serve at `/swagger.v1.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from bumper.errors import ForgeError, RegistryError
from bumper.http import Bound
from bumper.model import PullRequest, PullRequestState

if TYPE_CHECKING:
    from bumper.http import Http
    from bumper.model import ChangeRequest

__all__ = ["Gitea"]

_PAGE = 50
_COLOUR = "#1f6feb"
_HINTS = {
    401: "the token is not valid here",
    403: "the token needs the scopes write:repository and write:issue",
    404: "the token may not see the repository, or `forge.slug` is wrong",
    423: "the repository is archived",
}


@dataclass(frozen=True, slots=True, repr=False)
class Gitea:
    """One repository on one server; `api` ends in `/api/v1`, `slug` is `owner/name`."""

    http: Http
    api: str
    slug: str
    token: str
    NAME = "gitea"

    async def pull_requests(self, prefix: str) -> tuple[PullRequest, ...]:
        """List all pull requests, page by page, and keep ours; see `forges.base.Forge`."""
        listed = await self._all("pulls?state=all&sort=recentupdate")
        return tuple(read for entry in listed if (read := _read(entry)).branch.startswith(prefix))

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request, then label it; see `forges.base.Forge`."""
        wanted = {
            "title": request.title,
            "body": request.body,
            "head": request.branch,
            "base": request.base,
        }
        response = await self._send("POST", "pulls", wanted)
        if response.status == 409:
            for one in await self.pull_requests(request.branch):
                if one.branch == request.branch and one.state is PullRequestState.OPEN:
                    return one
        made = _read(self._checked(response, "open a pull request"))
        await self._label(made, request.labels)
        return made

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a pull request new words; see `forges.base.Forge`."""
        wanted = {"title": request.title, "body": request.body}
        return _read(await self._call("PATCH", f"pulls/{pull_request.number}", wanted))

    async def close(self, pull_request: PullRequest, comment: str) -> None:
        """Say why, then close; see `forges.base.Forge`."""
        await self._call("POST", f"issues/{pull_request.number}/comments", {"body": comment})
        await self._call("PATCH", f"pulls/{pull_request.number}", {"state": "closed"})

    async def _label(self, pull_request: PullRequest, labels: tuple[str, ...]) -> None:
        """Set labels, made where missing; a pull request without them is still one."""
        try:
            known = {entry["name"]: entry["id"] for entry in await self._all("labels")}
            numbers = [
                known[name] if name in known else await self._new_label(name) for name in labels
            ]
            if numbers:
                await self._call(
                    "POST", f"issues/{pull_request.number}/labels", {"labels": numbers}
                )
        except (ForgeError, KeyError, TypeError):
            return

    async def _all(self, path: str) -> list[Any]:
        """Give every entry of a list, page by page to the first empty one.

        A server grants fewer a page than asked for, so a short page does not end the list.

        Raises:
            ForgeError: The server gives the same page again and again, or no list.
        """
        join = "&" if "?" in path else "?"
        found: list[Any] = []
        for page in count(1):
            entries = await self._call("GET", f"{path}{join}limit={_PAGE}&page={page}")
            if not entries:
                return found
            if not isinstance(entries, list) or found[-len(entries) :] == entries:
                raise ForgeError(f"{self.api}: {path.partition('?')[0]} is a list without an end")
            found += entries
        return found

    async def _new_label(self, name: str) -> int:
        made = await self._call("POST", "labels", {"name": name, "color": _COLOUR})
        return int(made["id"])

    async def _call(self, method: str, path: str, document: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        return self._checked(
            await self._send(method, path, document), f"{method} {path.partition('?')[0]}"
        )

    async def _send(self, method: str, path: str, document: dict[str, Any] | None) -> Any:  # noqa: ANN401 - a Response
        try:
            return await self.http.request(
                method,
                f"{self.api}/repos/{self.slug}/{path}",
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                secret_headers=Bound.to(self.api, {"Authorization": f"token {self.token}"}),
                content=None if document is None else json.dumps(document).encode(),
                most_bytes=32 * 1024 * 1024,
                retry=method == "GET",
            )
        except RegistryError as error:
            raise ForgeError(f"{self.api}: {error.message}", hint=error.hint) from error

    def _checked(self, response: Any, what: str) -> Any:  # noqa: ANN401 - JSON
        """Give the JSON of a good answer.

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
        except ValueError as error:
            raise ForgeError(f"{self.api}: not Gitea's answer", hint="check `forge.url`") from error


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body).get("message", ""))[:200]
    except (ValueError, AttributeError):
        return ""


def _read(entry: Any) -> PullRequest:  # noqa: ANN401 - JSON
    try:
        state = PullRequestState.MERGED if entry.get("merged") else PullRequestState(entry["state"])
        head, base = entry["head"], entry["base"]
        # A deleted branch is shown as refs/pull/N/head: its name stands in the label.
        branch = head["label"] if head["ref"].startswith("refs/pull/") else head["ref"]
        return PullRequest(
            int(entry["number"]), str(entry["html_url"]), state, str(branch).rpartition(":")[2],
            str(head.get("sha") or ""), str(base["ref"]), str(entry["title"]),
            str(entry.get("body") or ""), tuple(label["name"] for label in entry.get("labels") or ()),
            head.get("repo_id") == base.get("repo_id"), _moment(entry.get("created_at")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ForgeError("the forge describes a pull request in an unknown way") from error


def _moment(told: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None
