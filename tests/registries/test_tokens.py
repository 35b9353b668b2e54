"""Logging in to registries and token servers that misbehave: scripted, one row each."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from bumper.errors import RegistryError
from bumper.http import Http
from bumper.keychains.base import Credentials, Wallet
from bumper.model import Complete
from bumper.registries import grants
from bumper.registries.oci import Oci
from bumper.registries.tokens import Tokens
from tests.canaries import canary
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.http import Response
    from bumper.model import Listing
    from tests.fakes.http_server import Asked, Server

ADA = Credentials("ada", canary("config"), "the test")
GOOD = b'{"token": "good-token"}'


def ask(server: Server, who: Credentials | Wallet | None) -> Listing:
    async def asked() -> Listing:
        async with Http(timeout_seconds=2, pause=lambda _: asyncio.sleep(0)) as http:
            return await Oci(http, server.host, server.url, who).tags("a/b")

    return asyncio.run(asked())


def refusal(server: Server, who: Credentials | Wallet | None) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        ask(server, who)
    return caught.value


def lists(server: Server, who: Credentials | Wallet | None = ADA) -> Listing | str:
    try:
        return ask(server, who)
    except RegistryError as error:
        return "LEAK" if ADA.secret in f"{error.message}{error.hint}" else error.code


def world(
    *challenges: str, token: Answer | None = None, open_to: str = "Bearer good-token"
) -> Callable[[Asked], Answer]:
    """A registry that asks for a login, and a token server at its `/token`."""

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            return token or Answer(200, GOOD)
        if asked.headers.get("authorization") == open_to:
            return Answer(200, b'{"tags": ["1"]}')
        return Answer(401, b"", tuple(("WWW-Authenticate", one) for one in challenges))

    return answer


def secrets(server: Server) -> list[str]:
    return [asked.headers["authorization"] for asked in server.asked if "authorization" in asked.headers]  # fmt: skip


def test_row_34_an_open_registry_gets_no_secret() -> None:
    with serve(lambda _: Answer(200, b'{"tags": ["1"]}')) as server:
        assert lists(server) == Complete(("1",))
        assert secrets(server) == []


@pytest.mark.parametrize(
    ("challenges", "outcome"),
    [
        pytest.param(['Bearer realm="/token"'], Complete(("1",)), id="row-40-relative-realm"),
        pytest.param(['Basic realm="x"', 'Bearer realm="/token"'], Complete(("1",)), id="row-37-bearer-first"),
        pytest.param(['Negotiate,Basic realm="x",Bearer realm="/token"'], Complete(("1",)), id="row-37-one-header"),
        pytest.param(["Negotiate", 'Digest realm="x"'], "auth-unsupported", id="row-37-none-usable"),
        pytest.param([], "auth-unsupported", id="b3-no-challenge"),
        pytest.param(['Bearer realm="/token'], "bad-challenge", id="row-38-broken"),
        pytest.param(['Basic realm="Dev" charset="UTF-8"'], "bad-challenge", id="row-38-no-comma"),
        pytest.param(['Bearer service="s"'], "realm", id="row-39-no-realm"),
        pytest.param(['Bearer realm="Artifactory Realm"'], "realm", id="row-39-no-url"),
    ],
)  # fmt: skip
def test_a_challenge_is_answered(challenges: list[str], outcome: Listing | str) -> None:
    with serve(world(*challenges)) as server:
        assert lists(server) == outcome
        if isinstance(outcome, str):
            assert secrets(server) == []


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        pytest.param(b'{"token": "good-token"}', Complete(("1",)), id="token"),
        pytest.param(b'{"access_token": "good-token"}', Complete(("1",)), id="access-token"),
        pytest.param(b'{"token": "good-token", "access_token": "other"}', Complete(("1",)), id="both"),
        pytest.param(b'{"token": "", "access_token": "good-token"}', Complete(("1",)), id="one-is-empty"),
        pytest.param(b"{}", "no-token", id="none"),
        pytest.param(b'{"token": 7}', "no-token", id="number"),
        pytest.param(b'{"token": "a\\r\\nX-Evil: 1"}', "no-token", id="line-break"),
        pytest.param(b"[]", "no-token", id="list"),
        pytest.param(b"<html>login</html>", "no-token", id="row-52-html"),
        pytest.param(b"[" * 100_000, "no-token", id="row-52-deep"),
        pytest.param(b'{"token": "good-token", "expires_in": ' + b"9" * 5000 + b"}", "no-token", id="row-48-5000-digits"),
        pytest.param(b'{"token": "good-token", "expires_in": ' + b"9" * 400 + b"}", Complete(("1",)), id="row-48-400-digits"),
        pytest.param(b'{"token": "good-token", "expires_in": NaN}', Complete(("1",)), id="row-48-nan"),
        pytest.param(b'{"token": "good-token", "issued_at": "junk"}', Complete(("1",)), id="row-49-issued-at"),
        pytest.param(b"x" * 2_000_000, "too-large", id="row-52-too-large"),
    ],
)  # fmt: skip
def test_row_47_a_token_servers_answer(body: bytes, outcome: Listing | str) -> None:
    with serve(world('Bearer realm="/token"', token=Answer(200, body))) as server:
        assert lists(server) == outcome


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, 60), (0, 60), (-1, 60), (1, 60), ("300", 60), (300, 300), (1e12, 3600), (float("nan"), 60),
        (float("inf"), 60), (10**400, 3600), (True, 60), ([], 60), (1e999, 60),
    ],
)  # fmt: skip
def test_row_48_a_token_lives_a_minute_to_an_hour(told: object, seconds: float) -> None:
    assert grants._life(told) == seconds


@pytest.mark.parametrize(
    ("told", "exact", "expected"),
    [
        pytest.param("", True, ("repository:a/b:pull",), id="absent"),
        pytest.param("repository:a/b:pull,push", True, ("repository:a/b:pull",), id="never-push"),
        pytest.param("repository:x/y:pull,push", True, ("repository:x/y:pull",), id="as-told"),
        pytest.param("repository:x/y:pull,push", False, ("repository:a/b:pull",), id="another-images"),
        pytest.param("*", True, ("*",), id="gitea"),
        pytest.param("aws", False, ("aws",), id="ecr-public"),
        pytest.param("repository:a/b:pull repository:c/d:pull", True, ("repository:a/b:pull", "repository:c/d:pull"), id="two"),
        pytest.param("repository:host:5000/a/b:pull", True, ("repository:host:5000/a/b:pull",), id="port"),
    ],
)  # fmt: skip
def test_row_46_what_is_asked_for(told: str, exact: bool, expected: tuple[str, ...]) -> None:  # noqa: FBT001 - a column
    assert grants.scopes(told, "a/b", exact=exact) == expected


@pytest.mark.parametrize("status", [401, 403])
def test_row_50_a_refused_token_is_denied_or_missing(status: int) -> None:
    with serve(world('Bearer realm="/token"', token=Answer(status, b"secret words"))) as server:
        assert lists(server, None) == "denied-or-missing"


def test_row_42_a_foreign_realm_is_asked_as_a_stranger_and_the_key_is_named() -> None:
    """The realm is beside the registry but nothing says whose it is."""

    def answer(asked: Asked) -> Answer:
        if "authorization" in asked.headers:
            return Answer(200, GOOD)
        return Answer(401)

    with serve(answer) as foreign:
        realm = foreign.url.replace("127.0.0.1", "elsewhere.localhost.example")
        with serve(world(f'Bearer realm="{realm}/token"')) as server:
            assert lists(server) == "dns"
            assert secrets(server) == []
        assert foreign.asked == []


def test_row_45_a_token_server_that_sends_us_on_loses_the_secret() -> None:
    with serve(lambda _: Answer(200, GOOD)) as other:
        away = Answer(307, headers=(("Location", f"{other.url}/token"),))
        with serve(world('Bearer realm="/token"', token=away)) as server:
            assert lists(server) == Complete(("1",))
            assert len(secrets(server)) == 2
        assert secrets(other) == []
        assert len(other.asked) == 1


def test_row_15_a_token_that_is_refused_is_renewed_once() -> None:
    with serve(world('Bearer realm="/token"', open_to="Bearer never")) as server:
        assert lists(server) == "registry-denied"
        assert [asked.path.partition("?")[0] for asked in server.asked] == [
            "/v2/a/b/tags/list", "/token", "/v2/a/b/tags/list",
        ]  # fmt: skip


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(("age", "renewed"), [(30.0, False), (3000.0, True)])
def test_row_16_an_old_token_is_renewed_where_ecr_refuses_it(
    status: int, age: float, renewed: bool  # noqa: FBT001 - a column
) -> None:  # fmt: skip
    now = [0.0]
    answers = iter(range(9))

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            body = {"token": f"token-{next(answers)}", "expires_in": 43200}
            return Answer(200, json.dumps(body).encode())
        return Answer(401, headers=(("WWW-Authenticate", 'Bearer realm="/token",scope="aws"'),))

    async def story(server: Server) -> tuple[bool, str]:
        async with Http() as http:
            tokens = Tokens(http, server.host, server.url, None, lambda: now[0])
            first: Response = await http.request("GET", server.url)
            used = await tokens.answer(first, "a/b", used=None)
            now[0] = age
            refusal = type(first)(status, {}, b"", first.url)
            if not tokens.refused(refusal, used):
                return False, ""
            again = await tokens.answer(refusal, "a/b", used=used)
            return True, again.headers["Authorization"]

    with serve(answer) as server:
        found = asyncio.run(story(server))
    assert found == ((True, "Bearer token-1") if renewed else (False, ""))


def test_rule_s3_a_secret_below_a_path_is_sent_below_it_alone() -> None:
    mine = Credentials("ada", canary("config"), "the test", path="team")

    def find(repository: str) -> Credentials | None:
        return mine if repository.startswith("team/") else None

    def answer(asked: Asked) -> Answer:
        if "authorization" in asked.headers or "/team/" not in asked.path:
            return Answer(200, b'{"tags": ["1"]}')
        return Answer(401, headers=(("WWW-Authenticate", 'Basic realm="x"'),))

    async def ask(server: Server) -> list[Listing]:
        async with Http() as http:
            oci = Oci(http, server.host, server.url, Wallet(find))
            return [await oci.tags("team/app"), await oci.tags("team-evil/app")]

    with serve(answer) as server:
        assert asyncio.run(ask(server)) == [Complete(("1",))] * 2
        shown = [asked.path for asked in server.asked if "authorization" in asked.headers]
    assert shown
    assert all(path.startswith("/v2/team/") for path in shown)


@pytest.mark.parametrize("secret", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "a\x7fb"])
def test_row_58_a_control_character_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(RegistryError) as caught:
        Credentials("ada", secret, "the test")
    assert secret not in caught.value.message


@pytest.mark.parametrize(
    ("challenge", "status", "who", "hint"),
    [
        pytest.param("", 403, None, "registries.{host}.token", id="forbidden-to-anybody"),
        pytest.param('Basic realm="x"', 401, None, "registries.{host}.username", id="basic-wanted-none-there"),
        pytest.param('Basic realm="x"', 401, ADA, "check the credentials of the test", id="basic-wrong"),
        pytest.param('Bearer realm="/token"', 401, None, "registries.{host}.password", id="no-token-for-anybody"),
        pytest.param('Bearer realm="/token"', 401, ADA, "check the credentials of the test", id="no-token-for-us"),
        pytest.param('Bearer realm="http://127.0.0.2:1/token"', 401, ADA, "registries.{host}.realm", id="another-realm"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_key_to_set(
    challenge: str, status: int, who: Credentials | None, hint: str
) -> None:
    headers = (("WWW-Authenticate", challenge),) if challenge else ()
    with serve(lambda _: Answer(status, b"", headers)) as server:
        told = refusal(server, who)
        wanted = hint.format(host=server.host)
    assert wanted in told.hint
    assert ADA.secret not in f"{told.message}{told.hint}"
