"""More than 300 hostile targets of redirects, realms and next pages: none receives a secret.

Everything listens on loopback; the target counts what reaches it, so that the test is seen to bite.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bumper.errors import RegistryError
from bumper.http import Http
from bumper.keychains.base import Credentials
from bumper.registries.oci import Oci
from tests.canaries import canary
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.http_server import Asked

SECRET = canary("config")
WAYS = (
    "redirect-301",
    "redirect-302",
    "redirect-303",
    "redirect-307",
    "redirect-308",
    "realm",
    "next",
    "token-302",
)
FORMS = (
    "http://{cap}/x", "http://{cap}", "HTTP://{cap}/x", "//{cap}/x", "\\\\{cap}/x", "/\\{cap}/x", "http:\\\\{cap}/x",
    "http:{cap}/x", "http:/{cap}/x", "http:///{cap}/x", "http://{own}@{cap}/x", "http://ada:pw@{cap}/x",
    "http://{cap}#@{own}/", "http://{cap}?@{own}/", "http://{cap}\\@{own}/", "http://{own}%2f@{cap}/x", " http://{cap}/x",
    "http://{cap}/x ", "https://{cap}/x", "http://{cap}/v2/../../x", "http://{cap}/%2e%2e/x", "http://@{cap}/x",
    "javascript://{cap}/%0ahttp://{own}", "ftp://{cap}/x", "http://{cap}:80/x", "http://{own}.{cap}/x",
    "http://{port}/x", "http://localhost:{port}/x", "http://127.1:{port}/x", "http://2130706433:{port}/x",
    "http://0x7f.1:{port}/x", "http://0:{port}/x", "http://0.0.0.0:{port}/x", "http://[::1]:{port}/x",
    "http://[::ffff:127.0.0.1]:{port}/x", "http://127.0.0.2:{port}/x", "http://127.0.0.1.:{port}/x",
    "http://localhost.:{port}/x", "http://169.254.169.254/latest", "http://metadata.google.internal/x",
    "http://evil.localhost:{port}/x", "http://\uff11\uff12\uff17.0.0.1:{port}/x", "",
)  # fmt: skip
TARGETS = list(itertools.product(WAYS, FORMS))


@dataclass
class Hostile:
    """A registry that wants a login by one way, and then leads elsewhere."""

    way: str
    target: str

    def answer(self, asked: Asked) -> Answer:
        kind, _, status = self.way.partition("-")
        shown = asked.headers.get("authorization", "")
        if asked.path.startswith("/token"):
            if kind == "token":
                return self._led(int(status))
            return Answer(200, b'{"token": "bearer-%s"}' % SECRET.encode())
        if not shown and kind in {"realm", "token"}:
            realm = self.target if kind == "realm" else "/token"
            quoted = realm.replace("\\", "\\\\")
            return Answer(401, headers=(("WWW-Authenticate", f'Bearer realm="{quoted}"'),))
        if not shown:
            return Answer(401, headers=(("WWW-Authenticate", 'Basic realm="x"'),))
        if kind == "next":
            first = asked.path.startswith("/v2/a/b/tags/list")
            link = (("Link", f'<{self.target}>; rel="next"'),) if first else ()
            return Answer(200, b'{"tags": ["1"]}', link)
        return self._led(int(status or 302))

    def _led(self, status: int) -> Answer:
        return Answer(status, headers=(("Location", self.target),))


def written() -> Iterator[str]:
    """The secret in every form that it may travel in."""
    yield SECRET
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + SECRET.encode()).decode()
        yield whole[-(-before * 8 // 6) : (before + len(SECRET)) * 8 // 6]


async def ask(http: Http, url: str) -> str:
    who = Credentials("ada", SECRET, "the test")
    try:
        await Oci(http, url.partition("//")[2], url, who).tags("a/b")
    except RegistryError as error:
        return error.code
    return "listed"


@pytest.mark.parametrize("way", WAYS)
def test_no_hostile_target_receives_a_secret(way: str) -> None:
    def cap(_: Asked) -> Answer:
        return Answer(200, b'{"tags": ["2"], "token": "of-the-target"}')

    asked_for: list[str] = []
    hostile = Hostile(way, "")
    with serve(cap) as target, serve(hostile.answer) as registry:
        port = target.host.rpartition(":")[2]

        async def all_of_them() -> None:
            async with Http(timeout_seconds=1, pause=lambda _: asyncio.sleep(0)) as http:
                for form in FORMS:
                    aim = form.format(cap=target.host, own=registry.host, port=port)
                    hostile.target = aim.encode().decode("latin-1")
                    asked_for.append(await ask(http, registry.url))

        asyncio.run(all_of_them())
        reached = str(target.asked)
        own = str(registry.asked)
    assert len(asked_for) == len(FORMS)
    assert not [form for form in written() if form in reached]
    # The registry itself is shown the secret, except where it sends us to another login.
    assert way == "realm" or any(form in own for form in written())
    if way.startswith(("redirect", "token")):
        assert target.asked


def test_there_are_more_than_300_hostile_targets() -> None:
    assert len(set(TARGETS)) >= 300
