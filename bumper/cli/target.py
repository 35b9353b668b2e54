"""A forge as a run speaks to it: its kind, its addresses, the repository, the token. Where it is, `locate` finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import catalog
from bumper.http import SYSTEM, Bound, Origin
from bumper.messages.places import Files, is_plain
from bumper.release_places import Api

if TYPE_CHECKING:
    from bumper.forges.base import Forge
    from bumper.http import Http, Trust
    from bumper.worktree import Worktree

__all__ = ["Target"]

_FILES = {"github": "blob", "gitlab": "-/blob"}


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """A forge to open pull requests on; `web` is its address for people, "" where it is not known.

    `trust` is what TLS it may have, as Git too takes it.
    """

    kind: str
    api: str
    slug: str
    token: str
    web: str = ""
    trust: Trust = SYSTEM

    def files(self, commit: str) -> Files:
        """Give where the files of a commit are shown; nowhere if the address is not one for people."""
        if not self.web or not is_plain(self.web, own=True):
            return Files()
        path = _FILES.get(self.kind, "src/commit")
        return Files(f"{self.web}/{self.slug}/{path}/{commit}")

    def notes_api(self) -> Api:
        """Give the forge as one that tells of releases; its token goes nowhere else."""
        if self.kind == "local":
            return Api()
        return Api(self.kind, self.api, self.web, self.slug.partition("/")[0], self.secret())

    def secret(self) -> Bound:
        """Give the token as it is sent, bound to the forge.

        On GitLab to its whole host: a project's path has escaped slashes, which no secret that is bound to
        a path follows. On a GitHub of one's own /api/graphql stands beside /api/v3.
        """
        scheme = "token" if self.kind == "gitea" else "Bearer"
        headers = {"Authorization": f"{scheme} {self.token}"}
        if self.kind == "gitlab":
            return Bound(Origin.of(self.api), headers)
        return Bound.to(self.api.removesuffix("/v3"), headers)

    def forge(self, http: Http, worktree: Worktree) -> Forge:
        """Give the member of the catalog that speaks to it."""
        if self.kind == "local":
            return catalog.FORGES["local"](worktree.git_folder / "bumper" / "pull-requests")
        if self.kind == "gitea":
            return catalog.FORGES["gitea"](http, self.api, self.slug, self.token)
        return catalog.FORGES[self.kind](self.api, self.slug, self.token, self.trust)

    def trusts(self) -> dict[str, Trust]:
        """Give what TLS to accept from the hosts that it answers at; nothing where the config says nothing."""
        if self.trust == SYSTEM:
            return {}
        return {Origin.of(one).netloc: self.trust for one in (self.api, self.web) if one}
