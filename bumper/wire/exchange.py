"""One request and its whole answer, bounded in bytes; what went wrong, in words. No second try here."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import aiohttp
import httpx

from bumper import __version__
from bumper.errors import UnreachableError
from bumper.origins import Origin
from bumper.wire.base import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.wire.client import Client

__all__ = ["exchange"]

# More of a refusal is never read: its status says enough.
_MOST_ERROR_BYTES = 64 * 1024
_NAME = "check the name, and that this machine may look names up (a proxy: HTTPS_PROXY)"


async def exchange(
    client: Client,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None,
    most_bytes: int,
) -> Response:
    """Send one request and read its answer, as it is on the wire.

    Raises:
        UnreachableError: Name, connection, TLS, size, or an encoding that was not asked for.
    """
    host = Origin.of(url).netloc
    sent = {"User-Agent": f"bumper/{__version__}", "Accept-Encoding": "identity", **headers}
    try:
        answer = await client.send(client.request(method, url, sent, content))
        try:
            told = _headers(answer)
            body = await _body(answer, told, host, most_bytes)
        finally:
            await answer.aclose()
    except httpx.TimeoutException as error:
        # The transport calls a refused connection a timeout; the cause tells them apart.
        if isinstance(error.__cause__, aiohttp.ServerTimeoutError):
            raise UnreachableError(f"{host}: no answer in time", code="timeout") from error
        raise _unreachable(host, error) from error
    except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
        raise _unreachable(host, error) from error
    return Response(
        answer.status_code,
        {name: ", ".join(values) for name, values in told.items()},
        body,
        url,
        tuple(told.get("link", ())),
        tuple(told.get("www-authenticate", ())),
    )


def _headers(answer: httpx.Response) -> dict[str, list[str]]:
    """Give the values of each header by lower-case name; httpx would decode all of them at each look."""
    told: dict[str, list[str]] = {}
    for name, value in answer.headers.raw:
        told.setdefault(name.decode("latin-1").lower(), []).append(_text(value))
    return told


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def _body(
    answer: httpx.Response, told: Mapping[str, list[str]], host: str, most_bytes: int
) -> bytes:
    if any(value.lower() != "identity" for value in told.get("content-encoding", ())):
        raise UnreachableError(
            f"{host}: a compressed answer, though none was asked", code="encoded"
        )
    refused = answer.status_code >= 300
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if refused and len(body) > _MOST_ERROR_BYTES:
            return bytes(body[:_MOST_ERROR_BYTES])
        if len(body) > most_bytes:
            raise UnreachableError(f"{host}: an answer over {most_bytes} bytes", code="too-large")
    return bytes(body)


def _unreachable(host: str, error: Exception) -> UnreachableError:
    """Say in words why a request failed; the cause's own text may carry anything and stays out."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 10:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(link, (ssl.SSLError, aiohttp.ClientSSLError)) for link in chain):
        key = f"registries.{host}"
        hint = f"give the CA as `{key}.ca`, or set `{key}.insecure` if it speaks plain http"
        return UnreachableError(f"{host}: TLS failed", code="tls", hint=hint)
    if any(
        isinstance(link, (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError))
        for link in chain
    ):
        return UnreachableError(f"{host}: the proxy did not let us through", code="proxy", hint="")
    if any(
        isinstance(link, aiohttp.ClientConnectorDNSError) or type(link).__name__ == "gaierror"
        for link in chain
    ):
        return UnreachableError(f"{host}: the name does not resolve", code="dns", hint=_NAME)
    if any(isinstance(link, aiohttp.ClientConnectorError) for link in chain):
        return UnreachableError(f"{host}: no connection", code="connect")
    if any(isinstance(link, (aiohttp.ClientResponseError, ValueError)) for link in chain):
        return UnreachableError(f"{host}: an answer that is not HTTP", code="not-http")
    return UnreachableError(f"{host}: the answer broke off", code="connection")
