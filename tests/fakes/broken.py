"""Hosts that are down, each in another way: what a partial outage looks like from here."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

from tests.fakes.docker_registry import free_port
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WAYS", "down"]

_ANSWERS = {
    "500": Answer(500),
    "429": Answer(429, b"", (("Retry-After", "999"),)),
    "garbage": Answer(200, b"<html>\x00\xff log in"),
    "cut": Answer(
        200, b'{"tags": ["1.0.0", "1.1', (("Content-Length", "400"), ("Connection", "close"))
    ),
    "redirect-loop": Answer(302, b"", (("Location", "/v2/again"),)),
}
WAYS = ("dns", "refused", "hang", "drip", "tls", *_ANSWERS)


@contextlib.contextmanager
def down(way: str) -> Iterator[tuple[str, bool]]:
    """Give a host that is down in this way, and whether it is to be reached over plain http."""
    if way == "dns":
        yield "no-such-registry.invalid:5000", True
    elif way == "refused":
        yield f"127.0.0.1:{free_port()}", True
    elif way in {"hang", "drip"}:
        with _silent(way) as host:
            yield host, True
    else:
        with serve(lambda _: _ANSWERS.get(way, Answer(200, b"{}"))) as server:
            yield server.host, way != "tls"


@contextlib.contextmanager
def _silent(way: str) -> Iterator[str]:
    """A port that takes connections and says nothing, or one byte at a time."""
    over = threading.Event()

    def talk(connection: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        with contextlib.suppress(OSError), connection:
            connection.recv(4096)
            for byte in head + b" " * 1000 if way == "drip" else b"":
                connection.send(bytes([byte]))
                if over.wait(0.02):
                    return
            over.wait(30)

    def accept(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, args=(listening,), daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
