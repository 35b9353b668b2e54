"""The sockets: TLS as the config allows it, through a proxy where there is one.

Source: httpx and aiohttp documentation.
"""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from yarl import URL

from bumper import redact
from bumper.errors import UnreachableError
from bumper.wire.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.wire.base import Trust

__all__ = ["Client", "Clients"]

_TIMES = {"timeout": {"connect": 10.0}}
# Bounds sockets, not hosts: what one host may have is its `Manners`.
_MOST_SOCKETS = 512


@dataclass(frozen=True, slots=True)
class Client:
    """Sends what it is given and nothing beside it: httpx's transport and records, not its client.

    The client would add cookies, logins and redirects of its own, and costs as much as the transport.
    """

    transport: AiohttpTransport

    def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> httpx.Request:
        """Make a request.

        Raises:
            httpx.InvalidURL: The address is none.
        """
        return httpx.Request(
            method, httpx.URL(url), headers=headers, content=content, extensions=_TIMES
        )

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is still to come, and must be closed."""
        proxy = self.transport.proxy
        # With a plain request a proxy is shown its password here; with `https` by the tunnel's own.
        if proxy is not None and request.url.scheme == "http":
            request.headers.update(proxy.headers)
        return await self.transport.handle_async_request(request)


class Clients:
    """One client for each kind of trust and each proxy; plain http without a proxy needs no trust."""

    def __init__(self) -> None:
        self.names = Names()
        self._made: dict[tuple[Trust | None, str | None], Client] = {}

    def client(self, trust: Trust | None, proxy: str | None) -> Client:
        """Give the client; made when it is first needed.

        Raises:
            UnreachableError: A file of the trust cannot be read, or the proxy's address.
        """
        if (trust, proxy) not in self._made:
            self._made[trust, proxy] = self._new(trust, proxy)
        return self._made[trust, proxy]

    async def close(self) -> None:
        """Close every socket."""
        for client in self._made.values():
            await client.transport.aclose()

    def _new(self, trust: Trust | None, proxy: str | None) -> Client:
        # To read the system's certificates takes 40 ms; a context without any trusts nobody.
        context = _context(trust) if trust else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        through = _proxy(proxy)
        # httpx's own pool costs 7 ms of CPU a request at 50 connections, aiohttp's a quarter of one.
        transport = AiohttpTransport(
            verify=context, proxy=through, client=lambda: _session(context, self.names)
        )
        return Client(transport)


def _session(context: ssl.SSLContext, names: Names) -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            ssl=context, limit=_MOST_SOCKETS, resolver=names, use_dns_cache=False
        ),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        # `.netrc` is not ours to read, and the proxy is chosen above.
        trust_env=False,
    )
    # aiohttp would write `%2C` as `,`: a cursor or a signature must arrive as it was given.
    session._build_url = _as_given  # type: ignore[method-assign]  # noqa: SLF001 - there is no setting for it
    return session


def _as_given(str_or_url: str | URL) -> URL:
    return URL(str(str_or_url), encoded=True)


def _proxy(url: str | None) -> httpx.Proxy | None:
    if url is None:
        return None
    try:
        proxy = httpx.Proxy(url)
    except (httpx.InvalidURL, ValueError):
        raise UnreachableError("the proxy's address cannot be read", code="proxy") from None
    if proxy.url.scheme not in {"http", "https"}:
        message = f"a {proxy.url.scheme} proxy is not supported"
        raise UnreachableError(message, code="proxy", hint="give an http or https proxy")
    if proxy.raw_auth is None:
        return proxy
    user, password = proxy.raw_auth
    pair = base64.b64encode(user + b":" + password).decode()
    redact.learn(password.decode(errors="replace"), pair)
    return httpx.Proxy(proxy.url, headers={"Proxy-Authorization": f"Basic {pair}"})


def _context(trust: Trust) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=trust.ca)
        if trust.cert:
            # Without a function OpenSSL would ask the terminal for the key's password.
            context.load_cert_chain(trust.cert, password=lambda: "")
    except (OSError, ValueError):
        files = " or ".join(name for name in (trust.ca, trust.cert) if name)
        hint = "check `ca` and `cert` of the registry: PEM files, the key without a password"
        message = f"{files or 'the CA file'}: not a certificate that can be read"
        raise UnreachableError(message, code="bad-certificate", hint=hint) from None
    if trust.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
