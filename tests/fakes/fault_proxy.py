"""A proxy before a real registry that breaks what it is told to break, and carries the rest unchanged."""

from __future__ import annotations

import contextlib
import http.client
from typing import TYPE_CHECKING

from tests.fakes import http_server
from tests.fakes.http_server import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.http_server import Asked, Server

__all__ = ["before"]

_OF_THE_LINE = {"connection", "transfer-encoding", "date", "server"}


@contextlib.contextmanager
def before(
    host: str, fault: Callable[[Asked, Answer], Answer | None] = lambda _, answer: answer
) -> Iterator[Server]:
    """Stand before a host; `fault` sees each request with its true answer and gives what is sent."""

    def answer(asked: Asked) -> Answer | None:
        return fault(asked, _true(host, asked))

    with http_server.serve(answer) as server:
        yield server


def _true(host: str, asked: Asked) -> Answer:
    there = http.client.HTTPConnection(host, timeout=10)
    try:
        there.request(asked.method, asked.path, asked.body or None, asked.headers)
        given = there.getresponse()
        headers = tuple(
            (name, value) for name, value in given.getheaders() if name.lower() not in _OF_THE_LINE
        )
        return Answer(given.status, given.read(), headers)
    finally:
        there.close()
