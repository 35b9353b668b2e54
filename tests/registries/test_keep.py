"""What is kept between runs: asked for on condition, by digest never twice, never mixed up."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.http import Http
from bumper.keep import Keep, Page
from bumper.keychains.base import Credentials
from bumper.model import Complete, Manifest
from bumper.registries.oci import Oci
from tests.fakes.http_server import Answer, serve
from tests.fakes.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bumper.model import Listing
    from tests.fakes.http_server import Asked, Server

Result = TypeVar("Result")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@dataclass
class Registry:
    """Pages of `size` tags with validators as told, manifests with their digest as ETag."""

    tags: list[str]
    validators: bool = True
    manifests: dict[str, bytes] = field(default_factory=dict)
    size: int = 2

    def answer(self, asked: Asked) -> Answer:
        name = asked.path.rpartition("/")[2]
        if "/manifests/" in asked.path:
            return self.conditional(
                asked, self.manifests[name], f"sha256:{digest(self.manifests[name])}"
            )
        start = int(name.partition("at=")[2] or 0)
        end = start + self.size
        body = json.dumps({"tags": self.tags[start:end]}).encode()
        link = (("Link", f"</v2/a/b/tags/list?at={end}>; rel=next"),) if self.tags[end:] else ()
        if not self.validators:
            return Answer(200, body, link)
        return self.conditional(asked, body, f"W/{digest(body)}", link)

    def conditional(
        self, asked: Asked, body: bytes, tag: str, more: tuple[tuple[str, str], ...] = ()
    ) -> Answer:
        if asked.headers.get("if-none-match") == f'"{tag}"':
            return Answer(304)
        return Answer(200, b"" if asked.method == "HEAD" else body, (("ETag", f'"{tag}"'), *more))


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def image(words: str) -> bytes:
    return json.dumps({"mediaType": MANIFEST, "annotations": {"words": words}}).encode()


def ask(
    server: Server, question: Callable[[Oci], Awaitable[Result]], keep: Keep, who: str = ""
) -> Result:
    known = Credentials(who, "secret", "test") if who else None

    async def asked() -> Result:
        async with Http(timeout_seconds=5) as http:
            return await question(Oci(http, server.host, server.url, known, "", keep))

    return asyncio.run(asked())


def listed(oci: Oci) -> Awaitable[Listing]:
    return oci.tags("a/b")


@pytest.mark.parametrize(
    ("validators", "held", "spared"),
    [pytest.param("etags", 2, 2, id="asked-on-condition"), pytest.param("none", 0, 0, id="nothing-to-ask-by")],
)  # fmt: skip
def test_an_unchanged_list_is_one_condition_a_page(validators: str, held: int, spared: int) -> None:
    registry, keep = Registry(["1", "2", "3"], validators == "etags"), Keep(Memory())
    with serve(registry.answer) as server:
        first = ask(server, listed, keep)
        server.asked.clear()
        assert ask(server, listed, keep) == first == Complete(("1", "2", "3"))
        assert len(server.asked) == 2
        assert sum("if-none-match" in asked.headers for asked in server.asked) == spared
    assert keep.held == held


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(["1", "2", "3", "4"], id="one-more"),
        pytest.param(["1", "2"], id="row-224-one-withdrawn"),
        pytest.param(["0", "1", "2", "3"], id="one-before-all"),
        pytest.param([], id="all-gone"),
    ],
)
def test_row_224_a_changed_list_is_as_it_is_now(tags: list[str]) -> None:
    registry, keep = Registry(["1", "2", "3"]), Keep(Memory())
    with serve(registry.answer) as server:
        ask(server, listed, keep)
        registry.tags = tags
        assert ask(server, listed, keep) == Complete(tuple(tags))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(4, 5, id="two-full-pages-and-a-third"),
        pytest.param(10, 11, id="pages-of-two-all-full"),
        pytest.param(3, 4, id="the-last-page-fills-up"),
    ],
)
def test_a_list_that_grows_behind_a_full_page_is_seen(before: int, after: int) -> None:
    """The full page is the same as before, and so is its validator; only its link is new."""
    tags = [f"1.{n}" for n in range(after)]
    registry, keep = Registry(tags[:before]), Keep(Memory())
    with serve(registry.answer) as server:
        assert ask(server, listed, keep) == Complete(tuple(tags[:before]))
        registry.tags = tags
        assert ask(server, listed, keep) == Complete(tuple(tags))


def test_a_single_full_page_is_asked_for_whole() -> None:
    registry, keep = Registry([f"1.{n}" for n in range(50)], size=50), Keep(Memory())
    with serve(registry.answer) as server:
        ask(server, listed, keep)
        registry.tags.append("1.50")
        assert ask(server, listed, keep) == Complete(tuple(registry.tags))


def test_the_pages_of_a_kept_list_are_asked_about_at_once() -> None:
    """None of the four pages behind the first is answered until all of them have been asked for."""
    registry, keep = Registry([f"1.{n}" for n in range(9)]), Keep(Memory())
    together = threading.Barrier(4)
    is_warm = threading.Event()

    def answer(asked: Asked) -> Answer:
        if is_warm.is_set() and "at=" in asked.path:
            together.wait(timeout=20)
        return registry.answer(asked)

    with serve(answer) as server:
        first = ask(server, listed, keep)
        server.asked.clear()
        is_warm.set()
        assert ask(server, listed, keep) == first
        assert len({asked.path for asked in server.asked}) == len(server.asked) == 5


@pytest.mark.parametrize("place", range(10))
def test_wherever_a_tag_comes_in_the_list_is_as_it_is_now(place: int) -> None:
    tags = [f"1.{n}" for n in range(9)]
    registry, keep = Registry(list(tags)), Keep(Memory())
    with serve(registry.answer) as server:
        ask(server, listed, keep)
        registry.tags.insert(place, "1.new")
        assert ask(server, listed, keep) == Complete((*tags[:place], "1.new", *tags[place:]))
        del registry.tags[place]
        assert ask(server, listed, keep) == Complete(tuple(tags))


def test_row_224_a_tag_that_moved_is_as_it_is_now() -> None:
    registry, keep = Registry([], manifests={"1": image("old")}), Keep(Memory())
    with serve(registry.answer) as server:
        old = ask(server, lambda oci: oci.manifest("a/b", "1"), keep)
        assert ask(server, lambda oci: oci.manifest("a/b", "1"), keep) == old
        assert (keep.held, keep.hits) == (1, 0)
        registry.manifests["1"] = image("new")
        new = ask(server, lambda oci: oci.manifest("a/b", "1"), keep)
        assert (new.digest, new.labels) == (f"sha256:{digest(image('new'))}", {"words": "new"})
        server.asked.clear()
        assert ask(server, lambda oci: oci.manifest("a/b", old.digest), keep) == old
        assert (server.asked, keep.hits) == ([], 1)


def test_one_account_is_not_given_what_another_was() -> None:
    registry, keep = Registry(["1"]), Keep(Memory())
    with serve(registry.answer) as server:
        ask(server, listed, keep, "ada")
        server.asked.clear()
        ask(server, listed, keep, "eve")
        assert not any("if-none-match" in asked.headers for asked in server.asked)


def test_no_secret_is_kept() -> None:
    memory = Memory()
    with serve(Registry(["1"], manifests={"1": image("x")}).answer) as server:
        ask(server, listed, Keep(memory), "ada")
        ask(server, lambda oci: oci.manifest("a/b", "1"), Keep(memory), "ada")
    kept = "".join(f"{key} {value!r}" for key, value in memory.kept.items())
    assert memory.kept
    assert "secret" not in kept


@given(st.binary(max_size=40) | st.sampled_from([b"{}", b"[]", b'{"v":1,"pages":7}', b'{"v":1,"pages":[[1]]}', b'{"v":1,"digest":7}']))  # fmt: skip
def test_row_225_a_broken_cache_is_no_cache(junk: bytes) -> None:
    shelf = Keep(_Junk(junk)).shelf("r.example/", "")
    assert shelf.pages("a/b")[0] == {}
    assert shelf.manifest("a/b", "sha256:0") is None
    assert shelf.tagged("a/b", "1") is None


class _Junk(Memory):
    def __init__(self, junk: bytes) -> None:
        super().__init__()
        self.junk = junk

    def get(self, namespace: str, key: str) -> bytes | None:
        return self.junk if namespace or key else None


def test_what_is_put_is_given_back() -> None:
    shelf = Keep(Memory(), lambda: 100.0).shelf("r.example/", "ada")
    pages = {"u1": Page(("1",), "u2", '"e"', "yesterday"), "u2": Page(("2",))}
    shelf.put_pages("a/b", pages)
    assert shelf.pages("a/b") == (pages, 0)
    manifest = Manifest(
        "sha256:1", MANIFEST, ("linux/amd64",), None, {"a": "b"}, {"linux/amd64": "sha256:2"},
        sizes={"linux/amd64": 7},
    )  # fmt: skip
    shelf.put_manifest("a/b", "1", manifest)
    assert shelf.tagged("a/b", "1") == shelf.manifest("a/b", "sha256:1") == manifest


def test_that_a_digest_is_there_is_asked_once_a_day() -> None:
    now = [0.0]
    registry, keep = Registry([], manifests={}), Keep(Memory(), lambda: now[0])
    name = f"sha256:{digest(image('x'))}"
    registry.manifests[name] = image("x")
    with serve(registry.answer) as server:
        for moment, asked in ((0.0, 2), (80_000.0, 2), (90_000.0, 4)):
            now[0] = moment
            assert ask(server, lambda oci: oci.digest("a/b", name), keep) == name
            assert len(server.asked) == asked
