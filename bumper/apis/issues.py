"""The verbs of a forge that are about one issue, found again by a label and a hidden mark.

A label can be set only by those who may triage, so that nobody else's issue is taken for ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.apis.gitea_labels import label_numbers
from bumper.errors import ForgeError
from bumper.model import Issue

if TYPE_CHECKING:
    from bumper.apis.gitea import GiteaApi
    from bumper.apis.github import GitHubApi
    from bumper.apis.gitlab import GitLabApi

__all__ = ["GitHubIssues", "GitLabIssues", "GiteaIssues"]


class GiteaIssues:
    """The issues of a repository on Gitea or Forgejo; see `forges.base.Forge`."""

    _api: GiteaApi

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue with the label and the mark, open or closed."""
        path = f"issues?type=issues&state=all&labels={quote(label, safe='')}"
        try:
            found = [_of_gitea(one) for one in await self._api.all(path)]
        except (KeyError, TypeError, AttributeError) as error:
            raise ForgeError("the forge describes an issue in an unknown way") from error
        return _newest(found, mark)

    async def open_issue(self, title: str, body: str, label: str) -> None:
        """Open one; the label is made where it is missing."""
        labels = await label_numbers(self._api, (label,))
        wanted = {"title": title, "body": body, "labels": labels}
        await self._api.call("POST", "issues", wanted)

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give one another body."""
        await self._api.call("PATCH", f"issues/{issue.number}", {"body": body})


def _of_gitea(entry: Any) -> Issue:  # noqa: ANN401 - JSON
    return Issue(int(entry["number"]), entry["state"] == "open", str(entry.get("body") or ""))


class GitHubIssues:
    """The issues of a repository on GitHub; see `forges.base.Forge`."""

    _api: GitHubApi

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue with the label and the mark, open or closed."""

        def look() -> Issue | None:
            listed = self._api.repository().get_issues(state="all", labels=[label])
            # Pull requests are listed too; ours have another mark.
            found = [Issue(one.number, one.state == "open", one.body or "") for one in listed]
            return _newest(found, mark)

        return await self._api.thread("list issues", look)

    async def open_issue(self, title: str, body: str, label: str) -> None:
        """Open one; the label is made where it is missing."""
        await self._api.thread(
            "open an issue",
            lambda: self._api.repository().create_issue(title, body=body, labels=[label]),
        )

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give one another body."""
        await self._api.thread(
            "update an issue",
            lambda: self._api.repository().get_issue(issue.number).edit(body=body),
        )


class GitLabIssues:
    """The issues of a project on GitLab; see `forges.base.Forge`."""

    _api: GitLabApi

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue with the label and the mark, open or closed."""

        def look() -> Issue | None:
            listed = self._api.project.issues.list(iterator=True, labels=label)
            found = [Issue(one.iid, one.state == "opened", one.description or "") for one in listed]
            return _newest(found, mark)

        return await self._api.thread("list issues", look)

    async def open_issue(self, title: str, body: str, label: str) -> None:
        """Open one; the label is made where it is missing."""
        wanted = {"title": title, "description": body, "labels": label}
        await self._api.thread("open an issue", lambda: self._api.project.issues.create(wanted))

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give one another body."""
        await self._api.thread(
            "update an issue",
            lambda: self._api.project.issues.update(issue.number, {"description": body}),
        )


def _newest(found: list[Issue], mark: str) -> Issue | None:
    marked = [one for one in found if mark in one.body]
    return max(marked, key=lambda one: one.number, default=None)
