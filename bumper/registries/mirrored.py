"""A registry behind a mirror, or behind what it said lately: it is asked itself where those fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import RegistryError
from bumper.model import Complete

if TYPE_CHECKING:
    from bumper.model import Listing, Manifest
    from bumper.registries.base import Registry

__all__ = ["Mirrored", "Recent"]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Two registries that should answer alike."""

    mirror: Registry
    origin: Registry

    @property
    def pulls_left(self) -> int | None:
        """How many pulls the origin still grants, None where it was not asked."""
        left: int | None = getattr(self.origin, "pulls_left", None)
        return left

    async def tags(self, repository: str) -> Listing:
        """List the mirror's tags; the origin's where the mirror gives no whole list."""
        try:
            listing = await self.mirror.tags(repository)
        except RegistryError:
            return await self.origin.tags(repository)
        return listing if isinstance(listing, Complete) else await self.origin.tags(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe by the mirror, else by the origin."""
        try:
            return await self.mirror.manifest(repository, reference)
        except RegistryError:
            return await self.origin.manifest(repository, reference)

    def lately(self, repository: str, tag: str) -> Manifest | None:
        """Give what either said of a tag lately, the mirror's word first."""
        return self.mirror.lately(repository, tag) or self.origin.lately(repository, tag)

    async def digest(self, repository: str, reference: str) -> str:
        """Give the mirror's digest, else the origin's."""
        try:
            return await self.mirror.digest(repository, reference)
        except RegistryError:
            return await self.origin.digest(repository, reference)


@dataclass(frozen=True, slots=True)
class Recent(Mirrored):
    """What was kept of a registry lately, and the registry: its own pulls are counted still."""

    def is_scarce(self, askers: int) -> bool:
        """Say whether so many images may not all be granted the pulls they need."""
        scarce = getattr(self.origin, "is_scarce", None)
        return scarce is not None and bool(scarce(askers))
