"""Who we are to a registry: the answer to its challenge, kept for the run.

What one image was refused by is kept, so that not every image has to be refused first.
Source: the distribution project's token specification. Whom a secret may be shown is `realms`'
business, how a token is asked for that of `grants`.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bumper.errors import DeniedError, UnreachableError
from bumper.http import Bound, Origin
from bumper.keychains.base import Wallet
from bumper.registries import challenge, grants, realms
from bumper.registries.owners import Owners, denied

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from bumper.http import Http, Response
    from bumper.keychains.base import Credentials
    from bumper.registries.grants import Wanted

__all__ = ["Tokens"]

_STALE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """A token, when it came and until when it is used, by the monotonic clock."""

    bound: Bound
    since: float
    until: float


class Tokens:
    """The tokens of one registry, for every account that is used there.

    Args:
        http: The network.
        host: The registry's name in references.
        base: The URL it answers at.
        credentials: Who we are there: one account, or where to find the one of a repository.
        clock: A monotonic clock.
    """

    def __init__(
        self,
        http: Http,
        host: str,
        base: str,
        credentials: Credentials | Wallet | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._host = host
        self._origin = Origin.of(base)
        self._owners = Owners(http, self._origin, host, credentials)
        self._clock = clock
        named = credentials.realms if isinstance(credentials, Wallet) else frozenset()
        self._named = frozenset(Origin.of(realm) for realm in named)
        self._door = asyncio.Lock()
        self._has_met = False
        self._basic = False
        self._bearer: Mapping[str, str] | None = None
        self._scopes: dict[str, tuple[str, ...]] = {}
        self._kept: dict[Wanted, _Kept] = {}
        self._locks: dict[Wanted, asyncio.Lock] = {}

    @asynccontextmanager
    async def meeting(self) -> AsyncIterator[None]:
        """Let the first image be asked for alone: what it is refused by, the others need not meet."""
        if not self._has_met:
            async with self._door:
                if not self._has_met:
                    try:
                        yield
                    finally:
                        self._has_met = True
                    return
        yield

    async def known(self, repository: str) -> Bound | None:
        """Give the header that the registry wants for a repository, None where it has said nothing.

        Raises:
            DeniedError: Our credentials are refused.
            RegistryError: The registry or its token server cannot be asked.
        """
        if self._bearer is not None:
            return await self._token(await self._wanted(repository, self._bearer))
        return await self._owners.basic(repository) if self._basic else None

    async def answer(self, response: Response, repository: str, *, used: Bound | None) -> Bound:
        """Answer a refusal: Bearer before Basic, and a token that has grown old once more.

        Raises:
            DeniedError: Nothing usable is asked for, or what we have was refused already.
            RegistryError: The challenge cannot be read, or the token server gave no token.
        """
        if response.status != 401 and self._bearer is not None:
            wanted = await self._wanted(repository, self._bearer)
            self._kept.pop(wanted, None)
            return await self._token(wanted)
        asked = self._asked(response)
        bearer = next((one.parameters for one in asked if one.scheme == "bearer"), None)
        if bearer is not None:
            return await self._answer_bearer(bearer, repository, used)
        if any(one.scheme == "basic" for one in asked):
            header = None if used is not None else await self._owners.basic(repository)
            if header is None:
                raise denied(f"{self._host}/{repository}", await self._owners.of(repository))
            self._basic = True
            return header
        message = f"{self._host}: asks for no login that bumper knows"
        raise DeniedError(message, code="auth-unsupported", hint="")

    async def owner(self, repository: str) -> Credentials | None:
        """Give who we are for a repository, as far as a keychain says so."""
        return await self._owners.of(repository)

    def refused(self, response: Response, used: Bound | None) -> bool:
        """Say whether another token may help: a 401, or ECR's 403 and ECR Public's 400 to an old one."""
        if used is None or response.status not in {400, 403}:
            return response.status == 401
        old = self._clock() - _STALE_SECONDS
        return any(kept.bound is used and kept.since <= old for kept in self._kept.values())

    def _asked(self, response: Response) -> tuple[challenge.Challenge, ...]:
        try:
            return challenge.parse(response.challenges)
        except UnreachableError as error:
            message = f"{self._host}: {error.message}"
            raise UnreachableError(message, code=error.code, hint=error.hint) from None

    async def _answer_bearer(
        self, parameters: Mapping[str, str], repository: str, used: Bound | None
    ) -> Bound:
        before = self._scopes.get(repository) or grants.scopes("", repository)
        scopes = grants.scopes(parameters.get("scope", ""), repository)
        self._bearer, self._scopes[repository] = parameters, scopes
        wanted = await self._wanted(repository, parameters)
        if used is not None:
            # What was granted is less than what was asked: a fresh token would be the same.
            if parameters.get("error") == "insufficient_scope" and before == scopes:
                raise denied(f"{self._host}/{repository}", wanted.owner)
            self._kept.pop(wanted, None)
        return await self._token(wanted)

    async def _wanted(self, repository: str, parameters: Mapping[str, str]) -> Wanted:
        """Give what to ask a token server for; the key under which its answer is kept."""
        scopes = self._scopes.get(repository) or grants.scopes(
            parameters.get("scope", ""), repository, exact=False
        )
        realm = realms.resolve(parameters.get("realm", ""), self._origin, self._named)
        owner = await self._owners.of(repository)
        return grants.Wanted(realm, parameters.get("service", ""), scopes, owner)

    async def _token(self, wanted: Wanted) -> Bound:
        """Give a token; parallel askers share one request."""
        async with self._locks.setdefault(wanted, asyncio.Lock()):
            kept = self._kept.get(wanted)
            if kept is not None and self._clock() < kept.until:
                return kept.bound
            token, seconds = await self._granted(wanted)
            now = self._clock()
            bound = Bound(self._origin, {"Authorization": f"Bearer {token}"})
            self._kept[wanted] = _Kept(bound, now, now + seconds * 0.9)
            return bound

    async def _granted(self, wanted: Wanted) -> tuple[str, float]:
        async def attempt() -> tuple[str, float]:
            return await grants.fetch(self._http, self._origin, self._host, wanted)

        async def check() -> bool:
            # Some refuse a missing repository like a wrong password: ask for no repository.
            nothing = replace(wanted, scopes=())
            return (await grants.ask(self._http, self._origin, nothing)).status != 401

        if wanted.owner is None or not wanted.realm.ours:
            return await attempt()
        what = " ".join(wanted.scopes).replace("repository:", "")
        return await self._owners.prove(wanted.owner, f"{self._host}/{what}", attempt, check)
