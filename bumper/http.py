"""Every request that leaves the program: registries, token servers, forges. The only httpx.

Redirects are followed by our own code, a secret is sent to its own origin and nowhere else, answers
are bounded in bytes, time and hops. What an answer means is the caller's business.
Source of the rules: RFC 9110 (redirects, Retry-After), RFC 6454 (origins).
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import random
import socket
import ssl
from collections import Counter, defaultdict
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bumper import __version__
from bumper.errors import RateLimitedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Http", "Origin", "Response", "Trust", "is_local"]

_RETRIED = frozenset({408, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRIES = 3
_HOPS = 5
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LONGEST_WAIT_SECONDS = 60.0
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a secret is bound to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Give the origin of a URL.

        Raises:
            UnreachableError: It is no http or https URL.
        """
        # The address stays out of the message: it may carry a password.
        try:
            parts = urlsplit(url)
            port = parts.port or {"https": 443, "http": 80}[parts.scheme]
        except (KeyError, ValueError):
            raise UnreachableError("not a web address", code="bad-url") from None
        if not parts.hostname or parts.username is not None:
            raise UnreachableError("a web address without a host, or with a login", code="bad-url")
        return cls(parts.scheme, parts.hostname, port)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = {"https": 443, "http": 80}[self.scheme] == self.port
        return f"{self.scheme}://{host}" + ("" if standard else f":{self.port}")


@dataclass(frozen=True, slots=True)
class Trust:
    """What TLS to accept from a host: a CA file of its own, a client certificate, or anything."""

    ca: str | None = None
    cert: str | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, headers by lower-case name (several joined by a comma), the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    links: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()


class Http:
    """The network, for the length of one run; an async context manager.

    Args:
        jobs: Requests at once in all, and at most this many to one host.
        timeout_seconds: How long one request may take, redirects and retries not counted.
        trust: What TLS to accept, by `host:port` or host.
    """

    def __init__(
        self,
        *,
        jobs: int = 24,
        timeout_seconds: float = 30.0,
        trust: Mapping[str, Trust] | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.jobs = jobs
        self._timeout = timeout_seconds
        self._trust = dict(trust or {})
        self._jobs = jobs
        self._clients: dict[Trust, httpx.AsyncClient] = {}
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(jobs)
        )
        self._limited: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        most_bytes: int = 4 * 1024 * 1024,
        retry: bool = True,
    ) -> Response:
        """Send one request, follow its redirects, and give the whole answer of any status.

        Args:
            method: GET, HEAD, POST, PATCH, DELETE; only GET and HEAD follow redirects.
            url: Absolute.
            headers: Sent to every hop.
            secret_headers: Sent to the origin of `url` only.
            content: The body.
            most_bytes: A longer answer is an error.
            retry: Whether a failed attempt may be repeated (never for a write that may have worked).

        Raises:
            RateLimitedError: 429, and the wait asked for is too long.
            UnreachableError: Name, connection, TLS, time, size, a bad redirect, or 5xx three times.
        """
        first = Origin.of(url)
        for _ in range(_HOPS + 1):
            origin = Origin.of(url)
            secrets = secret_headers if origin == first else None
            sent = {**(headers or {}), **(secrets or {})}
            response = await self._tried(method, url, sent, content, most_bytes, retry=retry)
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or not target or method not in {"GET", "HEAD"}:
                return response
            url = _redirected(url, target)
        raise UnreachableError(f"{first}: more than {_HOPS} redirects", code="redirects")

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
        """Send one request, again where that may help."""
        host = urlsplit(url).netloc
        if host in self._limited:
            raise RateLimitedError(self._limited[host])
        for attempt in range(1, _TRIES + 1):
            last = attempt == _TRIES or not retry
            try:
                response = await self._once(method, url, headers, content, most_bytes)
            except UnreachableError as error:
                if last or error.code in {"tls", "dns", "too-large"}:
                    raise
                await _pause(attempt)
                continue
            if response.status == 429:
                await self._slow_down(host, response, last=last)
            elif response.status in _RETRIED and retry:
                if last:
                    raise UnreachableError(f"{host}: answered {response.status}", code="upstream")
                await _pause(attempt)
            else:
                return response
        raise UnreachableError(f"{host}: no usable answer", code="upstream")

    async def _slow_down(self, host: str, response: Response, *, last: bool) -> None:
        wait = _retry_after(response.headers)
        if last or (wait is not None and wait > _LONGEST_WAIT_SECONDS):
            told = "later" if wait is None else f"in {wait:.0f} s"
            self._limited[host] = f"{host}: too many requests, try again {told}"
            raise RateLimitedError(self._limited[host], retry_after=wait)
        await asyncio.sleep(2.0 if wait is None else wait)

    async def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        most_bytes: int,
    ) -> Response:
        host = urlsplit(url).netloc
        async with self._gates[host]:
            self.counts[host] += 1
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._exchange(method, url, headers, content, most_bytes)
            except TimeoutError as error:
                message = f"{host}: no answer within {self._timeout:.0f} s"
                raise UnreachableError(message, code="timeout") from error
            except httpx.TimeoutException as error:
                # The transport calls a refused connection a timeout; the cause tells them apart.
                if isinstance(error.__cause__, aiohttp.ClientConnectorError):
                    raise _unreachable(host, error) from error
                raise UnreachableError(f"{host}: no answer in time", code="timeout") from error
            except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
                raise _unreachable(host, error) from error

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        most_bytes: int,
    ) -> Response:
        client = self._client(urlsplit(url).netloc)
        sent = {"User-Agent": f"bumper/{__version__}", "Accept-Encoding": "identity", **headers}
        request = client.build_request(method, url, headers=sent, content=content)
        answer = await client.send(request, stream=True)
        try:
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise UnreachableError(
                    f"{urlsplit(url).netloc}: a compressed answer", code="encoded"
                )
            body = bytearray()
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > most_bytes:
                    message = f"{urlsplit(url).netloc}: an answer over {most_bytes} bytes"
                    raise UnreachableError(message, code="too-large")
        finally:
            await answer.aclose()
        return Response(
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            bytes(body),
            url,
            tuple(answer.headers.get_list("link")),
            tuple(answer.headers.get_list("www-authenticate")),
        )

    def _client(self, host: str) -> httpx.AsyncClient:
        trust = self._trust.get(host) or self._trust.get(host.rpartition(":")[0]) or Trust()
        if trust not in self._clients:
            self._clients[trust] = _new_client(trust, self._jobs)
        return self._clients[trust]


