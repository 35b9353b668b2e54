"""The HTTP layer against sockets that misbehave; what a wait would take is counted, not slept."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import socket
from typing import TYPE_CHECKING

import pytest

from bumper import redact
from bumper.errors import RateLimitedError, RegistryError, UnreachableError
from bumper.http import Bound, Http, Origin, Trust
from bumper.nearness import Nearness
from bumper.wire.names import Names
from tests.canaries import canary
from tests.fakes import raw_server
from tests.fakes.certificates import Authority
from tests.fakes.docker_registry import free_port
from tests.fakes.http_server import Answer, serve
from tests.fakes.raw_server import head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from bumper.http import Response
    from tests.fakes.http_server import Asked

OK = head(2) + b"{}"


def get(
    url: str,
    *,
    secret: Bound | None = None,
    seconds: float = 2.0,
    trust: dict[str, Trust] | None = None,
    most_bytes: int = 1024 * 1024,
    led_by: Origin | None = None,
    waits: list[float] | None = None,
    method: str = "GET",
) -> Response:
    async def pause(wait: float) -> None:
        if waits is not None:
            waits.append(wait)

    async def asked() -> Response:
        async with Http(timeout_seconds=seconds, trust=trust, pause=pause) as http:
            return await http.request(
                method, url, secret_headers=secret, most_bytes=most_bytes, led_by=led_by
            )

    return asyncio.run(asked())


def fails(url: str, **more: object) -> str:
    with pytest.raises(RegistryError) as caught:
        get(url, **more)  # type: ignore[arg-type]
    return caught.value.code


def told(*pieces: bytes | float) -> Callable[[bytes], Iterable[bytes | float]]:
    return lambda _: pieces


def test_row_1_a_name_that_does_not_resolve_is_asked_for_once() -> None:
    waits: list[float] = []
    assert fails("http://no-such-name.invalid/", waits=waits) == "dns"
    assert waits == []


def test_row_2_a_closed_port_is_tried_three_times() -> None:
    waits: list[float] = []
    assert fails(f"http://127.0.0.1:{free_port()}/", waits=waits) == "connect"
    assert len(waits) == 2


def test_row_3_a_black_hole_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as held:
        address = full.getsockname()
        for _ in range(3):
            filler = held.enter_context(socket.socket())
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(address)
        assert fails(f"http://127.0.0.1:{address[1]}/", seconds=0.3) == "timeout"


def test_row_4_a_drip_ends_in_time() -> None:
    def drip(_: bytes) -> Iterator[bytes | float]:
        yield head(10_000)
        while True:
            yield b"x"
            yield 0.05

    with raw_server.serve(drip) as server:
        assert fails(f"http://{server.host}/", seconds=0.3) == "timeout"


BODY = json.dumps({"name": "a/b", "tags": [f"1.{n}" for n in range(20)]}).encode()


def test_row_5_a_body_cut_at_any_byte_is_no_answer() -> None:
    cuts = iter(range(len(BODY)))

    def cut(_: bytes) -> Iterator[bytes]:
        yield head(len(BODY))
        yield BODY[: next(cuts)]

    async def ask() -> set[str]:
        found = set()
        async with Http(pause=lambda _: asyncio.sleep(0)) as http:
            for _ in range(len(BODY)):
                try:
                    await http.request("GET", f"http://{server.host}/", retry=False)
                except UnreachableError as error:
                    found.add(error.code)
                    http._hosts.clear()
                else:
                    found.add("taken for whole")
        return found

    with raw_server.serve(cut) as server:
        assert asyncio.run(ask()) == {"connection"}


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        pytest.param((), "connection", id="row-33-closes-without-a-word"),
        pytest.param((b"HTTP/1.1 200 OK\r\n",), "connection", id="row-33-half-a-head"),
        pytest.param((b"SSH-2.0-OpenSSH_9.2\r\n",), "not-http", id="not-http"),
        pytest.param((head(2, "Content-Encoding: gzip") + b"{}",), "encoded", id="row-24-gzip"),
        pytest.param((head(2, "Content-Encoding: br, gzip") + b"{}",), "encoded", id="row-24-chained"),
        pytest.param((head(None, *(f"X-{n}: {n}" for n in range(10_000))),), "not-http", id="row-25-10000-headers"),
        pytest.param((head(None, "X: " + "x" * 1_000_000),), "not-http", id="row-25-a-header-of-1-mb"),
        pytest.param((head(None, "Transfer-Encoding: chunked") + b"zz\r\n",), "not-http", id="bad-chunk"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none(pieces: tuple[bytes, ...], code: str) -> None:
    with raw_server.serve(told(*pieces)) as server:
        assert fails(f"http://{server.host}/") == code


def test_row_24_a_bomb_stays_packed() -> None:
    bomb = gzip.compress(b"0" * 20_000_000)
    with raw_server.serve(told(head(len(bomb)), bomb)) as server:
        assert get(f"http://{server.host}/").body == bomb
        assert b"accept-encoding: identity" in server.asked[0]


def test_row_25_an_endless_body_is_cut_off() -> None:
    def endless(_: bytes) -> Iterator[bytes]:
        yield head(None, "Transfer-Encoding: chunked")
        while True:
            yield b"4000\r\n" + b"x" * 0x4000 + b"\r\n"

    with raw_server.serve(endless) as server:
        assert fails(f"http://{server.host}/") == "too-large"


def test_row_25_of_a_refusal_no_more_than_64_kib_is_read() -> None:
    with raw_server.serve(told(head(1_000_000, status="404 No"), b"x" * 1_000_000)) as server:
        answer = get(f"http://{server.host}/")
        assert (answer.status, len(answer.body)) == (404, 64 * 1024)


def test_row_33_an_answer_without_a_length_ends_where_the_connection_does() -> None:
    with raw_server.serve(told(b"HTTP/1.0 200 OK\r\n\r\n{}")) as server:
        assert get(f"http://{server.host}/").body == b"{}"


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_row_8_a_passing_fault_is_tried_three_times(status: int) -> None:
    waits: list[float] = []
    with serve(lambda _: Answer(status)) as server:
        assert fails(server.url, waits=waits) == "upstream"
        assert (len(server.asked), len(waits)) == (3, 2)


def test_row_10_a_429_is_waited_for_as_told() -> None:
    waits: list[float] = []
    answers = iter([Answer(429, headers=(("Retry-After", "7"),)), Answer(200)])
    with serve(lambda _: next(answers)) as server:
        assert get(server.url, waits=waits).status == 200
    assert max(waits) == pytest.approx(7, abs=0.5)


def test_row_10_a_429_for_an_hour_is_not() -> None:
    with serve(lambda _: Answer(429, headers=(("Retry-After", "3600"),))) as server:
        with pytest.raises(RateLimitedError) as caught:
            get(server.url)
        assert (len(server.asked), caught.value.retry_after) == (1, 3600)


def test_row_31_a_connection_that_went_stale_is_made_anew() -> None:
    async def ask() -> int:
        async with Http() as http:
            for _ in range(3):
                await http.request("GET", f"http://{server.host}/")
                await asyncio.sleep(0.05)
        return len(server.asked)

    # It promises to keep the connection and closes it.
    with raw_server.serve(told(OK)) as server:
        assert asyncio.run(ask()) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/v2/_catalog?last=f35%2Fs2i-base&n=100",
        "/x?next_page=gAAAA%3D%3D&n=50",
        "/a%2Fb/c?d=%2C,%20+&e=;",
        "/x?y",
    ],
)
def test_table_b4_an_address_arrives_as_it_was_given(path: str) -> None:
    with serve(lambda _: Answer(200)) as server:
        get(f"{server.url}{path}")
        assert server.asked[0].path == path


# TLS -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(
    ("hosts", "minutes", "with_ca", "outcome"),
    [
        pytest.param(("127.0.0.1",), 60, True, "200", id="right"),
        pytest.param(("127.0.0.1",), 60, False, "tls", id="self-signed"),
        pytest.param(("127.0.0.1",), -1, True, "tls", id="expired"),
        pytest.param(("other.example",), 60, True, "tls", id="wrong-name"),
    ],
)
def test_row_6_a_certificate_must_be_right(
    authority: Authority, hosts: tuple[str, ...], minutes: int, with_ca: bool, outcome: str  # noqa: FBT001 - a column
) -> None:  # fmt: skip
    issued = authority.issue("server", *hosts, minutes=minutes)
    with raw_server.serve(told(OK), issued.context()) as server:
        trust = {server.host: Trust(ca=str(authority.ca))} if with_ca else {}
        try:
            found = str(get(f"https://{server.host}/", trust=trust).status)
        except UnreachableError as error:
            found = error.code
        assert found == outcome
        assert len(server.asked) == (outcome == "200")


def test_insecure_takes_any_certificate_of_the_host_and_port_it_names(authority: Authority) -> None:
    issued = authority.issue("server", "other.example", minutes=-1)
    with raw_server.serve(told(OK), issued.context()) as server:
        url = f"https://{server.host}/"
        assert get(url, trust={server.host: Trust(insecure=True)}).status == 200
        assert fails(url, trust={"127.0.0.1": Trust(insecure=True)}) == "tls"


def test_a_client_certificate_is_shown_where_it_is_given(authority: Authority) -> None:
    issued = authority.issue("server", "127.0.0.1")
    mine = authority.issue("client")
    with raw_server.serve(told(OK), issued.context(client_ca=authority.ca)) as server:
        url = f"https://{server.host}/"
        trust = Trust(ca=str(authority.ca), cert=str(mine.both))
        assert get(url, trust={server.host: trust}).status == 200
        assert fails(url, trust={server.host: Trust(ca=str(authority.ca))}) in {"tls", "connection"}


def test_a_ca_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError) as caught:
        get("https://127.0.0.1:1/", trust={"127.0.0.1:1": Trust(ca=str(tmp_path / "no.pem"))})
    assert caught.value.code == "bad-certificate"
    assert "no.pem" in caught.value.message


# Redirects -----------------------------------------------------------------------------------------

SECRETS = ("Authorization", "Cookie", "Private-Token", "X-Api-Key", "Proxy-Authorization")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("header", SECRETS)
def test_row_19_no_secret_follows_a_redirect(status: int, header: str) -> None:
    with serve(lambda _: Answer(200)) as other:
        aim = (("Location", f"{other.url}/x"),)
        with serve(lambda _: Answer(status, headers=aim)) as server:
            bound = Bound(Origin.of(server.url), {header: canary("config")})
            assert get(server.url, secret=bound).status == 200
            assert server.asked[0].headers[header.lower()] == canary("config")
        assert "canary" not in str(other.asked)


def test_a_secret_is_not_sent_again_when_a_redirect_comes_back() -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(200) if asked.path == "/end" else Answer(302, headers=(("Location", there),))

    with (
        serve(answer) as server,
        serve(lambda _: Answer(302, headers=(("Location", f"{server.url}/end"),))) as other,
    ):
        there = f"{other.url}/x"
        get(server.url, secret=Bound(Origin.of(server.url), {"Authorization": "canary"}))
        assert [asked.headers.get("authorization") for asked in server.asked] == ["canary", None]


def test_rule_s3_a_secret_of_another_place_is_never_sent() -> None:
    with serve(lambda _: Answer(200)) as server:
        bound = Bound(Origin.of("https://elsewhere.example"), {"Authorization": "canary"})
        assert fails(server.url, secret=bound) == "secret-elsewhere"
        assert server.asked == []


def test_row_20_a_redirect_to_plain_http_is_refused(authority: Authority) -> None:
    issued = authority.issue("server", "127.0.0.1")
    with serve(lambda _: Answer(200)) as other:
        away = head(0, f"Location: {other.url}/", status="302 Found")
        with raw_server.serve(told(away), issued.context()) as server:
            trust = {server.host: Trust(ca=str(authority.ca))}
            assert fails(f"https://{server.host}/", trust=trust) == "redirects"
        assert other.asked == []


def test_row_22_a_loop_ends() -> None:
    with serve(lambda asked: Answer(302, headers=(("Location", f"{asked.path}x"),))) as server:
        assert fails(server.url) == "redirects"
        assert len(server.asked) == 6


@pytest.mark.parametrize("how", ["redirect", "named-by-a-stranger"])
def test_row_21_a_public_host_leads_to_no_local_address(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Names.nearness

    async def nearness(self: Names, host: str, *, proxied: bool) -> Nearness:
        # The registry stands for a public one; loopback is all that a test may talk to.
        return Nearness.PUBLIC if host == "localhost" else await real(self, host, proxied=proxied)

    monkeypatch.setattr(Names, "nearness", nearness)
    with serve(lambda _: Answer(200)) as local:
        away = (("Location", f"{local.url}/latest/meta-data"),)
        with serve(lambda _: Answer(302, headers=away)) as server:
            public = server.url.replace("127.0.0.1", "localhost")
            if how == "redirect":
                assert fails(public) == "local-address"
            else:
                assert fails(local.url, led_by=Origin.of(public)) == "local-address"
        assert local.asked == []


def test_rule_s5_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that is public when it is checked and local when it is connected to."""
    answers = iter(["127.0.0.1", "127.0.0.2"])

    async def flips(host: str) -> list[dict[str, object]]:
        address = next(answers)
        return [{"hostname": host, "host": address, "port": 0, "family": socket.AF_INET,
                 "proto": 6, "flags": socket.AI_NUMERICHOST}]  # fmt: skip

    monkeypatch.setattr("bumper.wire.names._look_up", flips)
    with serve(lambda _: Answer(200)) as server:
        port = server.host.rpartition(":")[2]
        led_by = Origin.of("http://127.0.0.1:1")
        assert get(f"http://flips.example:{port}/", led_by=led_by).status == 200
    assert next(answers) == "127.0.0.2"


