"""One registry at its address: requests with its tokens, its refusals as errors. Shared by members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.errors import NotFoundError, UnreachableError
from bumper.gates import Gate
from bumper.registries import heard
from bumper.registries.budget import Budget
from bumper.registries.owners import denied
from bumper.registries.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bumper.errors import RegistryError
    from bumper.http import Http, Response
    from bumper.keychains.base import Credentials, Wallet

__all__ = ["Site"]

_MOST_BYTES = 4 * 1024 * 1024


class Site:
    """One registry and one account.

    Args:
        http: The network.
        host: Its name in references.
        base: The URL it answers at, without a slash at the end.
        credentials: Who we are there; None: anybody.
        prefix: Put before every repository (a mirror's folder).
    """

    def __init__(
        self,
        http: Http,
        host: str,
        base: str,
        credentials: Credentials | Wallet | None,
        prefix: str = "",
    ) -> None:
        self.http = http
        self.host = host
        self.base = base
        self.prefix = prefix
        self.account = credentials.account if credentials else ""
        self.budget = Budget(host)
        self.told_now: datetime | None = None
        self._gate = Gate(http.jobs)
        self._tokens = Tokens(http, host, base, credentials)

    def url(self, repository: str, rest: str) -> str:
        """Give the address of something of a repository."""
        return f"{self.base}/v2/{self.prefix}{repository}/{rest}"

    async def ask(
        self,
        method: str,
        url: str,
        repository: str,
        headers: Mapping[str, str] | None = None,
        *,
        most_bytes: int = _MOST_BYTES,
        priority: int = 0,
    ) -> Response:
        """Send a request with what the registry wants to see; give a 200 or a 304.

        Raises:
            RegistryError: Every other answer, or none.
        """
        name = f"{self.prefix}{repository}"
        async with self._tokens.meeting():
            secret = await self._tokens.known(name)
            for again in (True, False):
                async with self._gate.passing(priority):
                    response = await self.http.request(
                        method, url, headers=headers, secret_headers=secret, most_bytes=most_bytes
                    )
                if not again or not self._tokens.refused(response, secret):
                    break
                secret = await self._tokens.answer(response, name, used=secret)
        self.budget.hear(response.headers)
        self.told_now = heard.moment(response.headers.get("date", "")) or self.told_now
        for text in heard.warnings(response.headers.get("warning", "")):
            self.http.warnings.setdefault(f"{self.host}: {text}")
        if response.status in {200, 304}:
            return response
        raise await self._refused(response, name)

    async def _refused(self, response: Response, name: str) -> RegistryError:
        where = f"{self.host}/{name}"
        # The status decides what it is; the registry's own words are no more than words.
        told = heard.refusal(response.body)
        said = f"; it says: {told}" if told else ""
        match response.status:
            case 401 | 403:
                owner = await self._tokens.owner(name)
                return denied(where, owner, response.status, said)
            case 404:
                return NotFoundError(f"{where}: not found{said}")
            case _:
                return UnreachableError(
                    f"{where}: answered {response.status}{said}", code="upstream"
                )
