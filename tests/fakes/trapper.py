"""A Zabbix trapper endpoint on loopback: the protocol of the vendor's documentation, ZBXD frames.

Source: zabbix.com/documentation, "Header and data length", "Sender protocol".
"""

from __future__ import annotations

import contextlib
import json
import socketserver
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Trapper", "serve"]


@dataclass
class Trapper:
    """A running endpoint; `values` grows with every item that came in."""

    host: str = ""
    values: list[dict[str, Any]] = field(default_factory=list)
    fail: int = 0

    def value(self, key: str) -> str:
        return str(next(one["value"] for one in reversed(self.values) if one["key"] == key))


@contextlib.contextmanager
def serve(fail: int = 0) -> Iterator[Trapper]:
    """Take values on a free port; of each request say that `fail` of them were refused."""
    trapper = Trapper(fail=fail)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(5) == b"ZBXD\x01"
            length = struct.unpack("<II", self.rfile.read(8))[0]
            request = json.loads(self.rfile.read(length))
            assert request["request"] == "sender data"
            trapper.values += request["data"]
            done = len(request["data"]) - fail
            info = (
                f"processed: {done}; failed: {fail}; total: {done + fail}; seconds spent: 0.000055"
            )
            answer = json.dumps({"response": "success", "info": info}).encode()
            self.wfile.write(b"ZBXD\x01" + struct.pack("<II", len(answer), 0) + answer)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    trapper.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield trapper
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
