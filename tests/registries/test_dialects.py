"""Each vendor's way of paging: read to its end, and never taken for whole when a page is missing.

Source of the ways: OCI distribution-spec 1.1, "Listing Tags"; the vendors' own answers as written
down in public issues.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from bumper.http import Http
from bumper.model import Complete, Incomplete
from bumper.reference import parse
from bumper.registries.dockerhub import DockerHub
from bumper.registries.oci import Oci
from bumper.resolve import resolve
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from bumper.model import Listing
    from tests.fakes.http_server import Asked, Server

PAGES = 5
TAGS = tuple(f"1.{n}" for n in range(3 * PAGES))
OPAQUE = "gAAAA-+/"


@dataclass(frozen=True)
class Dialect:
    """How a registry pages: its link to page `{page}` behind tag `{last}`, and its oddities."""

    link: str
    cursor: str = "last"
    headers: tuple[tuple[str, str], ...] = ()
    oddities: tuple[object, ...] = ()
    most: int = 10_000
    always: bool = False

    def answer(self, asked: Asked) -> Answer:
        """Give the page that was asked for; `cut3` in the repository's name lets the third one fail."""
        parts = urlsplit(asked.path)
        query, repository = parse_qs(parts.query), parts.path.split("/")[3]
        if int(query.get("n", ["0"])[0]) > self.most:
            return Answer(405, b'{"errors":[{"code":"UNSUPPORTED"}]}')
        page = self._page(query)
        if repository == f"cut{page}":
            return Answer(500)
        tags = TAGS[3 * page : 3 * page + 3]
        body = json.dumps({"tags": [*tags, *self.oddities] if tags else None}).encode()
        if page >= PAGES - 1 and not (self.always and tags):
            return Answer(200, body, self.headers)
        given = self.link.format(
            host=asked.headers["host"], name=f"x/{repository}", last=tags[-1], page=page + 1
        )
        return Answer(200, body, (*self.headers, ("Link", f"<{given}>; rel=next")))

    def _page(self, query: dict[str, list[str]]) -> int:
        if self.cursor not in query:
            return 0
        told = query[self.cursor][0]
        if told.startswith(OPAQUE):
            return int(told[len(OPAQUE) :])
        return TAGS.index(told) // 3 + 1


DIALECTS = {
    "distribution": Dialect("/v2/{name}/tags/list?n=3&last={last}"),
    "harbor-absolute": Dialect("http://{host}/v2/{name}/tags/list?last={last}&n=3"),
    "query-alone": Dialect("?last={last}&n=3"),
    "quay": Dialect("/v2/{name}/tags/list?n=3&last={last}"),
    "quay-opaque": Dialect(
        "/v2/{name}/tags/list?next_page=gAAAA-%2B/{page}&n=3", cursor="next_page"
    ),
    "ecr": Dialect("/v2/{name}/tags/list?last=gAAAA-%2B/{page}&n=1000", most=1000),
    "ecr-public": Dialect("/v2/{name}/tags/list?NextToken=gAAAA-%2B/{page}", cursor="NextToken", most=1000),
    "ghcr": Dialect("/v2/{name}/tags/list?last={last}&n=0"),
    "artifactory": Dialect(
        "/v2/inner/{name}/tags/list?last={last}&n=3",
        headers=(("X-JFrog-Version", "Artifactory/7"),), oddities=("sha256:" + "a" * 64,),
    ),
    "nexus": Dialect("/v2/{name}/tags/list?last={last}&n=3", oddities=(None, 7)),
    "gitea": Dialect("/v2/{name}/tags/list?last={last}&n=3", always=True),
}  # fmt: skip


async def no_pause(_: float) -> None:
    """Try again at once."""


def listings(server: Server, names: list[str]) -> list[Listing]:
    async def every() -> list[Listing]:
        async with Http(timeout_seconds=5, pause=no_pause) as http:
            oci = Oci(http, server.host, server.url, None)
            found = await resolve([parse(f"{server.host}/{one}:1") for one in names], lambda _: oci)
            return list(found.values())

    return asyncio.run(every())


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_is_read_to_its_end_or_not_believed(name: str) -> None:
    with serve(DIALECTS[name].answer) as server:
        whole, *cut = listings(server, ["x/whole", *(f"x/cut{page}" for page in range(PAGES))])
    assert whole == Complete(TAGS)
    assert len(cut) == PAGES
    assert not any(isinstance(one, Complete) for one in cut)


def test_row_76_nexus_with_an_inside_address_is_incomplete() -> None:
    inside = Dialect("/repository/docker/v2/{name}/tags/list?last={last}&n=3")

    def answer(asked: Asked) -> Answer:
        return Answer(400) if asked.path.startswith("/repository") else inside.answer(asked)

    with serve(answer) as server:
        [found] = listings(server, ["x/whole"])
    assert isinstance(found, Incomplete)
    assert "page 2" in found.reason
    assert "answered 400" in found.reason


def test_row_78_docker_hubs_list_cut_at_every_byte_is_never_taken() -> None:
    """Each time the registry's own list is taken in its place."""
    row: dict[str, object] = {
        "name": "1.0",
        "digest": "sha256:" + "a" * 64,
        "tag_last_pushed": None,
        "images": [],
    }
    body = json.dumps({"count": 1, "next": None, "results": [row]}).encode()

    def answer(asked: Asked) -> Answer:
        if "/tags/list" in asked.path:
            return Answer(200, b'{"tags": ["whole"]}')
        size = int(asked.path.split("/")[4].removeprefix("cut"))
        return Answer(200, body[:size], (("Content-Length", str(size)),))

    async def every(server: Server) -> list[Listing]:
        async with Http(timeout_seconds=5, pause=no_pause) as http:
            oci = Oci(http, "docker.io", server.url, None)
            hub = DockerHub(http, oci, None, oci.site.budget, server.url)
            names = (f"x/cut{size}" for size in range(len(body) + 1))
            return await asyncio.gather(*map(hub.tags, names))

    with serve(answer) as server:
        *cut, whole = asyncio.run(every(server))
    assert cut == [Complete(("whole",))] * len(body)
    assert isinstance(whole, Complete)
    assert whole.tags == ("1.0",)
