"""A scripted HTTP server on loopback: for registries with quirks, and for forges."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests import canaries

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

__all__ = ["Answer", "Asked", "Server", "serve"]


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Server:
    """A running server; `asked` grows with every request."""

    host: str = ""
    asked: list[Asked] = field(default_factory=list)
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"


def _content(request: BaseHTTPRequestHandler) -> bytes:
    if request.headers.get("Transfer-Encoding") != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length") or 0))
    content = b""
    while size := int(request.rfile.readline().split(b";")[0], 16):
        content += request.rfile.read(size)
        request.rfile.readline()
    request.rfile.readline()
    return content


class _Listening(ThreadingHTTPServer):
    request_queue_size = 512  # five, the base's, makes the sixth wait for a second
    daemon_threads = True


@contextlib.contextmanager
def serve(
    answer: Callable[[Asked], Answer | None], context: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Serve what a function answers, on a free port of loopback, by TLS if a context is given.

    None hangs up without a word.
    """
    server = Server(scheme="http" if context is None else "https")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            # A header that comes twice is one, its values joined: RFC 9110, "Field Lines".
            headers = {
                name.lower(): ", ".join(self.headers.get_all(name) or ()) for name in self.headers
            }
            asked = Asked(self.command, self.path, headers, _content(self))
            server.asked.append(asked)
            canaries.watch.receive(server.host, f"{asked.path} {asked.headers} {asked.body!r}")
            given = answer(asked)
            if given is None:
                self.close_connection = True
                return
            self.send_response(given.status)
            for name, value in given.headers:
                self.send_header(name, value)
            if not any(name.lower() == "content-length" for name, _ in given.headers):
                self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(given.body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the base's names

        def log_message(self, *arguments: object) -> None:
            pass

    listening = _Listening(("127.0.0.1", 0), Handler)
    if context is not None:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
    server.host = f"127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(timeout=5)
