"""A message as JSON to one address. Redirects are not followed, only 2xx counts as delivered."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from bumper import redact
from bumper.errors import BumperError, NotifyError
from bumper.http import Bound

if TYPE_CHECKING:
    from bumper.http import Http
    from bumper.notifiers.base import Message

__all__ = ["Webhook"]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts `{"schema_version": 1, "title", "body", "level", "events", "numbers", "lists", "trial"}`."""

    EVERY_RUN = False

    http: Http
    url: str = field(repr=False)
    token: str = field(default="", repr=False)

    async def send(self, message: Message) -> None:
        """Deliver a message; see `notifiers.base.Notifier`."""
        document = {"schema_version": 1, **asdict(message)}
        try:
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            secrets = Bound.to(self.url, headers)
            answer = await self.http.request(
                "POST",
                self.url,
                headers={"Content-Type": "application/json"},
                secret_headers=secrets,
                content=redact.clean(json.dumps(document, ensure_ascii=False)).encode(),
                most_bytes=64 * 1024,
                retry=False,
            )
        except BumperError as error:
            raise NotifyError(f"not delivered ({error.code})") from None
        if not 200 <= answer.status < 300:
            raise NotifyError(f"not delivered: answered {answer.status}")
