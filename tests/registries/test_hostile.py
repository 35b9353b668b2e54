"""344 hostile targets of redirects, realms and next pages, in one run of the whole program: none gets a secret.

Everything listens on loopback; the target counts what reaches it, so that the test is seen to bite.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from tests.canaries import canary, forms
from tests.fakes.http_server import Answer, serve
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.http_server import Asked

SECRET, BEARER = canary("config"), canary("token-bearer")
# Fifty registries are shown their password, each of them by right; the target must not be.
pytestmark = pytest.mark.canaries(hosts=64)
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
TARGETS = list(itertools.product(WAYS, range(len(FORMS))))


@dataclass
class Hostile:
    """A registry that wants a login by one way, and then leads elsewhere: where to, each image's number says.

    A realm is the whole registry's, so that for `realm` there is one registry for each form.
    """

    way: str
    number: int | None = None
    cap: str = ""
    own: str = ""

    def answer(self, asked: Asked) -> Answer:
        kind, _, status = self.way.partition("-")
        shown = asked.headers.get("authorization", "")
        if asked.path.startswith("/token"):
            if kind == "token":
                return self._led(asked, int(status))
            return Answer(200, json.dumps({"token": BEARER}).encode())
        if not shown and kind in {"realm", "token"}:
            realm = self._aim(asked) if kind == "realm" else "/token"
            quoted = realm.replace("\\", "\\\\")
            return Answer(401, headers=(("WWW-Authenticate", f'Bearer realm="{quoted}"'),))
        if not shown:
            return Answer(401, headers=(("WWW-Authenticate", 'Basic realm="x"'),))
        if asked.path == "/v2/":
            return Answer(200)
        if kind == "next":
            first = "/tags/list?n=" in asked.path
            link = (("Link", f'<{self._aim(asked)}>; rel="next"'),) if first else ()
            return Answer(200, b'{"tags": ["1.0", "2.0"]}', link)
        return self._led(asked, int(status or 302))

    def _led(self, asked: Asked, status: int) -> Answer:
        return Answer(status, headers=(("Location", self._aim(asked)),))

    def _aim(self, asked: Asked) -> str:
        found = re.search(r"a/b(\d+)", unquote(asked.path))
        number = self.number if self.number is not None else int(found[1]) if found else 0
        port = self.cap.rpartition(":")[2]
        aim = FORMS[number].format(cap=self.cap, own=self.own, port=port)
        return aim.replace("/x", f"/x{number}-").encode().decode("latin-1")


@dataclass
class World:
    """What the one run reported of each target, and what reached whom."""

    outcomes: dict[tuple[str, int], dict[str, Any]]
    target: list[Asked]
    own: dict[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    def cap(_: Asked) -> Answer:
        return Answer(200, b'{"tags": ["1.0", "9.9"], "token": "of-the-target"}')

    with contextlib.ExitStack() as stack:
        target = stack.enter_context(serve(cap))
        places: dict[tuple[str, int], str] = {}
        servers = {}
        for way in WAYS:
            for number in range(len(FORMS)) if way == "realm" else [None]:
                hostile = Hostile(way, number, target.host)
                server = stack.enter_context(serve(hostile.answer))
                hostile.own = server.host
                servers[f"{way} {number}"] = server
                numbers = range(len(FORMS)) if number is None else [number]
                places |= {(way, one): f"{server.host}/a/b{one}" for one in numbers}
        folder = tmp_path_factory.mktemp("hostile")
        login = "{insecure: true, username: ada, password: $HOSTILE}"
        images = [f"  s{n}: {{image: '{place}:1.0'}}\n" for n, place in enumerate(places.values())]
        known = [f"  '{server.host}': {login}\n" for server in servers.values()]
        files = {
            "compose.yaml": "services:\n" + "".join(images),
            "bumper.yaml": "registries:\n" + "".join(known),
        }
        write(folder, files)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOSTILE", SECRET)
            ran = bumper("plan", "-C", folder, "-f", "json", "--no-cache", "--timeout", "2")
        by_image = {one["image"]: one for one in json.loads(ran.out)["outcomes"]}
        outcomes = {key: by_image[place] for key, place in places.items()}
        own = {name: str(server.asked) for name, server in servers.items()}
        yield World(outcomes, list(target.asked), own)


@pytest.mark.parametrize(
    ("way", "number"),
    [pytest.param(way, number, id=f"{way}-{FORMS[number]!a}") for way, number in TARGETS],
)
def test_no_hostile_target_receives_a_secret(world: World, way: str, number: int) -> None:
    written = [form for secret in (SECRET, BEARER) for form in forms(secret)]
    # What reached the target by this form, or by one that has no path to tell it by.
    reached = [one for one in world.target if f"x{number}-" in one.path or "x" not in one.path]
    assert not [form for form in written if form in str(reached)]
    # A list may lie elsewhere; what it names is then asked for at the registry, which has no image.
    assert world.outcomes[way, number]["status"] in {"failed", "hold"}


def test_there_are_344_and_they_bite(world: World) -> None:
    assert len({(way, FORMS[number]) for way, number in TARGETS}) == 344
    for name, asked in world.own.items():
        # The registry itself is shown its password, except where it sends us to another login.
        assert name.startswith("realm") or any(form in asked for form in forms(SECRET)), name
    kinds = {path.partition("-")[0] for path in (asked.path for asked in world.target)}
    assert len(kinds) > 10
