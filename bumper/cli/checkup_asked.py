"""How `doctor` speaks to a forge: raw calls, so that every answer is seen as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.errors import BumperError

if TYPE_CHECKING:
    from bumper.cli.target import Target
    from bumper.http import Http, Response

__all__ = ["Asking", "document", "entries"]


@dataclass(frozen=True, slots=True)
class Asking:
    """One forge, and the token that goes there and nowhere else."""

    http: Http
    there: Target

    @property
    def repository(self) -> str:
        """Give where the forge describes the repository."""
        if self.there.kind == "gitlab":
            return f"projects/{quote(self.there.slug, safe='')}"
        return f"repos/{self.there.slug}"

    async def get(self, path: str) -> Response:
        """Read a path below the API.

        Raises:
            BumperError: There was no answer.
        """
        return await self._send("GET", f"{self.there.api}/{path}", None)

    async def order(self, path: str) -> Response | None:
        """Order a thing below the repository without saying which, so that none is made; None without an answer.

        Who may order it is told what is missing (422), who may not that they may not.
        """
        try:
            return await self._send("POST", f"{self.there.api}/{self.repository}/{path}", b"{}")
        except BumperError:
            return None

    async def graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Give the data of a question to GitHub, empty where there is none.

        Raises:
            BumperError: There was no answer.
        """
        # On a server of one's own it stands beside /api/v3.
        url = f"{self.there.api.removesuffix('/v3')}/graphql"
        content = json.dumps({"query": query, "variables": variables}).encode()
        return document(await self._send("POST", url, content)).get("data") or {}

    async def _send(self, method: str, url: str, content: bytes | None) -> Response:
        return await self.http.request(
            method,
            url,
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            secret_headers=self.there.secret(),
            content=content,
            retry=content is None,
        )


def document(answer: Response) -> dict[str, Any]:
    """Give what an answer describes, empty where it describes nothing."""
    read = _read(answer)
    return read if isinstance(read, dict) else {}


def entries(answer: Response) -> list[dict[str, Any]] | None:
    """Give what an answer lists, None where it lists nothing."""
    read = _read(answer) if answer.status == 200 else None
    return [one for one in read if isinstance(one, dict)] if isinstance(read, list) else None


def _read(answer: Response) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(answer.body)
    except ValueError:
        return None
