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

__all__ = ["approved", "comment", "comments", "may_write"]

_WRITES = ("write", "admin", "owner")


async def comments(api: GiteaApi, number: int) -> tuple[Comment, ...]:
    """List the comments below a pull request; all of them come at once."""
    found = await api.call("GET", f"issues/{number}/comments")
    try:
        return tuple(_comment(entry) for entry in found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ForgeError("the forge describes a comment in an unknown way") from error


def _comment(entry: Any) -> Comment:  # noqa: ANN401 - JSON
    author = (entry.get("user") or {}).get("login", "")
    return Comment(
        str(entry["id"]), author, str(entry.get("body") or ""), moment(entry.get("created_at"))
    )


async def comment(api: GiteaApi, number: int, text: str) -> None:
    """Write a comment below a pull request."""
    await api.call("POST", f"issues/{number}/comments", {"body": text})


async def may_write(api: GiteaApi, person: str) -> bool:
    """Say whether a person may push.

    Raises:
        ForgeError: Only an administrator of the repository may ask that, or nobody answered.
    """
    if person.lower() == api.slug.partition("/")[0].lower():
        return True
    answer = await api.send("GET", f"collaborators/{quote(person, safe='')}/permission")
    if answer.status == 404:
        return False
    if answer.status == 403:
        raise ForgeError(
            f"{api.slug}: the token may not ask who may write",
            hint="make its user an administrator of the repository",
        )
    told = api.checked(answer, "ask who may write")
    return isinstance(told, dict) and told.get("permission") in _WRITES


async def approved(api: GiteaApi, number: int) -> bool:
    """Say whether somebody approved the pull request as it is."""
    reviews = await api.all(f"pulls/{number}/reviews")
    return any(
        one.get("state") == "APPROVED" and not one.get("dismissed") and not one.get("stale")
        for one in reviews
        if isinstance(one, dict)
    )
