"""The verbs of a forge that are about one issue, found again by a label and a hidden mark.

A label can be set only by those who may triage, so that nobody else's issue is taken for ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.apis.gitea_labels import label_numbers
from bumper.apis.gitlab import login
from bumper.errors import ForgeError
from bumper.model import Issue

if TYPE_CHECKING:
    from bumper.apis.gitea import GiteaApi
    from bumper.apis.github import GitHubApi
    from bumper.apis.gitlab import GitLabApi

__all__ = ["GitHubIssues", "GitLabIssues", "GiteaIssues"]

_EDITOR = (
    "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) "
    "{ issue(number: $number) { editor { __typename login } } } }"
)
# What GitLab notes where a description was changed, by ticking a box in it too.
_EDITED = ("changed the description", "marked the checklist item")


class GiteaIssues:
    """The issues of a repository on Gitea or Forgejo; see `forges.base.Forge`."""

    _api: GiteaApi

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue with the label and the mark, open or closed."""
        path = f"issues?type=issues&state=all&labels={quote(label, safe='')}"
        return _newest([_of_gitea(one) for one in await self._api.all(path)], mark)

    async def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open one; the label is made where it is missing."""
        labels = await label_numbers(self._api, (label,))
        wanted = {"title": title, "body": body, "labels": labels}
        return _of_gitea(await self._api.call("POST", "issues", wanted))

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give one another body."""
        await self._api.call("PATCH", f"issues/{issue.number}", {"body": body})

    async def pin(self, issue: Issue) -> None:
        """Pin one; servers know that since Gitea 1.20 and Forgejo 1.20."""
        await self._api.call("POST", f"issues/{issue.number}/pin")

    async def editor(self, issue: Issue) -> str:  # noqa: ARG002 - the Protocol's
        """Give nobody: the API does not tell."""
        return ""


def _of_gitea(entry: Any) -> Issue:  # noqa: ANN401 - JSON
    try:
        author = str((entry.get("user") or {}).get("login") or "")
        text = str(entry.get("body") or "")
        return Issue(int(entry["number"]), entry["state"] == "open", text, author)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ForgeError("the forge describes an issue in an unknown way") from error


class GitHubIssues:
    """The issues of a repository on GitHub; see `forges.base.Forge`."""

    _api: GitHubApi

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue with the label and the mark, open or closed."""

        def look() -> Issue | None:
            listed = self._api.repository().get_issues(state="all", labels=[label])
            # Pull requests are listed too; ours have another mark.
            return _newest([_of_github(one) for one in listed], mark)

        return await self._api.thread("list issues", look)

    async def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open one; the label is made where it is missing."""

        def make() -> Issue:
            wanted = {"title": title, "body": body, "labels": [label]}
            return _of_github(self._api.repository().create_issue(**wanted))

        return await self._api.thread("open an issue", make)

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give one another body."""
        await self._api.thread(
            "update an issue",
            lambda: self._api.repository().get_issue(issue.number).edit(body=body),
        )

    async def pin(self, issue: Issue) -> None:
        """Pin one. Source: GitHub's GraphQL reference, `pinIssue`; three at the most."""

        def put() -> None:
            theirs = self._api.repository().get_issue(issue.number)
            self._api.mutate("pinIssue", {"issueId": theirs.node_id}, "issue { number }")

        await self._api.thread("pin an issue", put)

    async def editor(self, issue: Issue) -> str:
        """Give who changed it last; an app by the name that REST gives it."""

        def asked() -> str:
            owner, _, name = self._api.slug.partition("/")
            wanted = {"owner": owner, "name": name, "number": issue.number}
            answer = self._api.query(_EDITOR, wanted)
            theirs = (answer.get("repository") or {}).get("issue") or {}
            found = theirs.get("editor") or {}
            login = str(found.get("login") or "")
            return f"{login}[bot]" if login and found.get("__typename") == "Bot" else login

        return await self._api.thread("ask who edited an issue", asked)


def _of_github(theirs: Any) -> Issue:  # noqa: ANN401 - PyGithub's Issue, imported late
    author = getattr(theirs.user, "login", None) or ""
    return Issue(theirs.number, theirs.state == "open", theirs.body or "", author)


class GitLabIssues:
    """The issues of a project on GitLab; see `forges.base.Forge`."""

    _api: GitLabApi

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue with the label and the mark, open or closed."""

        def look() -> Issue | None:
            listed = self._api.project.issues.list(iterator=True, labels=label)
            return _newest([_of_gitlab(one) for one in listed], mark)

        return await self._api.thread("list issues", look)

    async def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open one; the label is made where it is missing."""
        wanted = {"title": title, "description": body, "labels": label}
        return await self._api.thread(
            "open an issue", lambda: _of_gitlab(self._api.project.issues.create(wanted))
        )

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give one another body."""
        await self._api.thread(
            "update an issue",
            lambda: self._api.project.issues.update(issue.number, {"description": body}),
        )

    async def pin(self, issue: Issue) -> None:
        """Do nothing: GitLab has no pins."""

    async def editor(self, issue: Issue) -> str:
        """Give who changed it last, by the notes that GitLab itself writes; "" where there is none."""

        def asked() -> str:
            theirs = self._api.project.issues.get(issue.number, lazy=True)
            for note in theirs.notes.list(iterator=True, sort="desc", order_by="created_at"):
                if note.system and note.body.startswith(_EDITED):
                    return str(note.author["username"])
            return ""

        return await self._api.thread("ask who edited an issue", asked)


def _of_gitlab(theirs: Any) -> Issue:  # noqa: ANN401 - python-gitlab's objects have no types of their own
    return Issue(theirs.iid, theirs.state == "opened", theirs.description or "", login(theirs))


def _newest(found: list[Issue], mark: str) -> Issue | None:
    marked = [one for one in found if mark in one.body]
    return max(marked, key=lambda one: one.number, default=None)
