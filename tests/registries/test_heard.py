"""What answers say beside their content: rows 26 and 28, tables b4 and b5, and a whole run that shows it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.errors import RegistryError
from bumper.http import Http
from bumper.keychains.base import Credentials
from bumper.model import Complete
from bumper.registries import heard
from bumper.registries.oci import Oci
from tests.canaries import canary
from tests.fakes.http_server import Answer, serve
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bumper.keychains.base import Wallet
    from bumper.model import Listing
    from tests.fakes.http_server import Asked


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param('299 - "the tag list is cut"', ["the tag list is cut"], id="row-28-one"),
        pytest.param('299 - "a", 299 - "b"', ["a", "b"], id="row-28-two"),
        pytest.param(r'299 - "say \"no\" \\ now"', [r'say "no" \ now'], id="row-28-escapes"),
        pytest.param('199 - "x"', [], id="row-28-another-code"),
        pytest.param('299 proxy "x"', [], id="row-28-an-agent"),
        pytest.param('299 - "x" "Wed, 21 Oct 2015 07:28:00 GMT"', [], id="row-28-a-date"),
        pytest.param('299 - "x', [], id="row-28-not-ended"),
        pytest.param('299 - "x\x1b[31m"', [], id="row-28-controls"),
        pytest.param('299 - "x\\', [], id="row-28-a-backslash-at-the-end"),
        pytest.param('299 - ""', [], id="row-28-empty"),
        pytest.param(f'299 - "{"x" * 5000}"', [], id="row-28-too-long"),
        pytest.param(f'299 - "{"x" * 900}"', ["x" * 199 + "…"], id="row-28-long"),
        pytest.param("", [], id="row-28-none"),
    ],
)
def test_table_b4_a_warning(header: str, expected: list[str]) -> None:
    assert list(heard.warnings(header)) == expected


@given(st.text(max_size=80), st.binary(max_size=80))
def test_any_header_and_body_give_short_printable_texts(header: str, body: bytes) -> None:
    for text in (*heard.warnings(f'299 - "{header}"'), heard.refusal(body)):
        assert len(text) <= 200
        assert text.isprintable()


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("Wed, 21 Oct 2015 07:28:00 GMT", True), ("Wed, 21 Oct 2015 07:28:00 -0000", False), ("soon", False), ("", False),
        ("Fri, 31 Dec 99999 23:59:59 GMT", False), ("Wed, 21 Oct 2015 07:28:60 +9999", False),
    ],
)  # fmt: skip
def test_row_226_a_date(header: str, is_one: object) -> None:
    assert (heard.moment(header) is not None) is is_one


def error(code: str, message: str, detail: object = None) -> bytes:
    return json.dumps({"errors": [{"code": code, "message": message, "detail": detail}]}).encode()


def ask(url: str, who: Credentials | Wallet | None = None) -> Listing | RegistryError:
    async def asked() -> Listing | RegistryError:
        async with Http(timeout_seconds=3, pause=lambda _: asyncio.sleep(0)) as http:
            try:
                return await Oci(http, url.partition("//")[2], url, who).tags("a/b")
            except RegistryError as found:
                return found

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        pytest.param(404, error("NAME_UNKNOWN", "repository name not known to registry", {"name": "a/b"}),
                     "registry-not-found", "repository name not known to registry", id="row-26-distribution"),
        pytest.param(404, error("NOT_FOUND", "artifact a/b not found"), "registry-not-found", "artifact a/b", id="row-26-harbor"),
        pytest.param(404, b'{"errors":[{"code":"404","message":"Not Found"}]}', "registry-not-found", "Not Found", id="row-26-redhat"),
        pytest.param(404, b"Not found", "registry-not-found", "", id="row-26-bare-text"),
        pytest.param(404, b"", "registry-not-found", "", id="row-26-empty"),
        pytest.param(404, b"<html><h1>Sign in", "registry-not-found", "", id="row-26-html"),
        pytest.param(403, b'{"details":"login expired"}', "registry-denied", "login expired", id="row-26-details"),
        pytest.param(403, error("DENIED", "denied", [1, None, {"a": "b"}]), "registry-denied", "denied", id="row-26-detail-of-any-type"),
        pytest.param(403, b"Your Authorization Token has expired.", "registry-denied", "", id="row-26-ecr"),
        pytest.param(418, error("X", "tea\x1b[2J\n::add-mask::x" + "y" * 900), "upstream", "tea\ufffd[2J : :add-mask: :x", id="row-26-cleaned"),
        pytest.param(400, b'{"errors": 7}', "upstream", "", id="row-26-errors-that-are-none"),
        pytest.param(404, b'{"errors":[null,"x",{"message":5},{"message":"  "},{"message":"at last"}]}', "registry-not-found",
                     "at last", id="row-26-odd-entries"),
        pytest.param(404, b"[" * 60_000, "registry-not-found", "", id="row-26-deep"),
    ],
)  # fmt: skip
def test_table_b5_a_refusal_is_told_by_its_status_and_shown_in_its_words(
    status: int, body: bytes, code: str, said: str
) -> None:
    with serve(lambda _: Answer(status, body)) as server:
        found = ask(server.url)
    assert isinstance(found, RegistryError)
    assert found.code == code
    assert said in found.message
    assert ("it says:" in found.message) is bool(said)
    assert len(found.message) < 320
    assert found.message.isprintable()


def listed(*tags: str, headers: tuple[tuple[str, str], ...] = (), **more: Any) -> Answer:
    return Answer(200, json.dumps({"tags": list(tags), **more}).encode(), headers)


FIRST = "/v2/a/b/tags/list?n=10000"


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        pytest.param({FIRST: listed("1", headers=(("Link", '</p2>; rel="next"'),)), "/p2": listed("2")}, ("1", "2"),
                     id="row-66-fewer-than-asked-and-a-link"),
        pytest.param({FIRST: listed("1", name="somebody/else")}, ("1",), id="row-74-another-name-in-the-body"),
        pytest.param({FIRST: listed("1", headers=(("ratelimit-limit", "100;w=21600"),))}, ("1",), id="row-14-no-limit-was-said"),
        pytest.param({FIRST: listed("2", "1", headers=(("Link", '</p2>; rel="next"'),)), "/p2": listed("4", "3")},
                     ("2", "1", "4", "3"), id="row-79-oldest-first-to-the-last-page"),
    ],
)  # fmt: skip
def test_a_list_is_read_as_it_is(answers: dict[str, Answer], wanted: tuple[str, ...]) -> None:
    with serve(lambda asked: answers.get(asked.path, Answer(404))) as server:
        assert ask(server.url) == Complete(wanted)


def manifest(asked: Asked) -> Answer:
    kind = "application/vnd.oci.image.manifest.v1+json"
    body = json.dumps({"schemaVersion": 2, "mediaType": kind}).encode()
    return Answer(200, b"" if asked.method == "HEAD" else body, (("Content-Type", kind),))


def paged(tags: list[str], size: int) -> Callable[[Asked], Answer]:
    """A registry that gives so many tags a page, in its own order."""

    def answer(asked: Asked) -> Answer:
        if "/tags/list" not in asked.path:
            return manifest(asked)
        start = int(asked.path.partition("at=")[2] or 0)
        link = f'<?at={start + size}>; rel="next"' if start + size < len(tags) else ""
        return listed(*tags[start : start + size], headers=(("Link", link),) if link else ())

    return answer


def plan(folder: Path, host: str) -> tuple[dict[str, Any], str]:
    write(
        folder,
        {
            "compose.yaml": f"services: {{a: {{image: '{host}/a/b:1.0.0'}}}}\n",
            "bumper.yaml": f"registries: {{'{host}': {{insecure: true}}}}\n",
        },
    )
    ran = bumper("plan", "-C", folder, "-f", "json", "--no-cache")
    return json.loads(ran.out)["outcomes"][0], ran.err


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param([f"1.{n}.0" for n in range(250)], id="oldest-first-as-ghcr-and-quay"),
        pytest.param([f"1.{n}.0" for n in reversed(range(250))], id="newest-first"),
        pytest.param(sorted(f"1.{n}.0" for n in range(250)), id="by-text"),
    ],
)
def test_row_79_the_newest_is_found_on_whichever_page_it_stands(
    tags: list[str], tmp_path: Path
) -> None:
    with serve(paged(tags, 50)) as server:
        outcome, _ = plan(tmp_path, server.host)
    assert outcome["new_tag"] == "1.249.0"


def test_row_28_a_warning_is_shown_once_and_acted_on_by_nobody(tmp_path: Path) -> None:
    warns = (("Warning", '299 - "::error::this registry moves on 1 May"'),)

    def answer(asked: Asked) -> Answer:
        if "/tags/list" in asked.path:
            return listed("1.0.0", "1.1.0", headers=warns)
        given = manifest(asked)
        return Answer(given.status, given.body, (*given.headers, *warns))

    with serve(answer) as server:
        outcome, said = plan(tmp_path, server.host)
        host = server.host
    assert outcome["new_tag"] == "1.1.0"
    assert said.count("this registry moves on 1 May") == 1
    assert f"{host}: : :error: :this registry" in said
    assert not said.startswith("::")


@pytest.mark.parametrize(
    ("told", "asked_for"),
    [
        pytest.param("", ["repository:a/b:pull"], id="row-46-none"),
        pytest.param("*", ["*"], id="row-46-gitea"),
        pytest.param("aws", ["aws"], id="row-46-ecr-public"),
        pytest.param("repository:a/b:pull,push", ["repository:a/b:pull"], id="row-46-never-push"),
        pytest.param("repository:a/b:pull repository:c/d:pull,delete", ["repository:a/b:pull", "repository:c/d:pull"], id="row-46-several"),
        pytest.param("repository:h:5000/a/b:pull", ["repository:h:5000/a/b:pull"], id="row-46-a-port-inside"),
    ],
)  # fmt: skip
def test_row_46_the_scope_that_a_token_server_sees(told: str, asked_for: list[str]) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            return Answer(200, b'{"token": "t"}')
        if asked.headers.get("authorization") == "Bearer t":
            return listed("1")
        return Answer(401, b"", (("WWW-Authenticate", f'Bearer realm="/token",scope="{told}"'),))

    with serve(answer) as server:
        assert ask(server.url) == Complete(("1",))
        path = next(one.path for one in server.asked if one.path.startswith("/token"))
    assert parse_qs(urlsplit(path).query)["scope"] == asked_for


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("who", [None, Credentials("ada", canary("config"), "the test")])
def test_row_50_ghcr_hides_what_is_private_and_what_is_not_there(
    status: int, who: Credentials | None, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            return Answer(status, error("DENIED", "requested access to the resource is denied"))
        return Answer(401, b"", (("WWW-Authenticate", 'Bearer realm="/token"'),))

    with serve(answer) as server:
        found = ask(server.url, who)
        outcome, said = plan(tmp_path, server.host)
    assert isinstance(found, RegistryError)
    assert found.code == "denied-or-missing"
    assert (outcome["status"], outcome["code"]) == ("failed", "denied-or-missing")
    assert "registries" in said
