"""Who we are at one registry: the account of each repository, and whether its secret is the right one.

A wrong password is tried twice at the most, however many images wait for it: servers lock accounts.
"""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, TypeVar

from bumper.errors import DeniedError
from bumper.http import Bound
from bumper.keychains.base import Wallet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bumper.http import Http, Origin
    from bumper.keychains.base import Credentials

__all__ = ["Owners", "advice", "basic", "denied"]

_Answer = TypeVar("_Answer")


class Owners:
    """The accounts of one registry; each repository's is looked up once.

    Args:
        http: The network.
        origin: Where the registry answers.
        host: Its name in references.
        wallet: One account, or where to find the one of a repository.
    """

    def __init__(
        self, http: Http, origin: Origin, host: str, wallet: Credentials | Wallet | None
    ) -> None:
        self._http = http
        self._origin = origin
        self._host = host
        self._wallet = wallet
        self._known: dict[str, Credentials | None] = {}
        self._right: dict[Credentials, bool] = {}
        self._proving = asyncio.Lock()

    async def of(self, repository: str) -> Credentials | None:
        """Give the account of a repository.

        Raises:
            RegistryError: A keychain cannot be read.
        """
        if not isinstance(self._wallet, Wallet):
            return self._wallet
        if repository not in self._known:
            # A helper program may take its time; the other registries must not wait for it.
            found = await asyncio.to_thread(self._wallet.find, repository)
            self._known[repository] = found
        return self._known[repository]

    async def basic(self, repository: str) -> Bound | None:
        """Give the Basic header of a repository's account, once the account is known to be right.

        Raises:
            DeniedError: The account is refused, or has no password.
        """
        owner = await self.of(repository)
        if owner is None:
            return None
        if owner.identity_token:
            message = f"{self._host}: wants a password, and {owner.source} has an identity token"
            raise DeniedError(message, code="auth-unsupported", hint="")
        header = basic(self._origin, owner)

        async def attempt() -> Bound:
            url = f"{self._origin}{header.path if owner.path else '/v2'}/"
            response = await self._http.request("GET", url, secret_headers=header)
            if response.status == 401:
                raise denied(f"{self._host}/{repository}", owner)
            return header

        async def check() -> bool:
            return False

        return await self.prove(owner, f"{self._host}/{repository}", attempt, check)

    async def prove(
        self,
        owner: Credentials,
        what: str,
        attempt: Callable[[], Awaitable[_Answer]],
        check: Callable[[], Awaitable[bool]],
    ) -> _Answer:
        """Make an attempt with an account's secret; while it is unproven, one at a time.

        Args:
            owner: The account.
            what: The host and repository, for the message.
            attempt: May raise DeniedError; then `check` tells a wrong secret from a missing repository.
            check: Whether the secret is accepted when nothing is asked for.

        Raises:
            DeniedError: The secret was refused before, or just now.
        """
        async with self._proving:
            if owner not in self._right:
                try:
                    answer = await attempt()
                except DeniedError:
                    self._right[owner] = await check()
                    raise
                self._right[owner] = True
                return answer
        if not self._right[owner]:
            raise denied(what, owner)
        return await attempt()


def basic(origin: Origin, owner: Credentials) -> Bound:
    """Give the Basic header of an account, bound to a server, and to its path where it has one."""
    # An identity token has no user; `<token>` is what Docker's own helpers call it.
    pair = f"{owner.username or '<token>'}:{owner.secret}".encode()
    path = f"/v2/{owner.path}" if owner.path else "/"
    return Bound(origin, {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}, path)


def denied(what: str, owner: Credentials | None, status: int = 401, said: str = "") -> DeniedError:
    """Give the error of a refusal that no other credentials of ours would mend.

    `what` is the host and the repository, `said` what the registry says of it.
    """
    message = f"{what}: access denied, or no such repository ({status}){said}"
    return DeniedError(message, hint=advice(what.partition("/")[0], owner))


def advice(host: str, owner: Credentials | None) -> str:
    """Give what to do where a registry refuses us: the key to set, or whose credentials to check."""
    if owner is not None:
        return f"check the credentials of {owner.source}, and what they may read"
    key = f"registries.{host}"
    return f"if it is private, set `{key}.token`, or `{key}.username` and `{key}.password`"
