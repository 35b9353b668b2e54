"""What the parts of the wire share, without the libraries: a verb that asks nobody must not load them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.origins import Origin

__all__ = ["SYSTEM", "Response", "Trust", "proxy_for"]


@dataclass(frozen=True, slots=True)
class Trust:
    """What TLS to accept from a host: a CA file of its own, a client certificate, or anything."""

    ca: str | None = None
    cert: str | None = None
    insecure: bool = False

    @property
    def verify(self) -> bool | str:
        """Give what `requests` takes: a CA file, whether to verify at all."""
        return False if self.insecure else self.ca or True


# The authorities of the system, and no others.
SYSTEM = Trust()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, headers by lower-case name (several joined by a comma), the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    links: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()


def proxy_for(origin: Origin) -> str | None:
    """Give the proxy that the environment names for an origin.

    Source: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY as in curl(1).
    """
    from urllib.request import getproxies_environment, proxy_bypass  # noqa: PLC0415 - 7 ms, see above

    proxies = getproxies_environment()
    proxy = proxies.get(origin.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(f"{origin.host}:{origin.port}"):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
