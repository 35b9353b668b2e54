"""A registry that describes what it is given and lists nothing; it notes what it was asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.model import Listing, Manifest

__all__ = ["Described"]


@dataclass
class Described:
    """Manifests in memory, by reference; `asked` holds `repository reference`; a slow one never answers."""

    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    slow: bool = False
    asked: list[str] = field(default_factory=list)

    async def tags(self, repository: str) -> Listing:
        raise NotFoundError(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        self.asked.append(f"{repository} {reference}")
        if self.slow:
            await asyncio.Event().wait()
        if reference not in self.manifests:
            raise NotFoundError(reference)
        return self.manifests[reference]

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        return None

    async def digest(self, repository: str, reference: str) -> str:
        return (await self.manifest(repository, reference)).digest
