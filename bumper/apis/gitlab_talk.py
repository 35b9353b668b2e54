"""What GitLab tells of people around a merge request: notes, rights, approvals.

Source: docs.gitlab.com, "Notes API", "Project members API", "Merge request approvals API".
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bumper.apis.gitlab import login
from bumper.model import Comment

if TYPE_CHECKING:
    from bumper.apis.gitlab import GitLabApi
    from bumper.model import PullRequest

__all__ = ["GitLabTalk"]

# Who may push. Source: docs.gitlab.com, "Roles".
_DEVELOPER = 30


class GitLabTalk:
    """The verbs of a forge that are about people; see `forges.base.Forge`."""

    _api: GitLabApi

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        """List the notes of people below a merge request, to the last page."""

        def listed() -> tuple[Comment, ...]:
            found = _theirs(self._api, pull_request.number).notes.list(
                iterator=True, sort="asc", order_by="created_at"
            )
            return tuple(
                Comment(str(one.id), login(one), one.body or "", datetime.fromisoformat(one.created_at))
                for one in found
                if not one.system
            )  # fmt: skip

        return await self._api.thread("list notes", listed)

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        """Write a note below a merge request."""
        await self._api.thread(
            "write a note",
            lambda: _theirs(self._api, pull_request.number).notes.create({"body": text}),
        )

    async def may_write(self, person: str) -> bool:
        """Say whether a person may push: a Developer at least, by the project or its groups."""

        def asked() -> bool:
            found = self._api.client.users.list(username=person)
            try:
                level = self._api.project.members_all.get(found[0].id).access_level if found else 0
            except self._api.refusal as error:
                if error.response_code == 404:
                    return False
                raise
            return int(level) >= _DEVELOPER

        return await self._api.thread("ask who may write", asked)

    async def approved(self, pull_request: PullRequest) -> bool:
        """Say whether somebody approved the merge request."""

        def asked() -> bool:
            return bool(_theirs(self._api, pull_request.number).approvals.get().approved_by)

        return await self._api.thread("ask for approvals", asked)


def _theirs(api: GitLabApi, number: int) -> Any:  # noqa: ANN401 - python-gitlab's object
    return api.project.mergerequests.get(number, lazy=True)
