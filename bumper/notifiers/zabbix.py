"""Values for Zabbix, by the vendor's own sender: container-updater's keys, and discovery.

The five keys of container-updater's template keep their names and types; `bumper.images` discovers
every image with `{#PLACE}` and `{#IMAGE}`, `bumper.status[PLACE]` says what became of it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import NotifyError

if TYPE_CHECKING:
    from bumper.notifiers.base import Message

__all__ = ["Zabbix"]

_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Zabbix:
    """Sends to a server or proxy; `host` is the host in Zabbix that has the items."""

    EVERY_RUN = True

    server: str
    host: str

    async def send(self, message: Message) -> None:
        """Deliver the values of a run; see `notifiers.base.Notifier`."""
        await asyncio.to_thread(self._send, message)

    def _send(self, message: Message) -> None:
        try:
            from zabbix_utils import (  # type: ignore[import-untyped] # noqa: PLC0415 - an extra, untyped
                ItemValue,
                Sender,
            )
        except ImportError:
            hint = "pip install 'gitops-bumper[notify]'"
            raise NotifyError(
                "zabbix_utils is not installed", code="no-zabbix", hint=hint
            ) from None
        logging.getLogger("zabbix_utils").disabled = True
        server, _, port = (
            self.server.rpartition(":") if ":" in self.server else (self.server, "", "")
        )
        items = [ItemValue(self.host, key, value) for key, value in _values(message)]
        try:
            sender = Sender(server=server, port=int(port or 10051), timeout=_SECONDS)
            answer = sender.send(items)
        except Exception as error:  # noqa: BLE001 - sockets, protocol and answers fail in many classes
            raise NotifyError(f"not delivered ({type(error).__name__})") from None
        if answer.failed:
            hint = "import the template: `bumper init --zabbix`, and link it to the host"
            raise NotifyError(f"Zabbix took {answer.processed} of {answer.total} values", hint=hint)


def _values(message: Message) -> list[tuple[str, str]]:
    """Give the values in the order of container-updater's script, then the discovery."""
    # There are no packages in Git; the item of the old template stays at zero.
    packages = ("update.paquets", "0")
    if message.trial:
        return [packages]
    waiting, done = message.lists.get("waiting", ()), message.lists.get("done", ())
    statuses = [entry.split("\t") for entry in message.lists.get("statuses", ())]
    found = [{"{#PLACE}": place, "{#IMAGE}": image} for place, image, _ in statuses]
    return [
        packages,
        ("update.container_to_update_nb", str(len(waiting))),
        ("update.container_to_update_names", "\n".join(waiting)),
        ("update.container_updated_nb", str(len(done))),
        ("update.container_updated_names", "\n".join(done)),
        ("bumper.images", json.dumps(found, ensure_ascii=False)),
        ("bumper.failed", str(message.numbers.get("failed", 0))),
        *((f'bumper.status["{place}"]', status) for place, _, status in statuses),
    ]
