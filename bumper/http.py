"""Every request that leaves the program: registries, token servers, forges' raw calls.

Redirects are followed here and nowhere else, a secret is sent to the place it is bound to and dropped
for good on the way out of it, answers are bounded in bytes, time, tries and hops, a stranger leads us
to no address nearer than its own. What an answer means is the caller's business.
Source of the rules: RFC 9110 (redirects, Retry-After).
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import TYPE_CHECKING, Self

from bumper.errors import RegistryError, UnreachableError
from bumper.nearness import may_lead
from bumper.origins import Bound, Origin, is_local, redirected
from bumper.wire.base import SYSTEM, Response, Trust
from bumper.wire.doors import Doors
from bumper.wire.hosts import AT_ONCE, Host, Manners, retry_after

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

__all__ = [
    "AT_ONCE",
    "SYSTEM",
    "Bound",
    "Http",
    "Manners",
    "Origin",
    "Response",
    "Trust",
    "is_local",
]

_RETRIED = frozenset({408, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FINAL = frozenset({"tls", "dns", "too-large", "encoded", "bad-certificate", "proxy", "not-http"})
_TRIES = 3
_HOPS = 5


class Http:
    """The network, for the length of one run; an async context manager.

    Args:
        jobs: Requests at once to one host, where `manners` says nothing else.
        timeout_seconds: How long one try may take; all tries of a request together take twice that.
        trust: What TLS to accept, by `host:port` or host.
        manners: How a host is asked, by `host:port` or host.
        pause: Waits so many seconds; tests give their own.

    `warnings` are those that registries sent along, each once, in their order.
    """

    def __init__(
        self,
        *,
        jobs: int = AT_ONCE,
        timeout_seconds: float = 30.0,
        trust: Mapping[str, Trust] | None = None,
        manners: Mapping[str, Manners] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.warnings: dict[str, None] = {}
        self.jobs = jobs
        self._timeout = timeout_seconds
        self._doors = Doors(trust or {})
        self._manners = dict(manners or {})
        self._usual = Manners(jobs)
        self._pause = pause
        self._hosts: dict[Origin, Host] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._doors.close()

    async def request(  # noqa: PLR0913 - the one door, with all of its bolts
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret_headers: Bound | None = None,
        content: bytes | None = None,
        most_bytes: int = 4 * 1024 * 1024,
        retry: bool = True,
        led_by: Origin | None = None,
    ) -> Response:
        """Send one request, follow its redirects, and give the whole answer of any status.

        Args:
            method: GET, HEAD, POST, PATCH, DELETE; only GET and HEAD follow redirects.
            url: Absolute.
            headers: Sent to every hop; no secrets.
            secret_headers: Sent where they are bound to, and never again once a redirect led away.
            content: The body; sent to `url` alone.
            most_bytes: A longer answer is an error.
            retry: Whether a failed attempt may be repeated (never for a write that may have worked).
            led_by: Who named `url`, where that was a stranger: it may not lead us nearer than itself.

        Raises:
            RateLimitedError: 429, and the wait asked for is too long.
            UnreachableError: Name, connection, TLS, time, size, a bad redirect, or 5xx three times.
            RegistryError: A secret was about to go elsewhere, which is a bug of ours.
        """
        secret, first = secret_headers, Origin.of(url)
        if secret is not None and not secret.allows(url):
            raise RegistryError(f"{first}: a secret of another place", code="secret-elsewhere")
        leader = led_by or first
        for _ in range(_HOPS + 1):
            await self._guard(leader, Origin.of(url))
            sent = {**(headers or {}), **(secret.headers if secret else {})}
            response = await self._tried(method, url, sent, content, most_bytes, retry=retry)
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or target is None or method not in {"GET", "HEAD"}:
                return response
            url = redirected(url, target)
            secret = secret if secret is not None and secret.allows(url) else None
        raise UnreachableError(f"{first}: more than {_HOPS} redirects", code="redirects")

    async def _guard(self, leader: Origin, there: Origin) -> None:
        if leader == there:
            return
        here, near = await self._doors.nearness(leader), await self._doors.nearness(there)
        if not may_lead(here, near):
            raise UnreachableError(
                f"{leader}: leads to a local address", code="local-address", hint=""
            )

    async def _tried(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        most_bytes: int,
        *,
        retry: bool,
    ) -> Response:
        """Send one request, again where that may help; within twice the time of one try."""
        host = self._host(Origin.of(url))
        attempt, waits, clock = 0, 0, asyncio.get_running_loop().time
        until = clock() + 2 * self._timeout
        while True:
            attempt += 1
            last = attempt >= _TRIES or not retry
            try:
                response = await self._once(host, method, url, headers, content, most_bytes)
            except UnreachableError as error:
                host.strained(error)
                if last or error.code in _FINAL or clock() + self._timeout / 2 > until:
                    host.failed(error)
                    raise
                await self._pause(_jitter(attempt))
                continue
            if response.status == 429:
                await host.slow_down(retry_after(response.headers), waits := waits + 1)
                attempt -= 1
                continue
            host.calm()
            if response.status not in _RETRIED:
                host.bore()
                return response
            host.strained()
            if not retry:
                return response
            if last:
                message = f"{host.name}: answered {response.status}"
                raise UnreachableError(message, code="upstream", hint="")
            await self._pause(_jitter(attempt))

    async def _once(
        self,
        host: Host,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        most_bytes: int,
    ) -> Response:
        from bumper.wire.exchange import exchange  # noqa: PLC0415 - see `_clients`

        origin = Origin.of(url)
        client = self._doors.client(origin)
        async with host.turn():
            self.counts[origin.netloc] += 1
            try:
                async with asyncio.timeout(self._timeout):
                    response = await exchange(client, method, url, headers, content, most_bytes)
            except TimeoutError:
                message = f"{host.name}: no answer within {self._timeout:.0f} s"
                raise UnreachableError(message, code="timeout") from None
            host.answered()
            return response

    def _host(self, origin: Origin) -> Host:
        if origin not in self._hosts:
            manners = self._manners.get(origin.netloc) or self._manners.get(origin.host)
            self._hosts[origin] = Host(origin.netloc, manners or self._usual, self._pause)
        return self._hosts[origin]


def _jitter(attempt: int) -> float:
    return float(0.2 * 2**attempt * (0.5 + random.random()))  # noqa: S311 - jitter, no secret
