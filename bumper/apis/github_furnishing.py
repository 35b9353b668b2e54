"""What is set on a pull request of GitHub beside its words: labels, people, the milestone.

Each is a small thing that may fail alone: then the pull request stays, and a sentence says so.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bumper.apis.insisting import insist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bumper.apis.github import GitHubApi
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["GitHubFurnishing"]


class GitHubFurnishing:
    """The verb of a forge that furnishes a pull request; see `forges.base.Forge`."""

    _api: GitHubApi

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:
        """Set what belongs to a pull request; see `forges.base.Forge`."""
        return await self._api.thread(
            "set labels and reviewers", lambda: tuple(self._furnished(pull_request.number, request))
        )

    def _furnished(self, number: int, request: ChangeRequest) -> Iterator[str]:
        repository = self._api.repository()
        issue, theirs = repository.get_issue(number), repository.get_pull(number)
        if request.labels:
            yield from self._tried("labels", lambda: issue.add_to_labels(*request.labels))
        if request.assignees:
            yield from self._tried("assignees", lambda: issue.add_to_assignees(*request.assignees))
            held = {one.login.lower() for one in issue.assignees}
            for name in request.assignees:
                if name.lower() not in held:
                    yield f"{name} cannot be assigned here"
        if request.milestone:
            yield from self._tried("milestone", lambda: self._milestone(issue, request.milestone))
        if request.reviewers and any(self._tried("", lambda: _ask(theirs, request.reviewers))):
            # One unknown name refuses them all.
            for name in request.reviewers:
                yield from self._tried(f"reviewer {name}", partial(_ask, theirs, (name,)))

    def _milestone(self, issue: Any, name: str) -> None:  # noqa: ANN401 - PyGithub's Issue
        found = self._api.repository().get_milestones(state="open")
        number = next((one for one in found if one.title == name), None)
        if number is None:
            raise LookupError(f"no open milestone {name}")
        issue.edit(milestone=number)

    def _tried(self, what: str, work: Callable[[], None]) -> Iterator[str]:
        """Do a small thing, once more where its answer was lost; give a sentence where it fails."""
        try:
            insist(work, self._is_lost)
        except self._api.refusal as error:
            yield f"{what} not set: {self._api.told(error)}"
        except (LookupError, OSError) as error:
            yield f"{what} not set: {error}"

    def _is_lost(self, error: Exception) -> bool:
        if isinstance(error, self._api.refusal):
            return bool(error.status >= 500)
        return isinstance(error, OSError)


def _ask(theirs: Any, names: tuple[str, ...]) -> None:  # noqa: ANN401 - PyGithub's PullRequest
    """Ask people and teams for a review; a team goes by its name without the owner's."""
    people = [name for name in names if "/" not in name]
    teams = [name.rpartition("/")[2] for name in names if "/" in name]
    wanted = {"reviewers": people, "team_reviewers": teams}
    theirs.create_review_request(**{key: value for key, value in wanted.items() if value})
