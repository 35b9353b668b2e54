"""A whole tag list, page by page: `Complete` only if nothing may be missing.

Source: OCI distribution-spec 1.1, "Listing Tags"; what each check is for stands beside it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bumper.errors import RegistryError, UnreachableError
from bumper.keep import Page
from bumper.model import Complete, Incomplete
from bumper.reference import TAG
from bumper.registries import manifests, vendors
from bumper.registries.links import next_page

if TYPE_CHECKING:
    from bumper.keep import Shelf
    from bumper.model import Listing
    from bumper.registries.site import Site

__all__ = ["TagPages", "is_tag"]

_MOST_PAGES = 1000
_MOST_TAGS = 500_000
_MOST_BYTES = 64 * 1024 * 1024
_MOST_PAGE_BYTES = 16 * 1024 * 1024  # 800,000 short tags; more would not fit into 150 MB
_SMALL_PAGE = 100
_REFUSED_SIZE = re.compile(r": answered (?:400|405|422)(?:;|\Z)")


class TagPages:
    """The tag lists of one registry; learns how large a page it grants."""

    def __init__(self, site: Site, shelf: Shelf | None) -> None:
        self._site = site
        self._shelf = shelf
        self._size = vendors.largest_page(site.host)

    async def list(self, repository: str) -> Listing:
        """List every tag; see `registries.base.Registry`."""
        kept, age = self._shelf.pages(repository) if self._shelf else ({}, 0)
        try:
            url, first, size = await self._first(repository, kept)
        except RegistryError as error:
            if error.code != "list-cut":
                raise
            return self._cut(1, error)
        pages = {url: first}
        ahead = await self._ahead(first.following, repository, kept)
        while (following := pages[url].following) is not None:
            too_much = self._too_much(following, pages, size)
            if too_much:
                return Incomplete("list-too-long", f"{self._site.host}: {too_much}")
            try:
                known = ahead.get(following)
                page, length = known or await self._page(following, repository, kept, len(pages))
            except RegistryError as error:
                return self._cut(len(pages) + 1, error)
            url, size = following, size + length
            pages[url] = page
        told = _telling(pages)
        if self._shelf is not None and (told != kept or self._shelf.keep.is_old(age)):
            self._shelf.put_pages(repository, told)
        tags = tuple(dict.fromkeys(tag for page in pages.values() for tag in page.tags))
        return Complete(tags, told_now=self._site.told_now)

    async def _ahead(
        self, following: str | None, repository: str, kept: dict[str, Page]
    ) -> dict[str, tuple[Page, int]]:
        """Ask at the same time whether the pages still hold that the list had behind the first.

        Each page vouches for itself alone, and for where the next one is: so all of them are asked,
        and only what the list leads to now is taken. A page that fails here is asked for again.
        """
        urls: list[str] = []
        while following in kept and following not in urls and kept[following].condition():
            urls.append(following)
            following = kept[following].following
        asked = (
            self._page(url, repository, kept, number) for number, url in enumerate(urls, start=1)
        )
        found = await asyncio.gather(*asked, return_exceptions=True)
        return {
            url: page
            for url, page in zip(urls, found, strict=True)
            if not isinstance(page, BaseException)
        }

    def _too_much(self, following: str, pages: dict[str, Page], size: int) -> str:
        if following in pages:
            return "the tag list leads back to a page it had already"
        if len(pages) >= _MOST_PAGES:
            return f"the tag list has more than {_MOST_PAGES} pages"
        if size > _MOST_BYTES or sum(len(page.tags) for page in pages.values()) > _MOST_TAGS:
            return f"the tag list is longer than {_MOST_BYTES >> 20} MiB or {_MOST_TAGS:,} tags"
        return ""

    def _cut(self, number: int, error: RegistryError) -> Incomplete:
        told = (
            error.message
            if self._site.host in error.message
            else f"{self._site.host}: {error.message}"
        )
        return Incomplete("list-cut", f"page {number} of the tag list failed: {told}", error.hint)

    async def _first(self, repository: str, kept: dict[str, Page]) -> tuple[str, Page, int]:
        """Give the first page by the largest size that the registry grants."""
        size = self._size
        for smaller in (1000, _SMALL_PAGE, None):
            url = self._site.url(repository, f"tags/list?n={size}")
            try:
                page, length = await self._page(url, repository, kept, 0)
            except UnreachableError as error:
                smaller = self._smaller(error, size, smaller)  # noqa: PLW2901 - decided by the answer
                if smaller is None:
                    raise
                size = smaller
                continue
            return url, page, length
        raise UnreachableError(f"{self._site.host}: no page size will do", code="upstream")

    def _smaller(self, error: UnreachableError, size: int, smaller: int | None) -> int | None:
        """Give the size to ask for instead; None if the size is not to blame."""
        if error.message.endswith("answered 504"):  # too slow to list at once
            return _SMALL_PAGE if size > _SMALL_PAGE else None
        if smaller is None or size <= smaller or not _REFUSED_SIZE.search(error.message):
            return None
        self._size = min(self._size, smaller)  # the next repository need not find out again
        return smaller

    async def _page(
        self, url: str, repository: str, kept: dict[str, Page], number: int
    ) -> tuple[Page, int]:
        """Ask for one page; give it with its length in bytes. Deeper pages go before others."""
        before = kept.get(url)
        response = await self._site.ask(
            "GET",
            url,
            repository,
            before.condition() if before else None,
            most_bytes=_MOST_PAGE_BYTES,
            priority=-number,
        )
        if response.status == 304:
            if before is None or self._shelf is None:
                raise UnreachableError(f"{self._site.host}: unchanged since never", code="list-cut")
            self._shelf.keep.held += 1
            return before, 0
        document = manifests.document(response.body, self._site.host)
        tags = _tags(document, self._site.host)
        following = next_page(response.links, response.url, response.headers)
        # Entries that are no tags hide how full a page is; see `_telling`.
        told = response.headers if len(tags) == len(document.get("tags") or ()) else {}
        page = Page(tags, following, told.get("etag", ""), told.get("last-modified", ""))
        return page, len(response.body)


def _telling(pages: dict[str, Page]) -> dict[str, Page]:
    """Give pages as they may be kept: without what asks whether the last one holds, if it is full.

    A full page stays the same when the list grows behind it, and so does its validator; that there
    is a next page then, an answer without a body need not say. Pages are as large as the largest
    one here, or a round number.
    """
    *others, last = pages
    most = max((len(pages[url].tags) for url in others), default=0)
    count = len(pages[last].tags)
    if count % 10 and (not others or count < most):
        return pages
    return {**pages, last: replace(pages[last], etag="", modified="")}


def is_tag(told: object) -> bool:
    """Say whether an entry of a list is a tag; some registries put null and digests there."""
    return isinstance(told, str) and TAG.fullmatch(told) is not None


def _tags(document: dict[str, Any], host: str) -> tuple[str, ...]:
    tags = document.get("tags") or []
    if not isinstance(tags, list) or "errors" in document:
        raise UnreachableError(f"{host}: not a tag list", code="not-a-registry")
    return tuple(tag for tag in tags if is_tag(tag))
