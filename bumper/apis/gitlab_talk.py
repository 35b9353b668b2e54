"""What GitLab tells of people around a merge request: notes, rights, approvals.

Source: docs.gitlab.com, "Notes API", "Project members API", "Merge request approvals API".
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bumper.model import Comment

if TYPE_CHECKING:
    from bumper.apis.gitlab import GitLabApi

__all__ = ["approved", "comment", "comments", "may_write"]

# Who may push. Source: docs.gitlab.com, "Roles".
_DEVELOPER = 30


async def comments(api: GitLabApi, number: int) -> tuple[Comment, ...]:
    """List the notes of people below a merge request, to the last page."""

    def listed() -> tuple[Comment, ...]:
        found = _theirs(api, number).notes.list(iterator=True, sort="asc", order_by="created_at")
        return tuple(
            Comment(str(one.id), str((one.author or {}).get("username", "")), one.body or "",
                    datetime.fromisoformat(one.created_at))
            for one in found
            if not one.system
        )  # fmt: skip

    return await api.thread("list notes", listed)


async def comment(api: GitLabApi, number: int, text: str) -> None:
    """Write a note below a merge request."""
    await api.thread("write a note", lambda: _theirs(api, number).notes.create({"body": text}))


async def may_write(api: GitLabApi, person: str) -> bool:
    """Say whether a person may push: a Developer at least, by the project or its groups."""

    def asked() -> bool:
        found = api.client.users.list(username=person)
        try:
            level = api.project.members_all.get(found[0].id).access_level if found else 0
        except api.refusal as error:
            if error.response_code == 404:
                return False
            raise
        return int(level) >= _DEVELOPER

    return await api.thread("ask who may write", asked)


async def approved(api: GitLabApi, number: int) -> bool:
    """Say whether somebody approved the merge request."""

    def asked() -> bool:
        return bool(_theirs(api, number).approvals.get().approved_by)

    return await api.thread("ask for approvals", asked)


def _theirs(api: GitLabApi, number: int) -> Any:  # noqa: ANN401 - python-gitlab's object
    return api.project.mergerequests.get(number, lazy=True)
