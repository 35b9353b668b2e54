"""Any service that Apprise knows: mail, Slack, Matrix, Telegram, ntfy and a hundred more.

What is longer than one message of a service may be comes as several; a service of short messages, as
SMS, gets the beginning alone, where the gravest stands.

Shoutrrr's addresses, which Watchtower and Keel take, are translated by `shoutrrr`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper.errors import NotifyError

if TYPE_CHECKING:
    from bumper.notifiers.base import Message

__all__ = ["Apprise"]

# Services that take fewer characters at once are not told in a dozen pieces.
_SHORT = 1_000


@dataclass(frozen=True, slots=True)
class Apprise:
    """Sends by Apprise's addresses."""

    EVERY_RUN = False

    urls: tuple[str, ...] = field(repr=False)

    async def send(self, message: Message) -> None:
        """Deliver a message; see `notifiers.base.Notifier`."""
        try:
            import apprise  # noqa: PLC0415 - an extra, and half a second of imports
        except ImportError:
            hint = "pip install 'gitops-bumper[notify]'"
            raise NotifyError("Apprise is not installed", code="no-apprise", hint=hint) from None
        # Apprise logs what it sends to where; nothing of that is for anyone's eyes.
        logger = logging.getLogger("apprise")
        logger.propagate = False
        logger.disabled = True
        services = apprise.Apprise()
        for number, url in enumerate(self.urls, start=1):
            if not services.add(url):
                raise NotifyError(
                    f"address {number} is none that Apprise knows", code="bad-address"
                )
        for service in services:
            # Else what is too long is sent as it is, and refused in every run.
            if service.overflow_mode == apprise.OverflowMode.UPSTREAM:
                split = service.body_maxlen >= _SHORT
                service.overflow_mode = (
                    apprise.OverflowMode.SPLIT if split else apprise.OverflowMode.TRUNCATE
                )
        try:
            done = await services.async_notify(
                body=message.body,
                title=message.title,
                notify_type=message.level,
                body_format="text",
            )
        except Exception as error:  # noqa: BLE001 - a hundred plug-ins; their texts may hold the address
            raise NotifyError(f"not delivered ({type(error).__name__})") from None
        if not done:
            raise NotifyError("not delivered")
