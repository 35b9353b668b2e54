"""How GitLab merges by itself: when its pipeline is green, and by its merge trains.

Source: docs.gitlab.com, "Auto-merge", "Merge trains API".
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bumper.apis.gitlab import pull_request as read

if TYPE_CHECKING:
    from bumper.apis.gitlab import GitLabApi
    from bumper.model import PullRequest

__all__ = ["GitLabMerging"]

# A push is taken note of a moment later.
_TRIES, SECONDS_BETWEEN = 8, 1.0
# A car of a train that has not arrived.
_ON_ITS_WAY = frozenset({"idle", "stale", "fresh", "merging"})
_NO_PIPELINE = (
    "not merged by itself: the project requires no pipeline, so GitLab might merge at "
    "once; turn on Settings > Merge requests > Pipelines must succeed"
)


class GitLabMerging:
    """The verbs of a forge that are about merging; see `forges.base.Forge`."""

    _api: GitLabApi

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:
        """Let GitLab merge when its pipeline is green; see `forges.base.Forge`."""

        def switch() -> str:
            path = f"{self._api.project.mergerequests.path}/{pull_request.number}"
            theirs = self._api.project.mergerequests.get(pull_request.number)
            if not on:
                if theirs.merge_when_pipeline_succeeds:
                    self._api.client.http_post(f"{path}/cancel_merge_when_pipeline_succeeds")
                return ""
            project = self._api.client.projects.get(self._api.slug)
            if not project.only_allow_merge_if_pipeline_succeeds:
                return _NO_PIPELINE
            # Since 17.11 the first of the two names; a server that knows neither would merge at once.
            wanted = {"auto_merge": True, "merge_when_pipeline_succeeds": True}
            try:
                self._api.client.http_put(f"{path}/merge", post_data=wanted)
            except self._api.refusal as error:
                return f"GitLab will not merge it by itself: {self._api.told(error)}"
            return ""

        return await self._api.thread("switch automatic merging", switch)

    async def is_queued(self, pull_request: PullRequest) -> bool:
        """Say whether a merge request is on a merge train; a GitLab that has no trains has none."""

        def asked() -> bool:
            trains = self._api.project.mergerequests.path.removesuffix("merge_requests")
            path = f"{trains}merge_trains/merge_requests/{pull_request.number}"
            try:
                car = self._api.client.http_get(path)
            except self._api.refusal as error:
                if error.response_code in {403, 404}:
                    return False
                raise
            return isinstance(car, dict) and car.get("status") in _ON_ITS_WAY

        return await self._api.thread("look at the merge train", asked)

    async def merge_again(self, before: PullRequest) -> None:
        """Plan a merge anew where a push has called it off; GitLab takes note of one a moment later."""

        def noted() -> PullRequest | None:
            tip = self._api.project.branches.get(before.branch).commit["id"]
            now = read(self._api.project.mergerequests.get(before.number))
            return now if now.head == tip else None

        for _ in range(_TRIES):
            now = await self._api.thread("read a merge request", noted)
            if now is not None:
                if not now.merging:
                    await self.automerge(now, on=True)
                return
            await asyncio.sleep(SECONDS_BETWEEN)
