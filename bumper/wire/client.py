"""The sockets: TLS as the config allows it, through a proxy where there is one.

Source: httpx and aiohttp documentation.
"""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from yarl import URL

from bumper import redact
from bumper.errors import UnreachableError
from bumper.wire.names import Names

if TYPE_CHECKING:
    from bumper.wire.base import Trust

__all__ = ["Clients"]

_CONNECT_SECONDS = 10.0
# Bounds sockets, not hosts: what one host may have is its `Manners`.
_MOST_SOCKETS = 512


class Clients:
    """One client for each kind of trust and each proxy."""

    def __init__(self) -> None:
        self.names = Names()
        self._made: dict[tuple[Trust, str | None], httpx.AsyncClient] = {}

    def client(self, trust: Trust, proxy: str | None) -> httpx.AsyncClient:
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
            await client.aclose()

    def _new(self, trust: Trust, proxy: str | None) -> httpx.AsyncClient:
        context, through = _context(trust), _proxy(proxy)
        # httpx's own pool costs 7 ms of CPU a request at 50 connections, aiohttp's a quarter of one.
        transport = AiohttpTransport(
            proxy=through,
            client=lambda: _session(context, self.names),
        )
        timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
        # httpx would keep cookies and send them along: they are secrets, and nobody bound them.
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        return httpx.AsyncClient(
            transport=transport,
            timeout=timeout,
            cookies=no_cookies,
            event_hooks={"request": [_Login(through)]},
            follow_redirects=False,
            trust_env=False,
        )


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


@dataclass(frozen=True, slots=True)
class _Login:
    """Shows a proxy its password with a plain request; with `https` the tunnel's own request does."""

    proxy: httpx.Proxy | None

    async def __call__(self, request: httpx.Request) -> None:
        if self.proxy is not None and request.url.scheme == "http":
            request.headers.update(self.proxy.headers)


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