# What surrounds us ---------------------------------------------------------------------------------


def test_rule_s7_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password canary\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serve(lambda _: Answer(200, headers=(("Set-Cookie", "canary=1; Path=/"),))) as server:
        get(server.url)

        async def twice() -> None:
            async with Http() as http:
                await http.request("GET", server.url)
                await http.request("GET", server.url)

        asyncio.run(twice())
        sent = {name for asked in server.asked for name in asked.headers}
        assert sent.isdisjoint({"authorization", "cookie"})


def test_row_30_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(lambda _: Answer(200, b"by proxy")) as proxy, serve(lambda _: Answer(200)) as direct:
        monkeypatch.setenv("http_proxy", f"http://ada:proxy-password@{proxy.host}")
        monkeypatch.setenv("no_proxy", direct.host)
        assert get("http://registry.example/v2/").body == b"by proxy"
        assert get(direct.url).body == b""
        assert proxy.asked[0].path == "http://registry.example/v2/"
        assert proxy.asked[0].headers["proxy-authorization"].startswith("Basic ")
        assert "proxy-authorization" not in direct.asked[0].headers
    assert "proxy-password" not in redact.clean("via http://proxy.example, proxy-password")


def test_row_30_a_proxys_password_stays_out_of_the_tunnel(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = authority.issue("server", "127.0.0.1")
    with (
        raw_server.serve(told(OK), issued.context()) as server,
        raw_server.serve(raw_server.tunnel) as proxy,
    ):
        monkeypatch.setenv("https_proxy", f"http://ada:proxy-password@{proxy.host}")
        trust = {server.host: Trust(ca=str(authority.ca))}
        assert get(f"https://{server.host}/", trust=trust).status == 200
        assert b"proxy-authorization: Basic" in proxy.asked[0]
        assert proxy.asked[0].startswith(f"CONNECT {server.host} ".encode())
        assert b"roxy" not in server.asked[0]


def test_row_30_a_proxy_that_is_gone_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", f"http://ada:proxy-password@127.0.0.1:{free_port()}")
    with pytest.raises(UnreachableError) as caught:
        get("https://registry.example/v2/")
    assert caught.value.code == "proxy"
    assert "proxy-password" not in f"{caught.value.message}{caught.value.hint}"


def test_a_slow_host_takes_neither_slots_nor_time_of_another() -> None:
    async def ask() -> tuple[int, set[str]]:
        async with Http(jobs=4, timeout_seconds=0.8) as http:
            slow = [
                asyncio.create_task(http.request("GET", f"http://{hangs.host}/{n}"))
                for n in range(40)
            ]
            await asyncio.sleep(0.05)
            quick = [http.request("GET", f"{server.url}/{n}") for n in range(40)]
            answers = await asyncio.gather(*quick)
            assert not any(task.done() for task in slow)
            ended = await asyncio.gather(*slow, return_exceptions=True)
            return len(answers), {getattr(error, "code", "") for error in ended}

    with raw_server.serve(told(5.0)) as hangs, serve(lambda _: Answer(200)) as server:
        assert asyncio.run(ask()) == (40, {"timeout"})
        # Two slots, each tried again within its time; the 38 others never reached it.
        assert len(hangs.asked) <= 6


def test_nothing_of_the_tests_leaves_this_machine() -> None:
    assert "http_proxy" not in os.environ
