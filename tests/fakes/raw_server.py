"""A server that sends bytes as it is told and closes: for answers that no HTTP server would give."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests import canaries

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Raw", "head", "serve", "tunnel"]


@dataclass
class Raw:
    """A running server; `asked` has the head of every request."""

    host: str = ""
    asked: list[bytes] = field(default_factory=list)


def head(length: int | None, *headers: str, status: str = "200 OK") -> bytes:
    """The head of an answer; None: no length, the answer ends where the connection does."""
    lines = [f"HTTP/1.1 {status}", *headers]
    lines += [f"Content-Length: {length}"] if length is not None else ["Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode()


def tunnel(request: bytes) -> Iterator[bytes | socket.socket]:
    """Answer as a proxy does that is asked to CONNECT."""
    host, _, port = request.split()[1].decode().rpartition(":")
    with socket.create_connection((host, int(port)), 5) as there:
        yield b"HTTP/1.1 200 Connection established\r\n\r\n"
        yield there


def join(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes between two connections until one of them ends."""
    while True:
        ready, _, _ = select.select([one, other], [], [], 5)
        for source in ready:
            content = source.recv(65536)
            if not content:
                return
            (other if source is one else one).sendall(content)
        if not ready:
            return


def give(connection: socket.socket, piece: bytes | float | socket.socket) -> None:
    if isinstance(piece, bytes):
        connection.sendall(piece)
    elif isinstance(piece, socket.socket):
        join(connection, piece)
    else:
        time.sleep(piece)


@contextlib.contextmanager
def serve(
    pieces: Callable[[bytes], Iterable[bytes | float | socket.socket]],
    context: ssl.SSLContext | None = None,
) -> Iterator[Raw]:
    """Answer every connection's first request with pieces: bytes to send, seconds to wait, another end to join."""
    raw = Raw()
    stop = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    listening.settimeout(0.1)
    raw.host = f"127.0.0.1:{listening.getsockname()[1]}"

    def one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
            connection.settimeout(5)
            request = b""
            while b"\r\n\r\n" not in request:
                got = connection.recv(65536)
                if not got:
                    return
                request += got
            raw.asked.append(request)
            canaries.watch.receive(raw.host, request.decode("latin-1"))
            for piece in pieces(request):
                if stop.is_set():
                    return
                give(connection, piece)
            connection.close()

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                connection, _ = listening.accept()
                threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield raw
    finally:
        stop.set()
        thread.join(timeout=2)
        listening.close()
