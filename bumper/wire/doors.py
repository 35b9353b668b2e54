"""Which way leads to an origin: its trust, the proxy before it, the client for both. Nothing is sent."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bumper.wire.base import Trust, proxy_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.nearness import Nearness
    from bumper.origins import Origin
    from bumper.wire.client import Client, Clients

__all__ = ["Doors"]


class Doors:
    """The ways out of one run.

    Args:
        trust: What TLS to accept, by `host:port` or host.
    """

    def __init__(self, trust: Mapping[str, Trust]) -> None:
        self._trust = dict(trust)
        self._proxies: dict[Origin, str | None] = {}

    @cached_property
    def _clients(self) -> Clients:
        # Imported here: httpx and aiohttp cost 130 ms, and a verb that asks nobody needs neither.
        from bumper.wire.client import Clients  # noqa: PLC0415

        return Clients()

    def client(self, origin: Origin) -> Client:
        """Give the client that may ask an origin.

        Raises:
            UnreachableError: A file of its trust cannot be read, or the proxy's address.
        """
        proxy = self._proxy(origin)
        needs_trust = origin.scheme == "https" or proxy is not None
        return self._clients.client(self._trusted(origin) if needs_trust else None, proxy)

    async def nearness(self, origin: Origin) -> Nearness:
        """Give how near an origin is; behind a proxy by its spelling alone."""
        proxied = self._proxy(origin) is not None
        return await self._clients.names.nearness(origin.host, proxied=proxied)

    async def close(self) -> None:
        """Close every socket."""
        if "_clients" in self.__dict__:
            await self._clients.close()

    def _proxy(self, origin: Origin) -> str | None:
        # The environment is read once an origin: its ninety variables cost more than a request.
        if origin not in self._proxies:
            self._proxies[origin] = proxy_for(origin)
        return self._proxies[origin]

    def _trusted(self, origin: Origin) -> Trust:
        """Give what a host's TLS may be; another port of its has the CA in common, nothing else."""
        exact = self._trust.get(origin.netloc)
        beside = self._trust.get(origin.host)
        return exact or (Trust(beside.ca) if beside is not None else Trust())
