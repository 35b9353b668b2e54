"""Where a request goes: origins, the secrets bound to them, how near a host is. Pure.

Nothing is resolved or sent here. Source of the rules: RFC 6454 (origins), RFC 3986 (references), the
special-purpose address registries of IANA; strict on purpose: what two URL parsers may read in two
ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bumper import redact
from bumper.errors import UnreachableError
from bumper.nearness import Nearness, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Bound", "Origin", "is_local", "joined", "redirected"]

_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?|[0-9a-f:]*:[0-9a-f:.]*", re.ASCII)
_SCHEME = re.compile(r"[^/?#]*:")
_WHOLE = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_ODD = re.compile(r"[^\x21-\x7e]|\\")
# `..` in every spelling: a path that climbs is bound to nothing.
_CLIMBS = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)|%2f|%5c", re.IGNORECASE)


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
            UnreachableError: It is no http or https URL that all parsers read alike.
        """
        return _origin(url)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def netloc(self) -> str:
        """The host, with the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if _PORTS[self.scheme] == self.port else f"{host}:{self.port}"


# Asked for several times a request, by everybody who must not be fooled.
@lru_cache(maxsize=1024)
def _origin(url: str) -> Origin:
    # The address stays out of the message: it may carry a password.
    try:
        parts = urlsplit(url)
        told = parts.port
        port = _PORTS[parts.scheme] if told is None else told
    except (KeyError, ValueError):
        raise UnreachableError("not a web address", code="bad-url") from None
    if not parts.hostname or parts.username is not None or "@" in parts.netloc:
        raise UnreachableError("a web address without a host, or with a login", code="bad-url")
    strict = not _odd(url) and port and url[len(parts.scheme) :].startswith("://")
    if not strict or not _HOST.fullmatch(parts.hostname):
        raise UnreachableError("not a web address", code="bad-url")
    return Origin(parts.scheme, parts.hostname, port)


@dataclass(frozen=True, slots=True, repr=False)
class Bound:
    """Headers that carry a secret, and the only place they may go to: an origin, or a path on it.

    Making one tells the redactor: from then on the secret is printed nowhere.
    """

    origin: Origin
    headers: Mapping[str, str]
    path: str = "/"

    def __post_init__(self) -> None:
        for value in self.headers.values():
            redact.learn(value.rpartition(" ")[2])

    def __repr__(self) -> str:
        return f"Bound({self.origin}{self.path})"

    @classmethod
    def to(cls, url: str, headers: Mapping[str, str]) -> Bound:
        """Bind headers to the origin and the path of a URL."""
        return cls(Origin.of(url), headers, urlsplit(url).path or "/")

    def allows(self, url: str) -> bool:
        """Say whether a URL is at the origin, and at or below the path by whole segments."""
        if Origin.of(url) != self.origin:
            return False
        wanted = [part for part in self.path.split("/") if part]
        path = urlsplit(url).path
        if wanted and _CLIMBS.search(path):
            return False
        return [part for part in path.split("/") if part][: len(wanted)] == wanted


def is_local(host: str) -> bool:
    """Say whether a host is, by its own spelling, this machine or a private or special address."""
    return literal(host) not in {None, Nearness.PUBLIC}


def redirected(url: str, target: str) -> str:
    """Give where a redirect leads.

    Raises:
        UnreachableError: It is malformed, leads to plain http or, by its spelling, somewhere near.
    """
    here = Origin.of(url)
    try:
        there_url = joined(url, target)
    except UnreachableError:
        raise UnreachableError(f"{here}: a malformed redirect", code="redirects") from None
    there = Origin.of(there_url)
    if here.scheme == "https" and there.scheme == "http":
        raise UnreachableError(f"{here}: redirects to plain http", code="redirects")
    return there_url


def joined(url: str, target: str) -> str:
    """Resolve a reference that a stranger gave; only what all parsers read alike.

    Raises:
        UnreachableError: It is empty, has no host after its scheme, a scheme after its host, or a login.
    """
    odd = not target or _odd(target) or target.startswith("//")
    if odd or (_SCHEME.match(target) and not _WHOLE.match(target)):
        raise UnreachableError("not a web address", code="bad-url")
    try:
        there: str = urljoin(url, target)
    except ValueError:
        raise UnreachableError("not a web address", code="bad-url") from None
    Origin.of(there)
    return there


def _odd(url: str) -> bool:
    """Say whether a URL holds what parsers disagree on: blanks, controls, backslashes, non-ASCII."""
    return _ODD.search(url) is not None
