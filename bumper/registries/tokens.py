"""Who we are to a registry: the answer to its challenge, kept for the run.

A secret goes to the registry itself, and to a token server only if that server is the registry's
own: the same host, its parent domain, or a host beside it. Anyone else is asked anonymously.
Source: the distribution project's token specification; table of realms in `tests/registries`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import math
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bumper.errors import DeniedError, UnreachableError
from bumper.http import Origin, is_local
from bumper.registries import challenge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.http import Http, Response
    from bumper.keychains.base import Credentials

__all__ = ["Tokens", "may_see_the_secret"]

_SHORTEST_SECONDS = 60.0
_LONGEST_SECONDS = 3600.0
# Token servers that stand on another domain than their registry, and are its own.
_KNOWN = {"registry-1.docker.io": "auth.docker.io"}
# `registry.example.org` may send its users to `gitlab.example.org`.
_REGISTRY_NAMES = frozenset({"registry", "docker", "cr", "containers", "hub"})
_LOGIN_NAMES = frozenset({"auth", "login", "gitlab", "git", "sso", "id", "token"})
_SHARED_SUFFIXES = frozenset(
    {
        "co.uk",
        "com.au",
        "com.br",
        "co.jp",
        "co.nz",
        "github.io",
        "gitlab.io",
        "amazonaws.com",
        "azurecr.io",
    }
)


class Tokens:
    """The tokens of one registry and one account."""

    def __init__(self, http: Http, host: str, base: str, credentials: Credentials | None) -> None:
        self._http = http
        self._host = host
        self._origin = Origin.of(base)
        self._credentials = credentials
        self._basic = False
        self._bearer: Mapping[str, str] | None = None
        self._kept: dict[str, tuple[str, float]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def known(self, repository: str) -> dict[str, str] | None:
        """Give the header for a repository if the registry has said before what it wants."""
        if self._basic:
            return self._basic_header()
        if self._bearer is None:
            return None
        return {"Authorization": f"Bearer {await self._token(repository, self._bearer)}"}

    async def answer(
        self, response: Response, repository: str, *, used: Mapping[str, str] | None
    ) -> dict[str, str]:
        """Answer the challenge of a 401: Bearer before Basic.

        Raises:
            DeniedError: Nothing usable is asked for, or what we have was refused already.
            RegistryError: The token server gave no token.
        """
        found = challenge.parse(response.challenges)
        for wanted in found:
            if wanted.scheme == "bearer" and wanted.parameters.get("realm"):
                if used is not None:
                    self._kept.pop(repository, None)
                self._bearer = wanted.parameters
                token = await self._token(repository, wanted.parameters)
                return {"Authorization": f"Bearer {token}"}
        if any(wanted.scheme == "basic" for wanted in found):
            header = self._basic_header()
            if header is None or used is not None:
                raise DeniedError(f"{self._host}/{repository}: access denied (401)")
            self._basic = True
            return header
        raise DeniedError(
            f"{self._host}: asks for no login that bumper knows", code="auth-unsupported"
        )

    def _basic_header(self) -> dict[str, str] | None:
        if self._credentials is None:
            return None
        pair = f"{self._credentials.username}:{self._credentials.secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    async def _token(self, repository: str, parameters: Mapping[str, str]) -> str:
        """Give a token for a repository; parallel askers share one request."""
        async with self._locks.setdefault(repository, asyncio.Lock()):
            token, until = self._kept.get(repository, ("", 0.0))
            if time.monotonic() < until:
                return token
            scope = parameters.get("scope") or ""
            if not scope or scope.startswith("repository:"):
                scope = f"repository:{repository}:pull"
            token, seconds = await self._fetch(parameters, scope)
            self._kept[repository] = (token, time.monotonic() + seconds * 0.9)
            return token

    async def _fetch(self, parameters: Mapping[str, str], scope: str) -> tuple[str, float]:
        """Ask the token server; give a token and how many seconds it lives."""
        try:
            realm = urljoin(f"{self._origin}/", parameters["realm"])
        except ValueError:
            raise UnreachableError(f"{self._host}: a malformed realm", code="realm") from None
        origin = Origin.of(realm)
        if origin.scheme == "http" and self._origin.scheme == "https":
            raise UnreachableError(f"{self._host}: wants its login over plain http", code="realm")
        if is_local(origin.host) and origin != self._origin:
            raise UnreachableError(
                f"{self._host}: wants its login at a local address", code="realm"
            )
        secret = self._basic_header() if may_see_the_secret(self._origin, origin) else None
        query = dict(parse_qsl(urlsplit(realm).query, keep_blank_values=True))
        if parameters.get("service"):
            query["service"] = parameters["service"]
        parts = urlsplit(realm)
        pairs = [*query.items(), *(("scope", part) for part in scope.split())]
        url = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))
        response = await self._http.request("GET", url, secret_headers=secret, most_bytes=1 << 20)
        if response.status in {401, 403}:
            raise DeniedError(
                f"{self._host}: login refused, or no such repository ({response.status})"
            )
        if response.status != 200:
            raise UnreachableError(f"{self._host}: the token server answered {response.status}")
        return _read_token(response.body, self._host)


def may_see_the_secret(registry: Origin, realm: Origin) -> bool:
    """Say whether a token server is the registry's own, so that the secret may go there."""
    if realm == registry:
        return True
    if realm.scheme != "https" or is_local(realm.host) or is_local(registry.host):
        return False
    if realm.host == registry.host or _KNOWN.get(registry.host) == realm.host:
        return True
    name, _, parent = registry.host.partition(".")
    if parent.count(".") < 1 or parent in _SHARED_SUFFIXES:
        return False
    beside, _, domain = realm.host.partition(".")
    # A neighbour's domain is not enough: on shared hosting it is a stranger's.
    conventional = name in _REGISTRY_NAMES and beside in _LOGIN_NAMES and domain == parent
    return realm.host == parent or conventional


def _read_token(body: bytes, host: str) -> tuple[str, float]:
    try:
        document = json.loads(body)
        token = document.get("token") or document.get("access_token")
        told = document.get("expires_in")
    except (ValueError, AttributeError, RecursionError) as error:
        raise UnreachableError(f"{host}: the token server's answer is no JSON") from error
    if not isinstance(token, str) or not token.isprintable():
        raise UnreachableError(f"{host}: the token server gave no token")
    seconds = float(told) if isinstance(told, (int, float)) and math.isfinite(told) else 0.0
    return token, min(max(seconds, _SHORTEST_SECONDS), _LONGEST_SECONDS)
