"""Gitea and Forgejo, by their API v1.

Their facts: no list of pull requests by branch, labels by number, 409 for one that exists already, a
draft by its title, and a merge at once where the base branch requires no checks.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.apis.gitea import DRAFT, GiteaApi, is_draft
from bumper.apis.gitea import pull_request as read
from bumper.apis.gitea_labels import label_numbers
from bumper.apis.gitea_talk import GiteaTalk
from bumper.apis.issues import GiteaIssues
from bumper.errors import ForgeError
from bumper.forges import base
from bumper.forges.base import STATUS, NoQueue
from bumper.model import PullRequestState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bumper.http import Http
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["Gitea"]

# A pull request that was just pushed to is looked at first, and 405 says so until then.
_TRIES, SECONDS_BETWEEN = 8, 1.0
_BUSY = "try again later"


class Gitea(GiteaTalk, GiteaIssues, NoQueue):
    """One repository on one server; `api` ends in `/api/v1`, `slug` is `owner/name`."""

    NAME = "gitea"

    def __init__(self, http: Http, api: str, slug: str, token: str) -> None:
        self._api = GiteaApi(http, api, slug, token)

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        """List all pull requests, page by page, and keep ours; see `forges.base.Forge`."""
        # Oldest first, as no event moves one from a page that is to be read to one that was.
        listed = await self._api.all("pulls?state=all&sort=oldest")
        found = map(read, reversed(listed))
        return tuple(one for one in found if base.is_listed(one.branch, one.body, prefix, mark))

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        """Give a pull request as it is now; see `forges.base.Forge`."""
        return read(await self._api.call("GET", f"pulls/{pull_request.number}"))

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request; see `forges.base.Forge`."""
        wanted = {
            "title": f"{DRAFT}{request.title}" if request.draft else request.title,
            "body": request.body,
            "head": request.branch,
            "base": request.base,
        }
        for pause in (*base.LAGS, 0.0):
            try:
                response = await self._api.send("POST", "pulls", wanted)
            except ForgeError:  # its answer was lost
                if (found := await self._standing(request.branch)) is None:
                    raise
                return found
            if response.status != 409 and response.status < 500:
                break
            # After a 5xx it may have been made all the same: that is looked for, and nothing is sent again.
            if (found := await self._standing(request.branch)) is not None:
                return found
            if response.status != 409:
                break
            await asyncio.sleep(pause)
        try:
            return read(self._api.checked(response, "open a pull request"))
        except ForgeError as error:
            raise base.refused(error) from error

    async def _standing(self, branch: str) -> PullRequest | None:
        """Give the pull request that is open for a branch."""
        listed = await self.pull_requests(branch)
        good = (one for one in listed if one.branch == branch and one.own_head)
        return next((one for one in good if one.state is PullRequestState.OPEN), None)

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:
        """Set what belongs to a pull request; see `forges.base.Forge`."""
        number = pull_request.number
        told: list[str] = []
        if request.labels:
            told += await _tried("labels", lambda: self._label(number, request.labels))
        if request.assignees:
            told += await _tried("assignees", lambda: self._assign(number, request.assignees, told))
        if request.milestone:
            told += await _tried("milestone", lambda: self._plan(number, request.milestone))
        if request.reviewers and await _tried("", lambda: self._ask(number, *request.reviewers)):
            # One unknown name refuses them all.
            for name in request.reviewers:
                told += await _tried(f"reviewer {name}", partial(self._ask, number, name))
        return tuple(dict.fromkeys(told))

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:
        """Let the server merge when its checks are green; see `forges.base.Forge`."""
        path = f"pulls/{pull_request.number}/merge"
        if not on:
            answer = await self._api.send("DELETE", path)
            if answer.status != 404:  # nothing was planned
                self._api.checked(answer, "stop automatic merging")
            return ""
        base = await self._api.call("GET", f"branches/{quote(pull_request.base)}")
        if not (base.get("enable_status_check") and base.get("status_check_contexts")):
            return (
                f"not merged by itself: {pull_request.base} requires no checks, so the server would "
                "merge at once; require one in the branch's protection"
            )
        style = (await self._api.described()).get("default_merge_style") or "merge"
        wanted = {"Do": style, "merge_when_checks_succeed": True}
        for _ in range(_TRIES):
            answer = await self._api.send("POST", path, wanted)
            if answer.status == 409:  # it is planned already
                return ""
            if answer.status != 405 or _BUSY not in answer.body.decode(errors="replace"):
                break
            await asyncio.sleep(SECONDS_BETWEEN)
        self._api.checked(answer, "plan the merge")
        return ""

    async def status(self, commit: str, state: str, text: str) -> None:
        """Give a commit a status; see `forges.base.Forge`."""
        wanted = {"context": STATUS, "state": state, "description": text}
        await self._api.call("POST", f"statuses/{commit}", wanted)

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a pull request new words; see `forges.base.Forge`."""
        # A person may have marked it in another way: their title says so already.
        marked = not pull_request.draft or is_draft(request.title)
        title = request.title if marked else f"{DRAFT}{request.title}"
        wanted = {"title": title, "body": request.body}
        if request.base != pull_request.base:
            wanted["base"] = request.base
        return read(await self._api.call("PATCH", f"pulls/{pull_request.number}", wanted))

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        """Close it with its last words; see `forges.base.Forge`."""
        wanted = {"body": words.body, "state": "closed"}
        answer = await self._api.send("PATCH", f"pulls/{pull_request.number}", wanted)
        if answer.status != 412:  # it was merged meanwhile
            self._api.checked(answer, "close a pull request")

    async def _label(self, number: int, labels: tuple[str, ...]) -> None:
        """Set labels, made where missing."""
        wanted = {"labels": await label_numbers(self._api, labels)}
        await self._api.call("POST", f"issues/{number}/labels", wanted)

    async def _assign(self, number: int, names: tuple[str, ...], told: list[str]) -> None:
        """Assign those who may be; an unknown one would fail the others."""
        listed = await self._api.call("GET", "assignees")
        known = {str(one["login"]).lower() for one in listed}
        told += [f"{one} cannot be assigned here" for one in names if one.lower() not in known]
        good = [one for one in names if one.lower() in known]
        if good:
            await self._api.call("PATCH", f"issues/{number}", {"assignees": good})

    async def _plan(self, number: int, name: str) -> None:
        found = await self._api.call("GET", f"milestones?state=open&name={quote(name, safe='')}")
        chosen = next((one["id"] for one in found if one["title"] == name), None)
        if chosen is None:
            raise ForgeError(f"no open milestone {name}")
        await self._api.call("PATCH", f"issues/{number}", {"milestone": chosen})

    async def _ask(self, number: int, *names: str) -> None:
        """Ask people and teams for a review; a team goes by its name without the owner's."""
        wanted: dict[str, Any] = {
            "reviewers": [name for name in names if "/" not in name],
            "team_reviewers": [name.rpartition("/")[2] for name in names if "/" in name],
        }
        filled = {key: value for key, value in wanted.items() if value}
        await self._api.call("POST", f"pulls/{number}/requested_reviewers", filled)


async def _tried(what: str, work: Callable[[], Awaitable[None]]) -> tuple[str, ...]:
    """Do a small thing, twice where it fails, as only the answer may be lost; give a sentence if it did."""
    told = ""
    for _ in range(2):
        try:
            await work()
        except ForgeError as error:
            told = error.message
        except (KeyError, TypeError, AttributeError):
            told = "no usable answer"
        else:
            return ()
    return (f"{what} not set: {told}",)
