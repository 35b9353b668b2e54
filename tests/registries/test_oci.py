"""The OCI client: against a real registry, and against scripted ones for the vendors' quirks."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, TypeVar

import pytest

from bumper.errors import DeniedError, NotFoundError, RegistryError
from bumper.http import Http
from bumper.keep import Keep
from bumper.keychains.base import Credentials
from bumper.model import Complete, Incomplete
from bumper.registries.insecure import Insecure
from bumper.registries.oci import Oci
from tests.canaries import canary
from tests.fakes import docker_registry
from tests.fakes.http_server import Answer, serve
from tests.fakes.memory import Memory
from tests.support import need

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bumper.model import Listing
    from tests.fakes.http_server import Asked


Result = TypeVar("Result")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[docker_registry.Registry]:
    try:
        with docker_registry.serve(tmp_path_factory.mktemp("registry")) as host:
            yield docker_registry.Registry(host)
    except FileNotFoundError:
        need("docker-registry", "install Debian's package docker-registry")


def ask(
    host: str, question: Callable[[Oci], Awaitable[Result]], credentials: Credentials | None = None
) -> Result:
    async def asked() -> Result:
        async with Http(timeout_seconds=5) as http:
            return await question(Oci(http, host, f"http://{host}", credentials))

    return asyncio.run(asked())


def test_lists_what_was_pushed(registry: docker_registry.Registry) -> None:
    for tag in ("1.0.0", "1.1.0", "latest"):
        registry.push("acme/list", tag)
    listing = ask(registry.host, lambda oci: oci.tags("acme/list"))
    assert isinstance(listing, Complete)
    assert sorted(listing.tags) == ["1.0.0", "1.1.0", "latest"]


def test_row_61_an_unknown_repository_is_not_found(registry: docker_registry.Registry) -> None:
    with pytest.raises(NotFoundError):
        ask(registry.host, lambda oci: oci.tags("acme/none"))


def test_row_60_a_repository_whose_tags_are_gone_is_empty(
    registry: docker_registry.Registry,
) -> None:
    digest = registry.push("acme/empty", "1.0.0")
    registry.delete("acme/empty", digest)
    assert ask(registry.host, lambda oci: oci.tags("acme/empty")) == Complete(())


def test_row_81_a_manifest_is_found_by_the_whole_accept_list(
    registry: docker_registry.Registry,
) -> None:
    digest = registry.push("acme/single", "1.0.0")
    manifest = ask(registry.host, lambda oci: oci.manifest("acme/single", "1.0.0"))
    assert manifest.digest == digest
    assert manifest.platforms == ()
    assert ask(registry.host, lambda oci: oci.digest("acme/single", "1.0.0")) == digest


def test_row_86_an_index_has_its_platforms_without_attestations(
    registry: docker_registry.Registry,
) -> None:
    platforms = ("linux/amd64", "linux/arm/v7")
    digest = registry.push("acme/multi", "1.0.0", platforms)
    manifest = ask(registry.host, lambda oci: oci.manifest("acme/multi", "1.0.0"))
    assert (manifest.digest, manifest.platforms) == (digest, platforms)


def test_row_73_a_tag_that_is_gone_is_not_found(registry: docker_registry.Registry) -> None:
    registry.push("acme/gone", "1.0.0")
    with pytest.raises(NotFoundError):
        ask(registry.host, lambda oci: oci.manifest("acme/gone", "9.9.9"))


def test_an_insecure_registry_is_found_over_plain_http(registry: docker_registry.Registry) -> None:
    registry.push("acme/plain", "1.0.0")

    async def asked() -> Listing:
        async with Http(timeout_seconds=5) as http:
            one = Insecure(http, registry.host, lambda base: Oci(http, registry.host, base, None))
            return await one.tags("acme/plain")

    assert asyncio.run(asked()) == Complete(("1.0.0",))


def pages(answers: dict[str, Answer]) -> Callable[[Asked], Answer]:
    return lambda asked: answers.get(asked.path, Answer(404))


def listed(*tags: object, link: str = "") -> Answer:
    headers = (("Link", link),) if link else ()
    return Answer(200, json.dumps({"name": "a/b", "tags": list(tags)}).encode(), headers)


FIRST = "/v2/a/b/tags/list?n=10000"


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        pytest.param({FIRST: listed("1", "2")}, Complete(("1", "2")), id="row-67-one-page"),
        pytest.param({FIRST: Answer(200, b'{"tags": null}')}, Complete(()), id="row-60-null"),
        pytest.param(
            {FIRST: listed("1", link='</v2/a/b/tags/list?last=1&n=1>; rel="next"'), "/v2/a/b/tags/list?last=1&n=1": listed("2")},
            Complete(("1", "2")), id="row-62-relative",
        ),
        pytest.param(
            {FIRST: listed("1", link='<?cursor=gAA%3D>; rel="next"'), "/v2/a/b/tags/list?cursor=gAA%3D": listed("2")},
            Complete(("1", "2")), id="row-62-opaque-cursor",
        ),
        pytest.param(
            {FIRST: listed("1", link="</c1>; rel=\"previous\"; title*=UTF-8'de'x, </p2>; rel=\"next\""), "/p2": listed("2")},
            Complete(("1", "2")), id="row-b4-previous-then-next",
        ),
        pytest.param(
            {FIRST: listed("1", link='</p2>; rel="next"'), "/p2": listed(link='</p3>; rel="next"'), "/p3": listed()},
            Complete(("1",)), id="row-65-a-link-to-an-empty-page",
        ),
        pytest.param(
            {FIRST: listed("1", None, 3, {"a": 1}, "a/b", "x\n", "-bad", "a" * 129, "sha256:ab", "2")},
            Complete(("1", "2")), id="row-70-entries-that-are-no-tags",
        ),
        pytest.param({FIRST: listed("1", "1", "a", "A")}, Complete(("1", "a", "A")), id="row-71-duplicates-and-case-twins"),
    ],
)  # fmt: skip
def test_lists(answers: dict[str, Answer], wanted: Complete) -> None:
    with serve(pages(answers)) as server:
        assert ask(server.host, lambda oci: oci.tags("a/b")) == wanted


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({FIRST: listed("1", link='<http://127.0.0.2:1/x>; rel="next"')}, id="row-63-another-host"),
        pytest.param({FIRST: listed("1", link='<//evil.example/x>; rel="next"')}, id="row-63-no-scheme"),
        pytest.param({FIRST: listed("1", link=f'<{FIRST}>; rel="next"')}, id="row-64-a-loop"),
        pytest.param({FIRST: listed("1", link='</p2>; rel="next"'), "/p2": Answer(404)}, id="row-68-a-page-fails"),
        pytest.param({FIRST: listed("1", link='</p2>; rel="next"'), "/p2": Answer(400)}, id="row-76-nexus"),
        pytest.param({FIRST: listed("1", link="</p2")}, id="row-b4-a-broken-link"),
        pytest.param({FIRST: listed("1", link='</p2>; rel="next"'), "/p2": Answer(200, b"<html>")}, id="row-27-html"),
    ],
)  # fmt: skip
def test_a_list_that_may_not_be_whole_is_incomplete(answers: dict[str, Answer]) -> None:
    with serve(pages(answers)) as server:
        listing = ask(server.host, lambda oci: oci.tags("a/b"))
    assert isinstance(listing, Incomplete)
    assert listing.reason


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(Answer(404), "registry-not-found", id="row-61-not-found"),
        pytest.param(Answer(403), "registry-denied", id="row-61-forbidden"),
        pytest.param(Answer(401), "auth-unsupported", id="row-38-no-challenge"),
        pytest.param(Answer(401, b"", (("WWW-Authenticate", "Negotiate"),)), "auth-unsupported", id="row-37-unknown-scheme"),
        pytest.param(Answer(200, b"<html>login"), "not-a-registry", id="row-27-a-login-page"),
        pytest.param(Answer(200, b"[" * 100_000), "not-a-registry", id="row-90-deep-json"),
        pytest.param(Answer(301, b"", (("Location", "\\\\evil"),)), "redirects", id="row-23-an-odd-redirect"),
        pytest.param(Answer(301, b"", (("Location", FIRST),)), "redirects", id="row-22-a-loop"),
        pytest.param(Answer(429, b"", (("Retry-After", "1e9"),)), "registry-rate-limited", id="row-12-a-long-wait"),
        pytest.param(Answer(200, b"x", (("Content-Encoding", "gzip"),)), "encoded", id="row-24-compressed"),
    ],
)  # fmt: skip
def test_refusals_are_told_apart(answer: Answer, code: str) -> None:
    with serve(lambda _: answer) as server, pytest.raises(RegistryError) as caught:
        ask(server.host, lambda oci: oci.tags("a/b"))
    assert caught.value.code == code


def token_world(realm: str, seen: list[Asked]) -> Callable[[Asked], Answer]:
    """A registry that wants Bearer, and its token server on the same host."""

    def answer(asked: Asked) -> Answer:
        seen.append(asked)
        if asked.path.startswith("/token"):
            return Answer(200, b'{"token": "t0ken", "expires_in": 300}')
        if asked.headers.get("authorization") == "Bearer t0ken":
            return listed("1")
        return Answer(401, b"", (("WWW-Authenticate", f'Bearer realm="{realm}",service="svc, x"'),))

    return answer


def test_row_35_a_bearer_token_is_fetched_once_for_many() -> None:
    seen: list[Asked] = []

    async def many(oci: Oci) -> list[Listing]:
        return [await oci.tags("a/b"), *await asyncio.gather(*(oci.tags("a/b") for _ in range(5)))]

    with serve(token_world("/token", seen)) as server:
        known = Credentials("ada", canary("config"), "test")
        assert ask(server.host, many, known) == [Complete(("1",))] * 6
    tokens = [asked for asked in seen if asked.path.startswith("/token")]
    assert len(tokens) == 1
    assert tokens[0].headers["authorization"].startswith("Basic ")
    assert "scope=repository%3Aa%2Fb%3Apull" in tokens[0].path
    assert "service=svc%2C+x" in tokens[0].path


def test_row_32_a_host_is_challenged_once_however_many_ask() -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Answer:
        return token_world("/token", seen)(asked)

    async def many(oci: Oci) -> list[Listing]:
        return list(await asyncio.gather(*(oci.tags(f"a/{n}") for n in range(30))))

    with serve(answer) as server:
        assert ask(server.host, many) == [Complete(("1",))] * 30
    challenged = [
        one for one in seen if "authorization" not in one.headers and "/token" not in one.path
    ]
    assert len(challenged) == 1
    assert len(seen) == 1 + 30 + 30


def test_row_42_a_foreign_token_server_gets_no_secret() -> None:
    seen: list[Asked] = []
    with (
        serve(token_world("", seen)) as other,
        serve(token_world(f"{other.url}/token", seen)) as server,
    ):
        with pytest.raises(RegistryError) as caught:
            ask(
                server.host,
                lambda oci: oci.tags("a/b"),
                Credentials("ada", canary("config"), "test"),
            )
        assert caught.value.code == "realm"
    assert not any(asked.path.startswith("/token") for asked in seen)


def test_row_19_a_redirect_to_another_origin_carries_no_secret() -> None:
    with serve(lambda _: listed("1")) as other:

        def answer(asked: Asked) -> Answer:
            if "authorization" not in asked.headers:
                return Answer(401, b"", (("WWW-Authenticate", 'Basic realm="x"'),))
            return Answer(307, b"", (("Location", f"{other.url}/elsewhere"),))

        with serve(answer) as server:
            ask(
                server.host,
                lambda oci: oci.tags("a/b"),
                Credentials("ada", canary("config"), "test"),
            )
        assert {asked.headers.get("authorization") for asked in other.asked} == {None}


def test_row_59_a_wrong_password_is_tried_at_most_twice() -> None:
    refuse = Answer(401, b"", (("WWW-Authenticate", 'Basic realm="x"'),))
    with serve(lambda _: refuse) as server:
        with pytest.raises(DeniedError):
            ask(
                server.host,
                lambda oci: oci.tags("a/b"),
                Credentials("ada", canary("failing"), "test"),
            )
        assert len(server.asked) == 2


def test_row_83_a_digest_that_does_not_fit_its_content_is_refused() -> None:
    headers = (
        ("Docker-Content-Digest", "sha256:" + "0" * 64),
        ("Content-Type", docker_registry.MANIFEST),
    )
    with (
        serve(lambda _: Answer(200, b"{}", headers)) as server,
        pytest.raises(RegistryError) as caught,
    ):
        ask(server.host, lambda oci: oci.manifest("a/b", "1"))
    assert caught.value.code == "digest-mismatch"


def test_row_84_head_refused_get_answers() -> None:
    body = json.dumps({"mediaType": docker_registry.MANIFEST}).encode()

    def answer(asked: Asked) -> Answer:
        return Answer(405) if asked.method == "HEAD" else Answer(200, body)

    with serve(answer) as server:
        assert ask(server.host, lambda oci: oci.digest("a/b", "1")).startswith("sha256:")


def test_row_8_a_passing_fault_is_tried_again() -> None:
    answers = iter([Answer(503), Answer(502), listed("1")])
    with serve(lambda _: next(answers)) as server:
        assert ask(server.host, lambda oci: oci.tags("a/b")) == Complete(("1",))


def test_row_2_a_closed_port_is_no_connection() -> None:
    with pytest.raises(RegistryError) as caught:
        ask(f"127.0.0.1:{docker_registry.free_port()}", lambda oci: oci.tags("a/b"))
    assert caught.value.code == "connect"


CONFIG = "application/vnd.oci.image.config.v1+json"


def content(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def stored(*bodies: bytes, tag: bytes, blobs: tuple[bytes, ...] = ()) -> Callable[[Asked], Answer]:
    """A registry with these manifests by digest, one of them under the tag 1, and these blobs."""
    known = {content(body): body for body in (*bodies, tag, *blobs)}

    def answer(asked: Asked) -> Answer:
        name = asked.path.rpartition("/")[2]
        body = tag if name == "1" else known.get(name)
        return Answer(404) if body is None else Answer(200, b"" if asked.method == "HEAD" else body)

    return answer


def single(config: bytes, **more: object) -> bytes:
    described = {"mediaType": CONFIG, "digest": content(config)}
    return json.dumps({"mediaType": docker_registry.MANIFEST, "config": described, **more}).encode()


def test_row_85_a_single_image_has_the_platform_of_its_config() -> None:
    config = json.dumps(
        {
            "os": "linux",
            "architecture": "arm64",
            "created": "2024-05-01T00:00:00Z",
            "config": {"Labels": {"a": "b"}},
        }
    ).encode()
    with serve(stored(tag=single(config), blobs=(config,))) as server:
        found = ask(server.host, lambda oci: oci.manifest("a/b", "1"))
    assert (found.platforms, found.labels) == (("linux/arm64",), {"a": "b"})
    assert found.created is not None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(404), id="missing"),
        pytest.param(Answer(200, b'{"os": "linux", "architecture": "amd64"}'), id="another-content"),
        pytest.param(Answer(302, b"", (("Location", "http://127.0.0.1:9/x"),)), id="on-another-host-that-is-down"),
        pytest.param(Answer(200, b"x" * (9 << 20)), id="too-large"),
    ],
)  # fmt: skip
def test_row_91_a_config_that_cannot_be_had_leaves_the_platform_unknown(answer: Answer) -> None:
    manifests = stored(tag=single(b"{}"))
    with serve(lambda asked: answer if "/blobs/" in asked.path else manifests(asked)) as server:
        assert ask(server.host, lambda oci: oci.manifest("a/b", "1")).platforms == ()


def test_row_85_an_index_inside_an_index_counts() -> None:
    entry = {
        "mediaType": docker_registry.MANIFEST,
        "digest": content(b"x"),
        "platform": {"os": "linux", "architecture": "amd64"},
    }
    inner = json.dumps({"mediaType": docker_registry.INDEX, "manifests": [entry]}).encode()
    outer = json.dumps(
        {
            "mediaType": docker_registry.INDEX,
            "manifests": [{"mediaType": docker_registry.INDEX, "digest": content(inner)}],
        }
    ).encode()
    with serve(stored(inner, tag=outer)) as server:
        found = ask(server.host, lambda oci: oci.manifest("a/b", "1"))
    assert (found.digest, found.platforms) == (content(outer), ("linux/amd64",))


def test_row_82_a_head_without_a_digest_is_asked_again_for_the_content() -> None:
    with serve(stored(tag=single(b"{}"))) as server:
        assert ask(server.host, lambda oci: oci.digest("a/b", "1")) == content(single(b"{}"))
        assert [asked.method for asked in server.asked][:2] == ["HEAD", "GET"]


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_row_93_what_a_digest_names_must_be_its_content(algorithm: str) -> None:
    body = single(b"{}")
    right = f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"
    with serve(lambda _: Answer(200, body)) as server:
        assert ask(server.host, lambda oci: oci.manifest("a/b", right)).media_type
        with pytest.raises(RegistryError) as caught:
            ask(
                server.host,
                lambda oci: oci.manifest("a/b", f"{algorithm}:{'0' * (len(right) - 7)}"),
            )
    assert caught.value.code == "digest-mismatch"


def test_row_88_a_chart_beside_images_is_no_image(registry: docker_registry.Registry) -> None:
    registry.push("acme/chart", "1.0.0", config="application/vnd.cncf.helm.config.v1+json")
    with pytest.raises(NotFoundError) as caught:
        ask(registry.host, lambda oci: oci.manifest("acme/chart", "1.0.0"))
    assert caught.value.code == "not-an-image"


def test_row_13_a_registry_that_counts_pulls_is_asked_by_head_first() -> None:
    manifests = stored(tag=single(b"{}"))

    def answer(asked: Asked) -> Answer:
        given = manifests(asked)
        left = (
            ("RateLimit-Remaining", "50;w=21600"),
            ("Docker-Content-Digest", content(single(b"{}"))),
        )
        return Answer(given.status, given.body, left if "/manifests/" in asked.path else ())

    async def twice(oci: Oci) -> None:
        await oci.digest("a/b", "1")
        await oci.manifest("a/b", "1")
        await oci.manifest("a/b", "1")

    async def asked() -> None:
        async with Http(timeout_seconds=5) as http:
            await twice(Oci(http, server.host, server.url, None, "", Keep(Memory())))

    with serve(answer) as server:
        asyncio.run(asked())
        pulls = [one for one in server.asked if one.method == "GET" and "/manifests/" in one.path]
        assert len(pulls) == 1
