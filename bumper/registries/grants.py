"""One token from one token server: what to ask for, how, and what its answer says.

Source: the distribution project's "Token Authentication Specification" and "OAuth2 Token
Authentication"; the statuses that mean "no POST here" are those of Docker Hub's, ACR's, GCR's and
Artifactory's answers.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bumper import redact
from bumper.errors import DeniedError, UnreachableError
from bumper.registries.owners import advice, basic

if TYPE_CHECKING:
    from bumper.http import Http, Origin, Response
    from bumper.keychains.base import Credentials
    from bumper.registries.realms import Realm

__all__ = ["Wanted", "fetch", "scopes"]

_MOST_BYTES = 1024 * 1024
_SHORTEST_SECONDS = 60.0
_LONGEST_SECONDS = 3600.0
_NO_POST = frozenset({400, 401, 404, 405})
_CLIENT = "bumper"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants what of whom: the key of a token."""

    realm: Realm
    service: str
    scopes: tuple[str, ...]
    owner: Credentials | None


def scopes(told: str, repository: str, *, exact: bool = True) -> tuple[str, ...]:
    """Give the scopes to ask for: as the registry says, never more than pull.

    `exact` is false where the challenge was another repository's. The actions stand behind the last
    colon, as a registry's port may stand before it.
    """
    found: list[str] = []
    for scope in told.split():
        if not scope.startswith("repository:"):
            found.append(scope)
        elif exact and scope.count(":") >= 2:
            found.append(f"{scope.rpartition(':')[0]}:pull")
    if not found:
        found = [f"repository:{repository}:pull"]
    return tuple(dict.fromkeys(found))


async def fetch(http: Http, registry: Origin, host: str, wanted: Wanted) -> tuple[str, float]:
    """Ask for a token; give it and how many seconds it lives.

    Raises:
        DeniedError: Wrong credentials, or no such repository for us; many servers say no more.
        UnreachableError: No answer, or one without a token.
    """
    response = await ask(http, registry, wanted)
    if response.status in {401, 403}:
        raise _refusal(host, wanted, response)
    if response.status != 200:
        message = f"{host}: the token server answered {response.status}"
        raise UnreachableError(message, code="upstream", hint="")
    return _read(response.body, host)


async def ask(http: Http, registry: Origin, wanted: Wanted) -> Response:
    """Ask a token server, by POST where an identity token wants it, and give its answer."""
    owner = wanted.owner if wanted.realm.ours else None
    if owner is not None and owner.identity_token:
        response = await _post(http, registry, wanted, owner)
        if response.status not in _NO_POST:
            return response
    return await _get(http, registry, wanted, owner)


async def _get(http: Http, registry: Origin, wanted: Wanted, owner: Credentials | None) -> Response:
    parts = urlsplit(wanted.realm.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    ours = [("service", wanted.service)] if wanted.service else []
    ours += [("scope", scope) for scope in wanted.scopes]
    theirs = [(key, value) for key, value in query if key not in {"service", "scope"}]
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(theirs + ours), ""))
    secret = None if owner is None else basic(wanted.realm.origin, replace(owner, path=""))
    led_by = None if wanted.realm.named else registry
    return await http.request(
        "GET", url, secret_headers=secret, most_bytes=_MOST_BYTES, led_by=led_by
    )


async def _post(http: Http, registry: Origin, wanted: Wanted, owner: Credentials) -> Response:
    form = {
        "grant_type": "refresh_token",
        "service": wanted.service,
        "client_id": _CLIENT,
        "scope": " ".join(wanted.scopes),
        "refresh_token": owner.secret,
    }
    return await http.request(
        "POST",
        urlunsplit((*urlsplit(wanted.realm.url)[:4], "")),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        content=urlencode(form).encode(),
        most_bytes=_MOST_BYTES,
        led_by=None if wanted.realm.named else registry,
    )


def _refusal(host: str, wanted: Wanted, response: Response) -> DeniedError:
    what = " ".join(scope.removeprefix("repository:") for scope in wanted.scopes)
    message = f"{host}: login refused, or no such repository: {what} ({response.status})"
    if wanted.owner is not None and not wanted.realm.ours:
        key = f"registries.{host}.realm"
        hint = f"asked without credentials: if {wanted.realm.origin} may see them, set `{key}`"
        return DeniedError(message, code="denied-or-missing", hint=hint)
    return DeniedError(message, code="denied-or-missing", hint=advice(host, wanted.owner))


def _read(body: bytes, host: str) -> tuple[str, float]:
    """Read a token server's answer; nothing of it is ever repeated in a message."""
    try:
        document: dict[str, Any] = json.loads(body)
        named = [document.get(key) for key in ("token", "access_token", "refresh_token")]
        told = document.get("expires_in")
    except (ValueError, AttributeError, RecursionError):
        message = f"{host}: the token server's answer is no JSON"
        raise UnreachableError(message, code="no-token", hint="") from None
    texts = [text if isinstance(text, str) else "" for text in named]
    redact.learn(*texts)
    token = texts[0] or texts[1]
    if not re.fullmatch(r"[!-~]+", token):
        message = f"{host}: the token server gave no token"
        raise UnreachableError(message, code="no-token", hint="")
    return token, _life(told)


def _life(told: object) -> float:
    """Give how long a token lives: a minute where nothing usable is said, an hour at the most."""
    try:
        seconds = float(told) if isinstance(told, (int, float)) else 0.0
    except OverflowError:
        seconds = _LONGEST_SECONDS
    return min(max(seconds if math.isfinite(seconds) else 0.0, _SHORTEST_SECONDS), _LONGEST_SECONDS)
