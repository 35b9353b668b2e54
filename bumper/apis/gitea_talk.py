"""What Gitea and Forgejo tell of people around a pull request: comments, rights, approvals.

Source: the API description that both serve at `/swagger.v1.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.apis.gitea import moment
from bumper.errors import ForgeError
from bumper.model import Comment

if TYPE_CHECKING:
    from bumper.apis.gitea import GiteaApi
    from bumper.model import PullRequest

__all__ = ["GiteaTalk"]

_WRITES = ("write", "admin", "owner")


class GiteaTalk:
    """The verbs of a forge that are about people; see `forges.base.Forge`."""

    _api: GiteaApi

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        """List the comments below a pull request; all of them come at once."""
        found = await self._api.call("GET", f"issues/{pull_request.number}/comments")
        try:
            return tuple(_comment(entry) for entry in found)
        except (KeyError, TypeError, AttributeError) as error:
            raise ForgeError("the forge describes a comment in an unknown way") from error

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        """Write a comment below a pull request."""
        await self._api.call("POST", f"issues/{pull_request.number}/comments", {"body": text})

    async def may_write(self, person: str) -> bool:
        """Say whether a person may push.

        Raises:
            ForgeError: Only an administrator of the repository may ask that, or nobody answered.
        """
        if person.lower() == self._api.slug.partition("/")[0].lower():
            return True
        answer = await self._api.send("GET", f"collaborators/{quote(person, safe='')}/permission")
        if answer.status == 404:
            return False
        if answer.status == 403:
            raise ForgeError(
                f"{self._api.slug}: the token may not ask who may write",
                hint="make its user an administrator of the repository",
            )
        told = self._api.checked(answer, "ask who may write")
        return isinstance(told, dict) and told.get("permission") in _WRITES

    async def approved(self, pull_request: PullRequest) -> bool:
        """Say whether somebody approved the pull request as it is."""
        reviews = await self._api.all(f"pulls/{pull_request.number}/reviews")
        return any(
            one.get("state") == "APPROVED" and not one.get("dismissed") and not one.get("stale")
            for one in reviews
            if isinstance(one, dict)
        )


def _comment(entry: Any) -> Comment:  # noqa: ANN401 - JSON
    author = (entry.get("user") or {}).get("login")
    return Comment(
        str(entry["id"]),
        str(author or ""),
        str(entry.get("body") or ""),
        moment(entry.get("created_at")),
    )
