"""Gitea and Forgejo, by their API v1.

Their facts: no list of pull requests by branch, labels by number, 409 for one that exists already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.apis.gitea import GiteaApi
from bumper.apis.gitea import pull_request as read
from bumper.errors import ForgeError
from bumper.model import PullRequestState

if TYPE_CHECKING:
    from bumper.http import Http
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["Gitea"]

_COLOUR = "#1f6feb"


class Gitea:
    """One repository on one server; `api` ends in `/api/v1`, `slug` is `owner/name`."""

    NAME = "gitea"

    def __init__(self, http: Http, api: str, slug: str, token: str) -> None:
        self._api = GiteaApi(http, api, slug, token)

    async def pull_requests(self, prefix: str) -> tuple[PullRequest, ...]:
        """List all pull requests, page by page, and keep ours; see `forges.base.Forge`."""
        listed = await self._api.all("pulls?state=all&sort=recentupdate")
        return tuple(found for one in listed if (found := read(one)).branch.startswith(prefix))

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request, then label it; see `forges.base.Forge`."""
        wanted = {
            "title": request.title,
            "body": request.body,
            "head": request.branch,
            "base": request.base,
        }
        response = await self._api.send("POST", "pulls", wanted)
        if response.status == 409:
            for one in await self.pull_requests(request.branch):
                if one.branch == request.branch and one.state is PullRequestState.OPEN:
                    return one
        made = read(self._api.checked(response, "open a pull request"))
        await self._label(made, request.labels)
        return made

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a pull request new words; see `forges.base.Forge`."""
        wanted = {"title": request.title, "body": request.body}
        return read(await self._api.call("PATCH", f"pulls/{pull_request.number}", wanted))

    async def close(self, pull_request: PullRequest, comment: str) -> None:
        """Say why, then close; see `forges.base.Forge`."""
        await self._api.call("POST", f"issues/{pull_request.number}/comments", {"body": comment})
        await self._api.call("PATCH", f"pulls/{pull_request.number}", {"state": "closed"})

    async def _label(self, pull_request: PullRequest, labels: tuple[str, ...]) -> None:
        """Set labels, made where missing; a pull request without them is still one."""
        try:
            known = {entry["name"]: entry["id"] for entry in await self._api.all("labels")}
            numbers = [
                known[name] if name in known else await self._new_label(name) for name in labels
            ]
            if numbers:
                path = f"issues/{pull_request.number}/labels"
                await self._api.call("POST", path, {"labels": numbers})
        except (ForgeError, KeyError, TypeError):
            return

    async def _new_label(self, name: str) -> int:
        made = await self._api.call("POST", "labels", {"name": name, "color": _COLOUR})
        return int(made["id"])
