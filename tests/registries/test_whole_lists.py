"""A list is whole or it decides nothing: cut at every byte, cut at every page, very long, refused by size."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bumper.http import Http
from bumper.model import Complete, Incomplete
from bumper.reference import parse
from bumper.registries.oci import Oci
from bumper.resolve import resolve
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.model import Listing
    from tests.fakes.http_server import Asked, Server

WHOLE = json.dumps({"name": "a/b", "tags": [f"1.{n}" for n in range(22)]}).encode()


def listings(server: Server, repositories: list[str]) -> list[Listing]:
    """Every repository's list, each by a client of its own: one cut must not spare the next."""

    async def one(repository: str) -> Listing:
        async with Http(timeout_seconds=5, pause=no_pause) as http:
            oci = Oci(http, server.host, server.url, None)
            found = await resolve([parse(f"{server.host}/{repository}:1")], lambda _: oci)
            return next(iter(found.values()))

    async def every() -> list[Listing]:
        return list(await asyncio.gather(*(one(repository) for repository in repositories)))

    return asyncio.run(every())


async def no_pause(_: float) -> None:
    """Try again at once."""


@pytest.fixture
def one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's certificates are read once for all clients."""
    context = ssl.create_default_context()
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: context)


@pytest.mark.usefixtures("one_context")
@pytest.mark.parametrize("told", ["with-its-length", "to-the-cut"])
def test_row_5_a_list_cut_at_every_byte_is_never_whole(told: str) -> None:
    def answer(asked: Asked) -> Answer:
        size = int(asked.path.split("/")[3].removeprefix("cut"))
        length = str(len(WHOLE) if told == "with-its-length" else size)
        return Answer(200, WHOLE[:size], (("Content-Length", length), ("Connection", "close")))

    with serve(answer) as server:
        found = listings(server, [f"x/cut{size}" for size in range(len(WHOLE))])
    assert len(found) == len(WHOLE)
    assert [one for one in found if isinstance(one, Complete)] == []


@pytest.mark.usefixtures("one_context")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Answer(429, b"", (("Retry-After", "999"),)), id="429"),
        pytest.param(Answer(500), id="500"),
        pytest.param(Answer(404), id="404"),
        pytest.param(Answer(200, b'{"tags": ["1'), id="cut"),
        pytest.param(Answer(200, b'{"errors": []}'), id="errors"),
        pytest.param(Answer(302, b"", (("Location", "http://127.0.0.2:9/x"),)), id="led-away"),
    ],
)
def test_row_68_a_list_cut_at_every_page_is_never_whole(fault: Answer) -> None:
    def answer(asked: Asked) -> Answer:
        _, _, _, name, _, rest = asked.path.split("/")
        number, bad = int(rest.partition("at=")[2] or 0), int(name.removeprefix("page"))
        if number == bad:
            return fault
        link = f"</v2/x/{name}/tags/list?at={number + 1}>; rel=next"
        return Answer(200, b'{"tags": ["1.%d"]}' % number, (("Link", link),) if number < 19 else ())

    with serve(answer) as server:
        found = listings(server, [f"x/page{bad}" for bad in range(21)])
    assert [isinstance(one, Complete) for one in found] == [False] * 20 + [True]
    assert all(one.reason for one in found if isinstance(one, Incomplete))


@pytest.mark.parametrize(
    ("refuses", "asked", "tags"),
    [
        pytest.param(lambda n: Answer(405) if n > 1000 else None, [10000, 1000], ("1",), id="row-17-ecr-405-above-1000"),
        pytest.param(lambda n: Answer(400) if n > 1000 else None, [10000, 1000], ("1",), id="400-above-1000"),
        pytest.param(lambda n: Answer(400) if n > 100 else None, [10000, 1000, 100], ("1",), id="400-above-100"),
    ],
)  # fmt: skip
def test_a_page_that_is_too_large_is_asked_for_smaller(
    refuses: Callable[[int], Answer | None], asked: list[int], tags: tuple[str, ...]
) -> None:
    sizes: list[int] = []

    def answer(one: Asked) -> Answer:
        sizes.append(int(one.path.partition("n=")[2]))
        return refuses(sizes[-1]) or Answer(200, json.dumps({"tags": list(tags)}).encode())

    with serve(answer) as server:
        assert listings(server, ["a/b"]) == [Complete(tags)]
    assert sizes == asked


@pytest.mark.usefixtures("one_context")
def test_row_9_a_list_that_takes_too_long_is_asked_for_in_small_pages() -> None:
    def answer(one: Asked) -> Answer:
        return Answer(200, b'{"tags": ["1"]}') if one.path.endswith("n=100") else Answer(504)

    with serve(answer) as server:
        assert listings(server, ["a/b"]) == [Complete(("1",))]


def test_row_77_artifactorys_link_is_followed_on_our_own_path() -> None:
    def answer(asked: Asked) -> Answer:
        headers = (
            ("X-JFrog-Version", "7"),
            ("Link", "</v2/inner/b/tags/list?last=1&n=1>; rel=next"),
        )
        if not asked.path.startswith("/v2/virtual/b/"):
            return Answer(404)
        if "last=1" in asked.path:
            return Answer(200, b'{"tags": ["2"]}')
        return Answer(200, b'{"tags": ["1", "sha256:ab"]}', headers)

    with serve(answer) as server:
        assert listings(server, ["virtual/b"]) == [Complete(("1", "2"))]


def test_row_75_a_repository_that_moved_keeps_its_name() -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/v2/old/"):
            return Answer(301, b"", (("Location", asked.path.replace("/old/", "/new/")),))
        return Answer(200, b'{"name": "new/b", "tags": ["1"]}')

    with serve(answer) as server:
        assert listings(server, ["old/b"]) == [Complete(("1",))]


def test_row_69_100_000_tags_fit_into_150_mb() -> None:
    """In a process of its own, so that what others needed does not count."""
    script = (
        "import asyncio, pathlib, sys\n"
        "from bumper.http import Http\nfrom bumper.registries.oci import Oci\n"
        "async def main():\n"
        "    async with Http() as http:\n"
        "        return await Oci(http, 'h', sys.argv[1], None).tags('a/b')\n"
        "tags = asyncio.run(main()).tags\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(len(tags), int(status.partition('VmHWM:')[2].split()[0]) // 1024)\n"
    )
    page = 2000

    def answer(asked: Asked) -> Answer:
        start = int(asked.path.partition("at=")[2] or 0)
        tags = [f"{n}.0-{'0' * 290}"[:128] for n in range(start, start + page)]
        link = (("Link", f"</v2/a/b/tags/list?at={start + page}>; rel=next"),)
        more = start + page < 100_000
        return Answer(200, json.dumps({"tags": tags}).encode(), link if more else ())

    with serve(answer) as server:
        done = subprocess.run(
            [sys.executable, "-c", script, server.url], capture_output=True, text=True, check=True
        )
    count, megabytes = map(int, done.stdout.split())
    assert count == 100_000
    assert megabytes <= 150
