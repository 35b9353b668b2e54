"""Docker Hub: its web API lists tags with their push times and digests, newest first.

So a second run reads no further than to the first tag it knows, no pull is spent to learn what a tag
holds, and the age of a tag is the registry's word. Where the API fails, the registry itself is asked
as every other one. The API is asked as anybody: no secret goes there.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.errors import RegistryError, UnreachableError
from bumper.http import Origin
from bumper.registries import hub_rows, manifests
from bumper.registries.tag_pages import is_tag

if TYPE_CHECKING:
    from bumper.http import Http
    from bumper.keep import Shelf
    from bumper.model import Complete, Listing, Manifest
    from bumper.registries.base import Registry
    from bumper.registries.budget import Budget
    from bumper.registries.hub_rows import Row

__all__ = ["DockerHub"]

API = "https://hub.docker.com"
TOPIC = "hub-tags"
_MOST_PAGES = 1000
_MOST_BYTES = 16 * 1024 * 1024
_PATIENCE_SECONDS = 10.0
# What one repository's list may have and the next one not.
_OWN_FAULTS = frozenset({"api", "list-cut", "not-a-registry", "too-large"})


class DockerHub:
    """Docker Hub, by its web API and by its registry.

    Args:
        http: The network.
        registry: Its registry, asked for all that the API does not say.
        shelf: What the API said before; None: nothing is kept.
        budget: What the registry says of the pulls it grants.
        api: The API's address.
    """

    def __init__(
        self,
        http: Http,
        registry: Registry,
        shelf: Shelf | None,
        budget: Budget,
        api: str = API,
    ) -> None:
        self._http = http
        self._registry = registry
        self._shelf = shelf
        self._budget = budget
        self._api = api
        self._rows: dict[str, dict[str, Row]] = {}
        self._by_digest: dict[str, dict[str, Row]] = {}
        self._off = False

    @property
    def pulls_left(self) -> int | None:
        """How many pulls are left, None where its registry has not said."""
        return self._budget.left

    def is_scarce(self, askers: int) -> bool:
        """Say whether so many images may not all be granted the pulls they need."""
        return self._budget.is_scarce(askers)

    async def tags(self, repository: str) -> Listing:
        """List every tag; see `registries.base.Registry`."""
        if not self._off:
            try:
                return await self._by_api(repository)
            except (TimeoutError, RegistryError) as error:
                # Where it is not there at all, or asks us to slow down, one repository finds out.
                self._off = getattr(error, "code", "timeout") not in _OWN_FAULTS
        return await self._registry.tags(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe a tag or a digest; see `registries.base.Registry`.

        What the API said of it holds if the registry's HEAD, which is no pull, gives the same digest.
        """
        row = self._row(repository, reference)
        told = row.manifest() if row is not None else None
        if told is not None and told.digest == await self._registry.digest(repository, reference):
            if self._shelf is not None:
                self._shelf.put_there(repository, told.digest)
            return told
        return await self._registry.manifest(repository, reference)

    def _row(self, repository: str, reference: str) -> Row | None:
        """Give what the API says of a tag or digest; in an earlier run, where it was not asked in this."""
        if repository not in self._rows and self._shelf is not None:
            self._take(repository, hub_rows.load(self._shelf.note(repository, TOPIC)))
        rows = (self._by_digest if ":" in reference else self._rows).get(repository, {})
        return rows.get(reference)

    def lately(self, repository: str, tag: str) -> Manifest | None:
        """Give what was said of a tag lately; see `registries.base.Registry`.

        What the API says of it in this run holds if the registry had that digest lately.
        """
        row = self._rows.get(repository, {}).get(tag)
        told = row.manifest() if row is not None else None
        if told is not None and self._shelf and self._shelf.is_there(repository, told.digest):
            self._shelf.keep.hits += 1
            return told
        return self._registry.lately(repository, tag)

    async def digest(self, repository: str, reference: str) -> str:
        """Give the registry's digest; see `registries.base.Registry`."""
        return await self._registry.digest(repository, reference)

    async def _by_api(self, repository: str) -> Complete:
        record = self._shelf.note(repository, TOPIC) if self._shelf else None
        kept = hub_rows.load(record)
        rows = await self._read(repository, kept)
        if self._shelf is not None and (
            record is None or rows != kept or self._shelf.keep.is_old(self._shelf.keep.age(record))
        ):
            self._shelf.put_note(repository, TOPIC, hub_rows.dump(rows.values()))
        return hub_rows.listing(self._take(repository, rows))

    def _take(self, repository: str, rows: dict[str, Row]) -> dict[str, Row]:
        valid = {tag: row for tag, row in rows.items() if is_tag(tag)}
        self._rows[repository] = valid
        self._by_digest[repository] = {row.digest: row for row in valid.values() if row.digest}
        return valid

    async def _read(self, repository: str, kept: dict[str, Row]) -> dict[str, Row]:
        """Read pages until a tag comes that is known as it is, and the number of tags is right.

        A tag that was deleted makes the number wrong: then the whole list is read.
        """
        path = quote(repository, safe="/")
        url = f"{self._api}/v2/repositories/{path}/tags?page_size=1000&ordering=last_updated"
        fresh: dict[str, Row] = {}
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        known = False
        for _ in range(_MOST_PAGES):
            page = await self._page(url)
            found = [hub_rows.read(told, shared) for told in page["results"]]
            fresh.update({row.tag: row for row in found if row is not None})
            known = known or any(kept.get(row.tag) == row for row in found if row is not None)
            merged = {**fresh, **{tag: row for tag, row in kept.items() if tag not in fresh}}
            if known and len(merged) == page.get("count"):
                if self._shelf is not None:
                    self._shelf.keep.held += 1
                return merged
            following = self._following(url, page.get("next"))
            if following is None:
                break
            url = following
        if following is not None or len(fresh) != page.get("count"):
            message = f"{self._api}: {len(fresh)} tags of {page.get('count')}"
            raise UnreachableError(message, code="list-cut")
        return fresh

    async def _page(self, url: str) -> dict[str, Any]:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            response = await self._http.request("GET", url, most_bytes=_MOST_BYTES, retry=False)
        if response.status != 200:
            # Private, or none at all: the registry will say.
            raise UnreachableError(f"{self._api}: answered {response.status}", code="api")
        page = manifests.document(response.body, self._api)
        if not isinstance(page.get("results"), list):
            raise UnreachableError(f"{self._api}: no tags", code="api")
        return page

    def _following(self, url: str, told: object) -> str | None:
        if told is None:
            return None
        if not isinstance(told, str) or told == url or Origin.of(told) != Origin.of(self._api):
            raise UnreachableError(f"{self._api}: an odd next page", code="list-cut")
        return told
