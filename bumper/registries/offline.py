"""A registry that answers from what was kept, and says how old that is; nothing is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import RegistryError
from bumper.model import Complete
from bumper.registries import hub_rows

if TYPE_CHECKING:
    from bumper.keep import Shelf
    from bumper.model import Listing, Manifest

__all__ = ["Offline"]


@dataclass(frozen=True, slots=True)
class Offline:
    """What one registry said to one account in earlier runs, less than `within` seconds ago.

    `topic` is the registry's own record of tags, where it has one (Docker Hub's API).
    """

    host: str
    shelf: Shelf
    topic: str = ""
    within: float = math.inf

    async def tags(self, repository: str) -> Listing:
        """List what was listed last.

        Raises:
            RegistryError: Nothing was kept of it, or it is too old.
        """
        record = self.shelf.note(repository, self.topic) if self.topic else None
        rows = hub_rows.load(record)
        if record is not None and rows:
            listed, age = hub_rows.listing(rows), self.shelf.keep.age(record)
        else:
            pages, age = self.shelf.pages(repository)
            if not pages:
                raise self._missing(repository)
            listed = Complete(tuple(dict.fromkeys(t for page in pages.values() for t in page.tags)))
        if age >= self.within:
            raise self._missing(repository)
        self.shelf.keep.hits += 1
        return Complete(listed.tags, listed.pushed, listed.digests, age)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe what was described last.

        Raises:
            RegistryError: Nothing was kept of it, or it is too old.
        """
        if ":" in reference:
            found = self.shelf.manifest(repository, reference)
        else:
            found = self.shelf.tagged(repository, reference, self.within)
            if found is None and self.topic:
                found = self._row(repository, reference)
        if found is None:
            raise self._missing(f"{repository}:{reference}")
        self.shelf.keep.hits += 1
        return found

    def _row(self, repository: str, tag: str) -> Manifest | None:
        """Describe a tag by the registry's own record of it, if the digest was there then."""
        row = hub_rows.load(self.shelf.note(repository, self.topic)).get(tag)
        found = row.manifest() if row is not None else None
        if found is None or self.within == math.inf:
            return found
        return found if self.shelf.is_there(repository, found.digest, self.within) else None

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        """Give nothing: what was kept is all there is."""
        return None

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest of then; errors as `manifest`."""
        if ":" in reference:
            found = reference if self.shelf.is_there(repository, reference, self.within) else None
        else:
            found = self.shelf.pointed(repository, reference, self.within)
        if found is not None:
            self.shelf.keep.hits += 1
            return found
        if ":" in reference and self.within < math.inf:
            raise self._missing(f"{repository}@{reference}")
        return (await self.manifest(repository, reference)).digest

    def _missing(self, what: str) -> RegistryError:
        message = f"{self.host}/{what}: nothing is kept of it, and --offline asks nobody"
        return RegistryError(message, code="offline", hint="run once without --offline")
