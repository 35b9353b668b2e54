"""GitLab, gitlab.com and others: pull requests are merge requests.

Their facts: a label that is missing is made by setting it, people go by number, groups are no
reviewers, 409 for one that exists already, and a merge at once where no pipeline is required.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from bumper.apis.gitlab import DRAFT, GitLabApi, is_draft
from bumper.apis.gitlab import pull_request as read
from bumper.apis.gitlab_merging import GitLabMerging
from bumper.apis.gitlab_talk import GitLabTalk
from bumper.apis.insisting import insist
from bumper.apis.issues import GitLabIssues
from bumper.errors import ForgeError
from bumper.forges import base
from bumper.forges.base import STATUS
from bumper.http import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bumper.http import Trust
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["GitLab"]


class GitLab(GitLabTalk, GitLabIssues, GitLabMerging):
    """One project; `api` ends in `/api/v4`, `slug` is its whole path."""

    NAME = "gitlab"

    def __init__(self, api: str, slug: str, token: str, trust: Trust = SYSTEM) -> None:
        self._api = GitLabApi(api, slug, token, trust)

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        """List all merge requests, to the last page, and keep ours; see `forges.base.Forge`."""

        def list_() -> tuple[PullRequest, ...]:
            listed = self._api.project.mergerequests.list(
                iterator=True, state="all", order_by="created_at", sort="desc"
            )
            return tuple(
                read(one)
                for one in listed
                if base.is_listed(one.source_branch, one.description, prefix, mark)
            )

        return await self._api.thread("list merge requests", list_)

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        """Give a merge request as it is now; see `forges.base.Forge`."""
        return await self._api.thread(
            "read a merge request",
            lambda: read(self._api.project.mergerequests.get(pull_request.number)),
        )

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a merge request; see `forges.base.Forge`."""
        try:
            return await self._api.thread("open a merge request", lambda: self._open(request))
        except ForgeError as error:
            raise base.refused(error) from error

    def _open(self, request: ChangeRequest) -> PullRequest:
        merge_requests = self._api.project.mergerequests
        wanted = {
            "source_branch": request.branch,
            "target_branch": request.base,
            "title": f"{DRAFT}{request.title}" if request.draft else request.title,
            "description": request.body,
        }
        told: Exception
        try:
            return read(merge_requests.create(wanted))
        except self._api.refusal as error:
            # After a 5xx, or without an answer, it may have been made: that is looked for.
            if error.response_code not in {409, None} and error.response_code < 500:
                raise
            told = error
        except OSError as error:
            told = error
        for pause in (0.0, *base.LAGS):
            time.sleep(pause)
            listed = map(read, merge_requests.list(state="opened", source_branch=request.branch))
            for one in listed:
                if one.branch == request.branch and one.own_head:
                    return one
        raise told

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:
        """Set what belongs to a merge request; see `forges.base.Forge`."""
        return await self._api.thread(
            "set labels and reviewers", lambda: tuple(self._furnished(pull_request.number, request))
        )

    def _furnished(self, number: int, request: ChangeRequest) -> Iterator[str]:
        theirs = self._api.project.mergerequests.get(number, lazy=True)
        wanted: dict[str, Any] = {}
        if request.labels:
            wanted["add_labels"] = ",".join(request.labels)
        for key, names in (
            ("reviewer_ids", request.reviewers),
            ("assignee_ids", request.assignees),
        ):
            people = {name: self._number(name) for name in names}
            yield from (
                f"{name}: no member of that name can be asked here"
                for name in names
                if not people[name]
            )
            if found := [one for one in people.values() if one]:
                wanted[key] = found
        if request.milestone:
            listed = self._api.project.milestones.list(title=request.milestone, state="active")
            if not listed:
                yield f"milestone not set: no open milestone {request.milestone}"
            else:
                wanted["milestone_id"] = listed[0].id
        for key, value in wanted.items():
            edit = partial(self._edit, theirs, **{key: value})
            yield from self._tried(key.removeprefix("add_").partition("_")[0], edit)

    def _number(self, name: str) -> int:
        """Give the number of a person, 0 where there is none; a group has a / in its name."""
        found = [] if "/" in name else self._api.client.users.list(username=name)
        return int(found[0].id) if found else 0

    def _edit(self, theirs: Any, **wanted: Any) -> Any:  # noqa: ANN401 - python-gitlab's object
        return self._api.project.mergerequests.update(theirs.encoded_id, wanted)

    def _tried(self, what: str, work: Callable[[], object]) -> Iterator[str]:
        """Do a small thing, once more where its answer was lost; give a sentence where it fails."""
        try:
            insist(work, self._is_lost)
        except self._api.refusal as error:
            yield f"{what} not set: {self._api.told(error)}"
        except OSError as error:
            yield f"{what} not set: no answer ({type(error).__name__})"

    def _is_lost(self, error: Exception) -> bool:
        if isinstance(error, self._api.refusal):
            return bool((error.response_code or 500) >= 500)
        return isinstance(error, OSError)

    async def status(self, commit: str, state: str, text: str) -> None:
        """Give a commit a status; see `forges.base.Forge`."""

        def say() -> None:
            theirs = self._api.project.commits.get(commit, lazy=True)
            theirs.statuses.create({"name": STATUS, "state": state, "description": text})

        await self._api.thread("give a commit a status", say)

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give a merge request new words; see `forges.base.Forge`."""
        # A person may have marked it in another way: their title says so already.
        marked = not pull_request.draft or is_draft(request.title)
        title = request.title if marked else f"{DRAFT}{request.title}"

        def edit() -> PullRequest:
            theirs = self._api.project.mergerequests.get(pull_request.number)
            theirs.title, theirs.description = title, request.body
            if request.base != pull_request.base:
                theirs.target_branch = request.base
            theirs.save()
            return read(theirs)

        updated = await self._api.thread("update a merge request", edit)
        if pull_request.merging:
            await self.merge_again(pull_request)
        return updated

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        """Close it with its last words; see `forges.base.Forge`."""

        def end() -> None:
            theirs = self._api.project.mergerequests.get(pull_request.number, lazy=True)
            self._edit(theirs, description=words.body, state_event="close")

        await self._api.thread("close a merge request", end)
