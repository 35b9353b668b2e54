"""An SMTP server on loopback that keeps what it is sent. A real one: aiosmtpd."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

__all__ = ["Mailbox", "serve"]


class Mailbox:
    """What arrived, and where it listens."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.mails: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        assert server
        assert session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def serve() -> Iterator[Mailbox]:
    """Listen on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    mailbox = Mailbox(f"127.0.0.1:{port}")
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
