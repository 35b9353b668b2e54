"""What the makers of images say: found by the right repository, bounded, and never in the way."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bumper import provenance, release_places
from bumper.http import Bound, Http
from bumper.keep import Keep
from bumper.model import Bump, Level, Manifest, Policy, Setting
from bumper.patience import Patience
from bumper.release_places import Api
from bumper.releases import Releases
from tests.canaries import canary
from tests.fakes.described import Described
from tests.fakes.http_server import Answer, serve
from tests.support import use

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.notes import Notes
    from tests.fakes.http_server import Asked, Server

SOURCE, VERSION = "org.opencontainers.image.source", "org.opencontainers.image.version"
REVISION, URL = "org.opencontainers.image.revision", "org.opencontainers.image.url"
A, B = "a" * 40, "b" * 40
APP = "https://github.com/acme/app"

CLAIMS = [
    pytest.param({SOURCE: APP, REVISION: B}, {SOURCE: APP, REVISION: A}, {}, APP, B, id="its-own"),
    pytest.param({SOURCE: f"{APP}.git"}, {}, {}, APP, "", id="a-clone-address"),
    pytest.param({SOURCE: "git@github.com:acme/app.git"}, {}, {}, APP, "", id="an-ssh-address"),
    pytest.param({SOURCE: f"{APP}/tree/main/sub#x"}, {}, {}, APP, "", id="a-folder-in-it"),
    pytest.param({SOURCE: f"git+{APP}"}, {}, {}, APP, "", id="a-vcs-address"),
    pytest.param({URL: APP}, {}, {}, APP, "", id="only-a-url"),
    pytest.param({SOURCE: "https://acme.example", URL: APP}, {}, {}, APP, "", id="a-source-that-is-none"),
    pytest.param({"org.label-schema.vcs-url": APP}, {}, {}, APP, "", id="the-older-labels"),
    pytest.param({}, {}, {}, "", "", id="no-labels"),
    pytest.param({SOURCE: APP}, {}, {SOURCE: APP}, "", "", id="the-base-image-says-the-same"),
    pytest.param({SOURCE: f"{APP}.git"}, {}, {URL: APP}, "", "", id="the-base-image-says-it-otherwise"),
    pytest.param({SOURCE: APP}, {}, {SOURCE: "https://github.com/debuerreotype/x"}, APP, "", id="the-base-image-says-something-else"),
    pytest.param({SOURCE: "https://github.com/linuxserver/docker-baseimage-alpine"}, {}, {}, "", "", id="an-image-to-build-on"),
    pytest.param({SOURCE: "https://github.com/nodejs/docker-node"}, {}, {}, "", "", id="a-runtime-to-build-on"),
    pytest.param({SOURCE: APP, VERSION: "22.04"}, {}, {}, "", "", id="another-version"),
    pytest.param({SOURCE: APP, VERSION: "v2.1.0-ls7"}, {}, {}, APP, "", id="the-same-version"),
    pytest.param({SOURCE: APP, VERSION: "2"}, {}, {}, APP, "", id="less-of-the-version"),
    pytest.param({SOURCE: APP, VERSION: "main"}, {VERSION: "main"}, {}, APP, "", id="a-word-for-a-version"),
    pytest.param({SOURCE: APP, REVISION: A}, {SOURCE: APP, REVISION: A}, {}, "", "", id="the-commit-of-the-version-before"),
    pytest.param({SOURCE: "http://localhost/a/b"}, {}, {}, "", "", id="a-host-that-is-none"),
    pytest.param({SOURCE: "https://user:pw@github.com/a/b"}, {}, {}, "", "", id="a-login"),
    pytest.param({SOURCE: "javascript:alert(1)//github.com/a/b"}, {}, {}, "", "", id="a-script"),
    pytest.param({SOURCE: "https://github.com/a/../b"}, {}, {}, "", "", id="a-path-that-climbs"),
    pytest.param({SOURCE: "https://github.com/a/b)[x](http:"}, {}, {}, "", "", id="markup"),
    pytest.param({SOURCE: "https://[::1"}, {}, {}, "", "", id="no-url"),
    pytest.param({SOURCE: f"{APP}\n"}, {}, {}, APP, "", id="a-line-end"),
]  # fmt: skip


@pytest.mark.parametrize(("new", "old", "base", "source", "revision"), CLAIMS)
def test_what_is_believed_of_labels(
    new: dict[str, str], old: dict[str, str], base: dict[str, str], source: str, revision: str
) -> None:
    claim = provenance.claim("acme/app", ("2.0.0", "2.1.0"), new, old, base)
    assert (claim.source, claim.revision) == (source, revision)
    if not source and provenance.repository(new.get(SOURCE, "")):
        assert claim.why


def test_a_base_image_may_speak_of_itself() -> None:
    labels = {SOURCE: "https://github.com/nodejs/docker-node"}
    assert provenance.claim("library/docker-node", ("1", "2"), labels, {}, {}).source


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], bytes] = {}

    def get(self, namespace: str, key: str) -> bytes | None:
        return self.values.get((namespace, key))

    def get_many(self, namespace: str, keys: Any) -> dict[str, bytes]:
        found = {key: self.get(namespace, key) for key in keys}
        return {key: value for key, value in found.items() if value is not None}

    def put(self, namespace: str, key: str, value: bytes) -> None:
        self.values[namespace, key] = value

    def close(self) -> None:
        pass


def release(tag: str, text: str = "notes", **more: object) -> dict[str, object]:
    return {
        "tag_name": tag, "name": f"Version {tag}", "published_at": "2026-03-01T10:00:00Z", "body": text,
        "html_url": f"{APP}/releases/tag/{tag}", "draft": False, "prerelease": False, **more,
    }  # fmt: skip


LIST = [release("v2.1.0", "- BREAKING: x"), release("v2.0.1"), release("v2.0.0"), release("v1.9.0")]


def answers(entries: object, status: int = 200, *, private: bool = False, etag: str = '"1"') -> Callable[[Asked], Answer]:  # fmt: skip
    def answer(asked: Asked) -> Answer:
        if "/releases" not in asked.path:
            return Answer(200, json.dumps({"private": private}).encode())
        if etag and asked.headers.get("if-none-match") == etag:
            return Answer(304)
        first = asked.path.endswith("page=1")
        body = json.dumps(entries if first or not isinstance(entries, list) else []).encode()
        return Answer(status, body, (("ETag", etag),))

    return answer


def image(letter: str, labels: dict[str, str] | None = None, inner: str = "") -> Manifest:
    return Manifest(
        f"sha256:{letter * 64}", "application/vnd.oci.image.index.v1+json", ("linux/amd64",), None, labels or {},
        {"linux/amd64": inner} if inner else {},
    )  # fmt: skip


BUMP = Bump(
    use("ghcr.io/acme/app:2.0.0"), Policy(), "2.1.0", None, Level.MINOR, "newer-tag", "newer", (),
    image("2", {SOURCE: APP}), before=image("1"),
)  # fmt: skip


def said(bump: Bump, key: str, value: str) -> Bump:
    return replace(bump, policy=replace(bump.policy, said=(Setting(key, value, "rules[0]"),)))


def told(
    server: Server,
    *bumps: Bump,
    registry: Described | None = None,
    keep: Keep | None = None,
    kind: str = "github",
    token: str = "",
    seconds: float = 5.0,
    web: str = "https://github.com",
) -> dict[str, Notes]:
    """The notes of some bumps, where GitHub is the server."""
    there = registry or Described()

    async def found() -> dict[str, Notes]:
        async with Http(timeout_seconds=1.0, pause=lambda _: asyncio.sleep(0)) as http:
            secret = Bound.to(server.url, {"Authorization": f"Bearer {token}"}) if token else None
            api = Api(kind, server.url, web, "own", secret)
            reader = Releases(http, keep or Keep(Memory()), lambda _: there, api, seconds)
            return dict(await reader.of(bumps))

    return asyncio.run(found())


def one(server: Server, bump: Bump, **more: Any) -> Notes:
    (notes,) = told(server, bump, **more).values()
    return notes


@pytest.mark.parametrize("kind", ["github", "gitea"])
def test_all_releases_between_are_told_newest_first(kind: str) -> None:
    with serve(answers(LIST)) as server:
        notes = one(server, BUMP, kind=kind)
    assert [(one.tag, one.published) for one in notes.releases] == [
        ("v2.1.0", "2026-03-01"), ("v2.0.1", "2026-03-01"),
    ]  # fmt: skip
    assert notes.source == APP
    assert notes.compare == f"{APP}/compare/v2.0.0...v2.1.0"
    size = "per_page" if kind == "github" else "limit"
    assert [asked.path for asked in server.asked] == [f"/repos/acme/app/releases?{size}=50&page=1"]


@pytest.mark.parametrize(
    ("used", "asked"),
    [
        pytest.param(("linux/arm64/v8",), "b", id="the-platform-in-use"),
        pytest.param(("linux/s390x",), "a", id="one-that-is-not-there"),
        pytest.param((), "a", id="the-most-common-where-none-is-known"),
    ],
)
def test_the_labels_of_an_index_are_those_of_the_image_in_use(
    used: tuple[str, ...], asked: str
) -> None:
    digests = {letter: f"sha256:{letter * 64}" for letter in "ab"}
    there = Described({digest: image(letter, {SOURCE: APP}) for letter, digest in digests.items()})
    contents = {"linux/amd64": digests["a"], "linux/arm64": digests["b"]}
    bump = replace(
        BUMP,
        policy=Policy(platforms=used),
        manifest=replace(image("2"), contents=contents),
        before=image("1", {SOURCE: APP}),
    )
    with serve(answers(LIST)) as server:
        notes = one(server, bump, registry=there)
    assert there.asked == [f"acme/app {digests[asked]}"]
    assert notes.source == APP


FAULTS = [
    pytest.param(answers(LIST, 404), "no such repository", id="no-such-repository"),
    pytest.param(answers({"message": "x"}, 403), "access denied, or too many requests", id="row-172-no-requests-left"),
    pytest.param(answers({"x": 1}), "in an unknown way", id="row-177-another-shape"),
    pytest.param(answers([1, None, {"tag_name": 3}, {"tag_name": ["v2.1.0"]}]), "", id="row-177-odd-entries"),
    pytest.param(lambda _: Answer(200, b"<html>"), "not a forge's answer", id="row-177-html"),
    pytest.param(lambda _: Answer(200, b"[" * 100_000), "not a forge's answer", id="a-deep-answer"),
    pytest.param(lambda _: Answer(500), "answered 500", id="row-175-broken"),
    pytest.param(lambda _: Answer(200, b"x" * 5_000_000), "no release notes", id="too-large"),
    pytest.param(lambda _: Answer(302, b"", (("Location", "http://169.254.169.254/"),)), "no release notes", id="led-to-a-local-address"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "why"), FAULTS)
def test_what_cannot_be_had_is_told_and_stops_nothing(
    answer: Callable[[Asked], Answer], why: str
) -> None:
    with serve(answer) as server:
        notes = one(server, BUMP)
    assert notes.releases == ()
    assert notes.source == APP, "the page can still be linked"
    assert why in notes.why


def test_a_forge_that_hangs_costs_its_time_and_no_more() -> None:
    release_it = asyncio.Event()

    async def found() -> tuple[float, dict[str, Notes], dict[str, Notes]]:
        async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await release_it.wait()
            writer.close()

        server = await asyncio.start_server(hang, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with Http(timeout_seconds=30.0) as http:
            api = Api("github", f"http://127.0.0.1:{port}", "https://github.com")
            reader = Releases(http, Keep(Memory()), lambda _: Described(), api)
            reader._patience = Patience(0.3, 0.4)
            clock = asyncio.get_running_loop().time
            start = clock()
            first = await reader.of([BUMP])
            again = [await reader.of([BUMP]) for _ in range(20)]
            spent = clock() - start
        release_it.set()
        server.close()
        return spent, dict(first), dict(again[-1])

    spent, first, last = asyncio.run(found())
    assert spent < 1.5
    assert first == last
    assert {notes.why for notes in first.values()} == {
        "no release notes: their forge did not answer in time"
    }


def test_one_image_without_notes_takes_none_from_the_others() -> None:
    other = replace(
        BUMP, use=use("ghcr.io/acme/other:1.0"), manifest=image("9", {SOURCE: "https://github.com/acme/none"})
    )  # fmt: skip

    def answer(asked: Asked) -> Answer:
        return Answer(404) if "/none/" in asked.path else answers(LIST)(asked)

    with serve(answer) as server:
        notes = told(server, BUMP, other)
    assert len(notes["ghcr.io/acme/app"].releases) == 2
    assert notes["ghcr.io/acme/other"].releases == ()


def test_the_labels_are_those_of_the_proposed_digest() -> None:
    inner = f"sha256:{'7' * 64}"
    registry = Described(
        {inner: Manifest(inner, "application/vnd.oci.image.manifest.v1+json", labels={SOURCE: APP})}
    )
    bump = replace(BUMP, manifest=image("2", {}, inner))
    with serve(answers(LIST)) as server:
        notes = one(server, bump, registry=registry)
    assert notes.source == APP
    assert registry.asked == [f"acme/app {inner}"]


def test_labels_of_the_base_image_are_refused() -> None:
    labels = {SOURCE: APP, provenance.BASE: "ghcr.io/acme/runtime:1"}
    registry = Described({"1": image("5", {SOURCE: APP})})
    with serve(answers(LIST)) as server:
        notes = one(server, replace(BUMP, manifest=image("2", labels)), registry=registry)
    assert (notes.source, notes.releases, server.asked) == ("", (), [])
    assert "those of the image it is built on say the same" in notes.why
    assert registry.asked == ["acme/runtime 1"]


@pytest.mark.parametrize(
    "name", ["evil.example/x:1", "127.0.0.1:5000/x:1", "ghcr.io/acme/app:1", "[", ""]
)
def test_a_base_image_elsewhere_is_not_asked_for(name: str) -> None:
    registry = Described()
    with serve(answers(LIST)) as server:
        one(
            server,
            replace(BUMP, manifest=image("2", {SOURCE: APP, provenance.BASE: name})),
            registry=registry,
        )
    assert registry.asked == []


def test_a_setting_names_the_source_and_no_label_is_asked_for() -> None:
    registry = Described()
    bump = said(
        replace(BUMP, manifest=None, before=None), "source", "https://github.com/acme/elsewhere"
    )
    with serve(answers(LIST)) as server:
        notes = one(server, bump, registry=registry)
    assert notes.source == "https://github.com/acme/elsewhere"
    assert len(notes.releases) == 2
    assert registry.asked == []


def test_a_page_of_a_setting_is_linked() -> None:
    with serve(answers(LIST)) as server:
        notes = one(server, said(BUMP, "release-notes", "https://acme.example/notes"))
    assert notes.page == "https://acme.example/notes"


def test_a_much_used_image_is_known() -> None:
    with serve(answers([release("release-1.27.1")])) as server:
        notes = one(server, replace(BUMP, use=use("nginx:1.25.3-alpine"), new_tag="1.27.1-alpine"))
    assert server.asked[0].path.startswith("/repos/nginx/nginx/releases")
    assert [one.tag for one in notes.releases] == ["release-1.27.1"]


def test_a_moved_digest_has_the_changes_between_its_commits() -> None:
    new, old = image("2", {SOURCE: APP, REVISION: B}), image("1", {SOURCE: APP, REVISION: A})
    bump = replace(BUMP, new_tag=None, new_digest=new.digest, level=Level.DIGEST, manifest=new, before=old)  # fmt: skip
    with serve(answers(LIST)) as server:
        notes = one(server, bump)
    assert notes.compare == f"{APP}/compare/{A}...{B}"
    assert server.asked == []


def test_gitlab_lists_its_releases_in_its_own_words() -> None:
    source = "https://gitlab.acme.org/group/sub/app"
    entries = [
        {"tag_name": "v2.2.0", "description": "planned", "upcoming_release": True},
        {"tag_name": "v2.1.0", "name": "Two", "released_at": "2026-03-01T10:00:00Z", "description": "- new",
         "_links": {"self": f"{source}/-/releases/v2.1.0"}},
        {"tag_name": "v2.0.0", "released_at": 7, "_links": None},
    ]  # fmt: skip
    with serve(answers(entries)) as server:
        bump = replace(
            BUMP, manifest=image("2", {SOURCE: f"{source}/-/tree/main"}), new_tag="2.1.0"
        )
        notes = one(server, bump, kind="gitlab", web="https://gitlab.acme.org")
        assert server.asked[0].path == "/projects/group%2Fsub%2Fapp/releases?per_page=50&page=1"
    (found,) = notes.releases
    assert (found.tag, found.published, found.text) == ("v2.1.0", "2026-03-01", "- new")
    assert found.url == f"{source}/-/releases/v2.1.0"
    assert notes.compare == f"{source}/-/compare/v2.0.0...v2.1.0"


@pytest.mark.parametrize(("visibility", "tokens"), [("public", 2), ("internal", 1), ("private", 1)])
def test_of_gitlab_too_the_token_reads_what_is_public_alone(visibility: str, tokens: int) -> None:
    def answer(asked: Asked) -> Answer:
        listed = "/releases" in asked.path
        return Answer(200, json.dumps([] if listed else {"visibility": visibility}).encode())

    labels = {SOURCE: "https://gitlab.acme.org/other/app"}
    with serve(answer) as server:
        bump = replace(BUMP, manifest=image("2", labels))
        one(server, bump, kind="gitlab", web="https://gitlab.acme.org", token=canary("GH_TOKEN"))
        sent = [asked.headers.get("authorization") for asked in server.asked]
    assert len(sent) == 2
    assert sum(one is not None for one in sent) == tokens


@pytest.mark.parametrize(
    ("source", "told", "address", "led_by"),
    [
        ("https://gitlab.com/a/b/c", False, "https://gitlab.com/api/v4/projects/a%2Fb%2Fc", False),
        (
            "https://gitlab.acme.org/a/b",
            False,
            "https://gitlab.acme.org/api/v4/projects/a%2Fb",
            True,
        ),
        (
            "https://gitlab.acme.org/a/b",
            True,
            "https://gitlab.acme.org/api/v4/projects/a%2Fb",
            False,
        ),
        ("https://git.acme.org/a/b", True, "https://git.acme.org/api/v1/repos/a/b", False),
        ("https://git.acme.org/a/b", False, None, False),
    ],
)
def test_where_releases_are_listed(
    source: str,
    told: bool,  # noqa: FBT001 - a column of the table
    address: str | None,
    led_by: bool,  # noqa: FBT001 - a column of the table
) -> None:
    place = release_places.find(source, "ghcr.io", Api(), told=told)
    assert (place and place.address) == address
    assert (place is not None and place.led_by is not None) == led_by


def test_a_source_without_an_api_is_linked_alone() -> None:
    labels = {SOURCE: "https://bitbucket.org/acme/app"}
    with serve(answers(LIST)) as server:
        notes = one(server, replace(BUMP, manifest=image("2", labels)))
    assert (notes.source, notes.why, server.asked) == ("https://bitbucket.org/acme/app", "", [])


def test_what_was_told_is_kept_and_asked_for_on_condition() -> None:
    now = [0.0]
    keep = Keep(Memory(), lambda: now[0])
    with serve(answers(LIST)) as server:
        first = one(server, BUMP, keep=keep)
        assert one(server, BUMP, keep=keep) == first
        assert len(server.asked) == 1, "an hour long nothing is asked"
        now[0] = 4_000.0
        assert one(server, BUMP, keep=keep) == first
        assert server.asked[1].headers["if-none-match"] == '"1"'
        older = replace(BUMP, use=use("ghcr.io/acme/app:1.8.0"))
        assert len(one(server, older, keep=keep).releases) == 4
        assert "if-none-match" not in server.asked[2].headers, "what does not go back far enough is asked for whole"  # fmt: skip


def test_what_was_told_before_is_told_where_nobody_answers() -> None:
    now = [0.0]
    keep = Keep(Memory(), lambda: now[0])
    with serve(lambda asked: answers(LIST)(asked) if now[0] < 1 else Answer(503)) as server:
        first = one(server, BUMP, keep=keep)
        now[0] = 90_000.0
        again = one(server, BUMP, keep=keep)
    assert len(first.releases) == 2
    assert again == first


def test_four_pages_are_the_most() -> None:
    many = [release(f"v9.{n}.0") for n in range(50)]
    with serve(lambda _: Answer(200, json.dumps(many).encode())) as server:
        one(server, BUMP)
    assert len(server.asked) == 4


TOKENS = [
    pytest.param(BUMP, False, [f"Bearer {canary('GH_TOKEN')}", f"Bearer {canary('GH_TOKEN')}"], 2, id="a-public-repository"),
    pytest.param(BUMP, True, [f"Bearer {canary('GH_TOKEN')}", None], 2, id="what-only-the-token-may-read-is-not-told"),
    pytest.param(said(BUMP, "source", APP), True, [f"Bearer {canary('GH_TOKEN')}"], 2, id="a-setting-may-name-a-private-one"),
    pytest.param(replace(BUMP, manifest=image("2", {SOURCE: "https://github.com/own/app"})), True, [f"Bearer {canary('GH_TOKEN')}"], 2, id="the-owner-is-ours"),
]  # fmt: skip


@pytest.mark.parametrize(("bump", "private", "sent", "count"), TOKENS)
def test_the_token_reads_nothing_that_others_may_not(
    bump: Bump,
    private: bool,  # noqa: FBT001 - a column of the table
    sent: list[str | None],
    count: int,
) -> None:
    with serve(answers(LIST, private=private)) as server:
        notes = one(server, bump, token=canary("GH_TOKEN"))
    assert [asked.headers.get("authorization") for asked in server.asked] == sent
    assert len(notes.releases) == count


def test_rule_s_the_token_goes_to_its_own_origin_alone() -> None:
    """The forge of the run is one server, the image's source is another; `source` names it."""
    with serve(answers(LIST)) as server, serve(answers(LIST)) as own:

        async def found() -> None:
            async with Http() as http:
                secret = Bound.to(own.url, {"Authorization": f"Bearer {canary('GH_TOKEN')}"})
                api = Api("gitea", server.url, "https://github.com", "own", secret)
                await Releases(http, Keep(Memory()), lambda _: Described(), api).of([BUMP])

        asyncio.run(found())
        assert own.asked == []
        assert [asked.headers.get("authorization") for asked in server.asked] == [None]


def test_drafts_and_long_texts_are_cut() -> None:
    entries = [
        release("v2.1.0", "line\n" * 50_000),
        release("v2.0.5", draft=True),
        release("v2.0.0"),
    ]
    with serve(answers(entries)) as server:
        notes = one(server, BUMP)
    assert [one.tag for one in notes.releases] == ["v2.1.0"]
    assert len(notes.releases[0].text) <= 20_000
    assert notes.releases[0].text.endswith("line")
