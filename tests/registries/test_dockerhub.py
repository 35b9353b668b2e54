"""Docker Hub: its web API read no further than needed, its registry where that fails."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

from bumper.config.read import Loaded
from bumper.errors import RateLimitedError, RegistryError
from bumper.http import Http
from bumper.keep import Keep
from bumper.lookup import look_up
from bumper.model import Complete
from bumper.registries.dockerhub import DockerHub
from bumper.registries.oci import Oci
from bumper.registries.offline import Offline
from tests.fakes.http_server import Answer, serve
from tests.fakes.memory import Memory
from tests.support import use

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bumper.model import Listing, Manifest, Outcome
    from tests.fakes.http_server import Asked, Server

Result = TypeVar("Result")
INDEX = "application/vnd.oci.image.index.v1+json"


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


def row(
    tag: str, number: int, minute: int = 0, platforms: tuple[str, ...] = ("amd64", "arm64")
) -> dict[str, Any]:
    images = [
        {
            "os": "linux",
            "architecture": one,
            "variant": None,
            "digest": digest(number * 100 + at),
            "size": at * 1000,
        }
        for at, one in enumerate(platforms, 1)
    ]
    images.append({"os": "unknown", "architecture": "unknown", "digest": digest(9)})
    pushed = f"2026-03-01T12:{minute:02}:00.123456Z"
    return {"name": tag, "digest": digest(number), "tag_last_pushed": pushed, "images": images}


@dataclass
class Hub:
    """The API in pages of `size`, and the registry on the same host; `heads` what HEAD says."""

    rows: list[dict[str, Any]]
    size: int = 100
    status: int = 200
    count: int | None = None
    left: int | None = None
    heads: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"schemaVersion": 2, "mediaType": "%s", "manifests": [{}]}' % INDEX.encode()

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/v2/repositories/"):
            return self.page(asked)
        if asked.path.endswith("/tags/list?n=10000"):
            return Answer(200, b'{"tags": ["from-the-registry"]}')
        tag = asked.path.rpartition("/")[2]
        known = {one["name"]: one["digest"] for one in self.rows}
        headers = [("Docker-Content-Digest", self.heads.get(tag) or known.get(tag, tag))]
        if self.left is not None:
            headers.append(("ratelimit-remaining", f"{self.left};w=21600"))
        if asked.method == "HEAD":
            return Answer(200, b"", tuple(headers))
        return Answer(200, self.body, tuple(headers[1:]))

    def page(self, asked: Asked) -> Answer:
        if self.status != 200:
            return Answer(self.status)
        number = int(parse_qs(urlsplit(asked.path).query).get("page", ["1"])[0])
        part = self.rows[(number - 1) * self.size : number * self.size]
        more = number * self.size < len(self.rows)
        following = (
            f"http://{asked.headers['host']}{urlsplit(asked.path).path}?page={number + 1}"
            if more
            else None
        )
        count = len(self.rows) if self.count is None else self.count
        return Answer(
            200, json.dumps({"count": count, "next": following, "results": part}).encode()
        )


@dataclass
class Counting:
    """A registry behind the API that counts each pull down, and says in every answer what is left."""

    hub: Hub
    left: int

    def answer(self, asked: Asked) -> Answer:
        if asked.path.endswith("/tags/list?n=10000"):
            return Answer(200, b'{"tags": ["1.0", "1.1"]}')
        if "/manifests/" in asked.path and asked.method == "GET":
            self.left -= 1
        self.hub.left = self.left
        return self.hub.answer(asked)


def ask(
    server: Server,
    question: Callable[[DockerHub], Awaitable[Result]],
    keep: Keep | None = None,
    api: Server | None = None,
) -> Result:
    async def asked() -> Result:
        async with Http(timeout_seconds=5) as http:
            oci = Oci(http, "docker.io", server.url, None, "", keep)
            return await question(
                DockerHub(http, oci, oci.shelf, oci.site.budget, (api or server).url)
            )

    return asyncio.run(asked())


def listed(hub: DockerHub) -> Awaitable[Listing]:
    return hub.tags("library/nginx")


def pages(server: Server) -> int:
    return sum(asked.path.startswith("/v2/repositories/") for asked in server.asked)


def test_a_list_has_push_times_and_digests() -> None:
    hub = Hub([row("1.1", 2, 30), row("1.0", 1)], size=1)
    with serve(hub.answer) as server:
        found = ask(server, listed)
        assert pages(server) == 2
    assert isinstance(found, Complete)
    assert found.tags == ("1.1", "1.0")
    assert found.pushed["1.1"] == datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)
    assert found.digests == {"1.1": digest(2), "1.0": digest(1)}


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        pytest.param(lambda _: None, 1, id="nothing-new"),
        pytest.param(lambda rows: rows.insert(0, row("2.0", 9, 59)), 1, id="one-new"),
        pytest.param(lambda rows: rows.insert(0, {**rows.pop(3), "digest": digest(8), "tag_last_pushed": "2026-03-01T13:00:00Z"}), 1, id="one-pushed-again"),
        pytest.param(lambda rows: rows.pop(), 3, id="one-deleted"),
        pytest.param(lambda rows: (rows.pop(), rows.insert(0, row("2.0", 9, 59))), 3, id="one-deleted-and-one-new"),
        pytest.param(lambda rows: [rows.insert(0, row(f"3.{n}", 40 + n, 59)) for n in range(5)], 2, id="more-new-than-a-page"),
    ],
)  # fmt: skip
def test_a_second_run_reads_to_the_first_tag_it_knows(
    change: Callable[[list[Any]], object], asked: int
) -> None:
    hub = Hub([row(f"1.{n}", n, 30 - n) for n in range(9, 0, -1)], size=3)
    keep = Keep(Memory())
    with serve(hub.answer) as server:
        ask(server, listed, keep)
        server.asked.clear()
        change(hub.rows)
        found = ask(server, listed, keep)
        assert pages(server) == asked
        fresh = ask(server, listed)
    assert isinstance(found, Complete)
    assert isinstance(fresh, Complete)
    assert (set(found.tags), found.digests, found.pushed) == (
        set(fresh.tags),
        fresh.digests,
        fresh.pushed,
    )


@pytest.mark.parametrize(
    "hub",
    [
        pytest.param(Hub([], status=404), id="private-or-none"),
        pytest.param(Hub([], status=500), id="broken"),
        pytest.param(Hub([row("1.0", 1)], count=2), id="row-78-fewer-than-it-says"),
        pytest.param(Hub([row("1.0", 1), row("1.0", 1)]), id="row-78-the-same-twice"),
    ],
)
def test_where_the_api_fails_the_registry_is_asked(hub: Hub) -> None:
    with serve(hub.answer) as server:
        assert ask(server, listed) == Complete(("from-the-registry",))


def test_an_api_that_is_not_there_is_asked_once() -> None:
    hub = Hub([], status=503)

    async def twice(one: DockerHub) -> list[Listing]:
        one._api = "http://127.0.0.1:9"
        return [await one.tags("library/nginx"), await one.tags("library/redis")]

    with serve(hub.answer) as server:
        assert ask(server, twice) == [Complete(("from-the-registry",))] * 2


def test_row_13_what_the_list_told_costs_a_head_and_no_pull() -> None:
    hub = Hub([row("1.1", 2)])

    async def described(one: DockerHub) -> Manifest:
        await one.tags("library/nginx")
        return await one.manifest("library/nginx", "1.1")

    with serve(hub.answer) as server:
        found = ask(server, described)
        assert [asked.method for asked in server.asked] == ["GET", "HEAD"]
    assert (found.digest, found.platforms) == (digest(2), ("linux/amd64", "linux/arm64"))
    assert found.contents == {"linux/amd64": digest(201), "linux/arm64": digest(202)}


def test_row_95_a_tag_pushed_again_since_the_list_is_read_anew() -> None:
    hub = Hub([row("1.1", 2)], heads={"1.1": digest(7)})

    async def described(one: DockerHub) -> Manifest:
        await one.tags("library/nginx")
        return await one.manifest("library/nginx", "1.1")

    with serve(hub.answer) as server:
        assert ask(server, described).digest != digest(2)


def test_row_13_pulls_are_left_to_others() -> None:
    hub = Hub([row("1.1", 2)], status=404, left=5)

    async def described(one: DockerHub) -> Manifest:
        await one.digest("library/nginx", "1.1")
        return await one.manifest("library/nginx", "1.1")

    with serve(hub.answer) as server, pytest.raises(RateLimitedError) as caught:
        ask(server, described)
    assert "5 pulls of this 6 h" in caught.value.message
    assert all(asked.method == "HEAD" for asked in server.asked)


def test_row_13_the_images_in_the_most_places_get_the_pulls_that_are_left() -> None:
    """Nine pulls are left and five are for others: two images of two pulls each; six are unknown."""
    hub = Counting(Hub([row("1.0", 1), row("1.1", 2)], status=404), left=9)
    names = [f"team/app{n}" for n in range(8)]
    uses = [use(f"{name}:1.0") for n, name in enumerate(names) for _ in range(1 + n)]

    async def decided(one: DockerHub) -> tuple[Outcome, ...]:
        return await look_up(uses, Loaded(), lambda _: one)

    with serve(hub.answer) as server:
        found = ask(server, decided)
    by_image = {one.use.reference.repository: (one.status, one.code) for one in found}
    assert by_image == {
        **dict.fromkeys(names[:6], ("failed", "registry-rate-limited")),
        **dict.fromkeys(names[6:], ("bump", "newer-tag")),
    }
    assert hub.left == 5


@pytest.mark.parametrize(
    ("wait", "asked", "tag"),
    [
        pytest.param("0.2", 3, "1.0", id="short"),
        pytest.param("999", 1, "from-the-registry", id="long"),
    ],
)
def test_row_10_an_api_that_asks_to_slow_down_is_waited_for_or_left(
    wait: str, asked: int, tag: str
) -> None:
    """Left for the whole run: what the registry itself lists costs no pull either."""
    hub, said = Hub([row("1.0", 1)]), [Answer(429, b"", (("Retry-After", wait),))]

    def answer(one: Asked) -> Answer:
        return said.pop() if said else hub.answer(one)

    async def twice(one: DockerHub) -> list[Listing]:
        return [await one.tags("library/nginx"), await one.tags("library/nginx")]

    with serve(answer) as api, serve(hub.answer) as server:
        found = ask(server, twice, api=api)
        assert pages(api) == asked
    assert [getattr(one, "tags", None) for one in found] == [(tag,)] * 2


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("status", [502, 504, 429])
def test_row_68_an_api_that_fails_on_any_page_is_not_believed(number: int, status: int) -> None:
    """Neither a cold list nor the fresh part of a kept one is taken from what came before."""
    rows = [row(f"1.{n}", n + 1, n) for n in range(6)]
    hub, keep = Hub(rows, size=2), Keep(Memory())

    def answer(asked: Asked) -> Answer:
        page = parse_qs(urlsplit(asked.path).query).get("page", ["1"])[0]
        is_cut = asked.path.startswith("/v2/repositories/") and page == str(number)
        return Answer(status, b"", (("Retry-After", "999"),)) if is_cut else hub.answer(asked)

    with serve(answer) as api, serve(hub.answer) as server:
        for _ in range(2):
            found = ask(server, listed, keep, api)
            assert found == Complete(("from-the-registry",))
    with serve(hub.answer) as server:
        found = ask(server, listed, keep)
        assert isinstance(found, Complete)
        assert len(found.tags) == 6


def test_row_13_what_an_earlier_list_told_costs_a_head_and_no_pull() -> None:
    """The list was not asked for in this run: it is young enough to be believed."""
    hub, keep = Hub([row("1.1", 2)]), Keep(Memory())
    with serve(hub.answer) as server:
        ask(server, listed, keep)
        server.asked.clear()
        found = ask(server, lambda one: one.manifest("library/nginx", "1.1"), keep)
        assert [asked.method for asked in server.asked] == ["HEAD"]
    assert (found.digest, found.platforms) == (digest(2), ("linux/amd64", "linux/arm64"))
    assert found.sizes == {"linux/amd64": 1000, "linux/arm64": 2000}


@pytest.mark.parametrize("size", [None, -1, "7", 1.5, 1 << 60])
def test_an_odd_size_is_unknown(size: object) -> None:
    told = row("1.1", 2)
    told["images"][0]["size"] = size
    with serve(Hub([told]).answer) as server:

        async def described(hub: DockerHub) -> Manifest:
            await listed(hub)
            return await hub.manifest("library/nginx", "1.1")

        assert ask(server, described).sizes == {"linux/arm64": 2000}


def test_what_was_told_lately_is_believed_where_the_digest_was_seen() -> None:
    now = [1000.0]
    hub, keep = Hub([row("1.1", 2), row("1.2", 3)]), Keep(Memory(), lambda: now[0])

    async def described(one: DockerHub) -> None:
        await one.tags("library/nginx")
        await one.manifest("library/nginx", "1.1")

    with serve(hub.answer) as server:
        ask(server, described, keep)
    now[0] += 59
    recent = Offline("docker.io", keep.shelf("docker.io/", ""), "hub-tags", 60)
    assert asyncio.run(recent.manifest("library/nginx", "1.1")).digest == digest(2)
    assert asyncio.run(recent.digest("library/nginx", "1.1")) == digest(2)
    with pytest.raises(RegistryError):
        asyncio.run(recent.manifest("library/nginx", "1.2"))
    now[0] += 1
    for question in (recent.tags("library/nginx"), recent.digest("library/nginx", "1.1")):
        with pytest.raises(RegistryError):
            asyncio.run(question)


def test_offline_gives_what_was_kept_and_its_age() -> None:
    now = [1000.0]
    keep = Keep(Memory(), lambda: now[0])
    with serve(Hub([row("1.1", 2)]).answer) as server:
        ask(server, listed, keep)
    now[0] = 4600.0
    offline = Offline("docker.io", keep.shelf("docker.io/", ""), "hub-tags")
    found = asyncio.run(offline.tags("library/nginx"))
    assert isinstance(found, Complete)
    assert (found.tags, found.stale_seconds) == (("1.1",), 3600)
    assert asyncio.run(offline.manifest("library/nginx", "1.1")).digest == digest(2)
    with pytest.raises(RegistryError):
        asyncio.run(offline.tags("library/redis"))