def is_local(host: str) -> bool:
    """Say whether a host is this machine or a private, link-local or unspecified address."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith((".localhost", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        try:
            # `127.1`, `2130706433` and `0x7f.1`: what a system resolver takes for an address.
            address = ipaddress.ip_address(socket.inet_aton(host))
        except (OSError, UnicodeError):
            return False
    if address in _NAT64:
        address = ipaddress.ip_address(int(address) & 0xFFFFFFFF)
    return not address.is_global


def _new_client(trust: Trust, jobs: int) -> httpx.AsyncClient:
    context = ssl.create_default_context(cafile=trust.ca)
    if trust.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if trust.cert:
        context.load_cert_chain(trust.cert)
    if any(os.environ.get(name) for name in _PROXIES):
        return httpx.AsyncClient(verify=context, timeout=None, follow_redirects=False)  # noqa: S113 - `_once` bounds it
    # httpx's own pool costs 7 ms of CPU a request at 50 connections, aiohttp's a quarter of one.
    transport = AiohttpTransport(
        client=lambda: aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=context, limit=jobs),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
    )
    return httpx.AsyncClient(transport=transport, timeout=None, follow_redirects=False)  # noqa: S113 - `_once` bounds it


def _redirected(url: str, target: str) -> str:
    """Give where a redirect leads; refuse what a registry has no business to lead to."""
    here = Origin.of(url)
    if "\\" in target or any(ord(char) < 33 for char in target):
        raise UnreachableError(f"{here}: a malformed redirect", code="redirects")
    try:
        there_url = urljoin(url, target)
    except ValueError:
        raise UnreachableError(f"{here}: a malformed redirect", code="redirects") from None
    there = Origin.of(there_url)
    if here.scheme == "https" and there.scheme == "http":
        raise UnreachableError(f"{here}: redirects to plain http", code="redirects")
    if there != here and is_local(there.host) and not is_local(here.host):
        raise UnreachableError(f"{here}: redirects to a local address", code="redirects")
    return there_url


def _unreachable(host: str, error: Exception) -> UnreachableError:
    """Say in words why a request failed; the cause's own text may carry anything and stays out."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 10:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(link, (ssl.SSLError, aiohttp.ClientSSLError)) for link in chain):
        hint = "give the CA as `registries.<host>.ca`, or `insecure: true` if it speaks plain http"
        return UnreachableError(f"{host}: TLS failed", code="tls", hint=hint)
    if any(isinstance(link, aiohttp.ClientConnectorDNSError) for link in chain) or any(
        type(link).__name__ == "gaierror" for link in chain
    ):
        return UnreachableError(f"{host}: the name does not resolve", code="dns")
    if any(isinstance(link, aiohttp.ClientConnectorError) for link in chain) or isinstance(
        error, httpx.ConnectError
    ):
        return UnreachableError(f"{host}: no connection", code="connect")
    return UnreachableError(f"{host}: the answer broke off", code="connection")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Give the seconds to wait, None where nothing usable is said."""
    text = headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        try:
            there = parsedate_to_datetime(text)
            here = parsedate_to_datetime(headers.get("date", ""))
            seconds = (there - here).total_seconds()
        except (TypeError, ValueError):
            return None
    return seconds if 0 <= seconds < float("inf") else None


async def _pause(attempt: int) -> None:
    await asyncio.sleep(0.2 * 2**attempt * (0.5 + random.random()))  # noqa: S311 - jitter, no secret
