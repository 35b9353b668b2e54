"""Host names, each resolved once a run: what was checked is what is connected to (DNS rebinding)."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from bumper.nearness import Nearness, literal, of_address

__all__ = ["Names"]


class Names(AbstractResolver):
    """Host names, each resolved once: the address that was checked is the one connected to."""

    def __init__(self) -> None:
        self._known: dict[str, asyncio.Task[list[ResolveResult]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give a host's addresses, as aiohttp asks for them."""
        if host not in self._known:
            self._known[host] = asyncio.create_task(_look_up(host))
        found = await asyncio.shield(self._known[host])
        return [
            ResolveResult(
                hostname=host, host=one["host"], port=port, family=one["family"],
                proto=one["proto"], flags=one["flags"],
            )
            for one in found
            if family in {socket.AF_UNSPEC, one["family"]}
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is open; aiohttp asks for it after every session."""

    async def nearness(self, host: str, *, proxied: bool) -> Nearness:
        """Give how near a host is, by its nearest address; behind a proxy by its spelling alone."""
        said = literal(host)
        if said is not None or proxied:
            return said or Nearness.PUBLIC
        try:
            found = await self.resolve(host)
        except OSError:
            return Nearness.PUBLIC
        addresses = [ipaddress.ip_address(one["host"].partition("%")[0]) for one in found]
        return max((of_address(address) for address in addresses), default=Nearness.PUBLIC)


async def _look_up(host: str) -> list[ResolveResult]:
    loop = asyncio.get_running_loop()
    flags = socket.AI_ADDRCONFIG
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)
    return [
        ResolveResult(
            hostname=host, host=str(address[0]), port=0, family=family, proto=proto,
            flags=socket.AI_NUMERICHOST,
        )
        for family, _, proto, _, address in found
    ]  # fmt: skip
