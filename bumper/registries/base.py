"""What a registry is: something that lists tags and describes manifests. No network here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bumper.model import Listing, Manifest

__all__ = ["Registry"]


class Registry(Protocol):
    """One registry host, or a record of its answers."""

    async def tags(self, repository: str) -> Listing:
        """List every tag of a repository (path without the registry, such as `library/nginx`).

        `Incomplete` if the list may not be whole: it must then decide nothing.

        Raises:
            RegistryError: The registry gave no list at all.
        """
        ...

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe a tag or a digest: the index's digest and its platforms.

        Raises:
            NotFoundError: There is no such tag or digest.
            RegistryError: No usable answer.
        """
        ...

    def lately(self, repository: str, tag: str) -> Manifest | None:
        """Give what a tag was described as less than a day ago, None where nothing was; asks nobody.

        For what no push can hide: whether a tag that is still listed can be pulled, and for what.
        """
        ...

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest a tag points to, by HEAD where the registry answers it.

        Raises:
            NotFoundError: There is no such tag or digest.
            RegistryError: No usable answer.
        """
        ...
