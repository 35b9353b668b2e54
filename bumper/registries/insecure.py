"""A registry that the config allows to be insecure: TLS with any certificate, else plain http.

Which of the two is asked once, before the first request that could carry a secret.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bumper.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.http import Http
    from bumper.model import Listing, Manifest
    from bumper.registries.base import Registry

__all__ = ["Insecure"]


class Insecure:
    """A registry whose scheme is found out when it is first needed.

    Args:
        http: The network.
        host: Host and port.
        make: Makes the registry for a base URL.
    """

    def __init__(self, http: Http, host: str, make: Callable[[str], Registry]) -> None:
        self._http = http
        self._host = host
        self._make = make
        self._found: Registry | None = None
        self._lock = asyncio.Lock()

    @property
    def pulls_left(self) -> int | None:
        """How many pulls are left, None where it has not said."""
        left: int | None = getattr(self._found, "pulls_left", None)
        return left

    async def tags(self, repository: str) -> Listing:
        """List every tag; see `registries.base.Registry`."""
        return await (await self._registry()).tags(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe a tag or a digest; see `registries.base.Registry`."""
        return await (await self._registry()).manifest(repository, reference)

    def lately(self, repository: str, tag: str) -> Manifest | None:
        """Give what was said of a tag lately; see `registries.base.Registry`."""
        return self._found.lately(repository, tag) if self._found is not None else None

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest of a tag; see `registries.base.Registry`."""
        return await (await self._registry()).digest(repository, reference)

    async def _registry(self) -> Registry:
        if self._found is None:
            async with self._lock:
                if self._found is None:
                    self._found = self._make(f"{await self._scheme()}://{self._host}")
        return self._found

    async def _scheme(self) -> str:
        try:
            await self._http.request("GET", f"https://{self._host}/v2/", retry=False)
        except UnreachableError as error:
            if error.code in {"tls", "connect", "connection"}:
                return "http"
            raise
        return "https"
