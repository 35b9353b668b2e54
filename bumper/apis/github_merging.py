"""How GitHub merges by itself: when its rules are met, and by its merge queue.

Source: GitHub's GraphQL reference, `enablePullRequestAutoMerge` and `PullRequest.isInMergeQueue`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bumper.apis.github import GitHubApi
    from bumper.model import PullRequest

__all__ = ["GitHubMerging"]

_METHODS = (
    ("allow_merge_commit", "MERGE"), ("allow_squash_merge", "SQUASH"), ("allow_rebase_merge", "REBASE"),
)  # fmt: skip
_QUEUED = (
    "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) "
    "{ pullRequest(number: $number) { isInMergeQueue } } }"
)


# As PyGithub tells that a question was not understood, or that a thing is not there.
_UNKNOWN = (400, 404)


class GitHubMerging:
    """The verbs of a forge that are about merging; see `forges.base.Forge`."""

    _api: GitHubApi

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:
        """Let GitHub merge when its rules are met."""

        def switch() -> str:
            repository = self._api.repository()
            theirs = repository.get_pull(pull_request.number)
            if not on:
                theirs.disable_automerge()
                return ""
            allowed = (method for fact, method in _METHODS if getattr(repository, fact, False))
            try:
                theirs.enable_automerge(next(allowed, "MERGE"))
            except self._api.refusal as error:
                return f"GitHub will not merge it by itself: {self._api.told(error)}"
            return ""

        return await self._api.thread("switch automatic merging", switch)

    async def is_queued(self, pull_request: PullRequest) -> bool:
        """Say whether a pull request is in the merge queue; a GitHub that knows no queue has none."""

        def asked() -> bool:
            owner, _, name = self._api.slug.partition("/")
            wanted = {"owner": owner, "name": name, "number": pull_request.number}
            try:
                answer = self._api.query(_QUEUED, wanted)
            except self._api.refusal as error:
                if error.status not in _UNKNOWN:
                    raise
                return False
            theirs = (answer.get("repository") or {}).get("pullRequest") or {}
            return theirs.get("isInMergeQueue") is True

        return await self._api.thread("look at the merge queue", asked)
