"""Logging in to Debian's docker-registry: htpasswd, tokens, TLS with an authority of our own."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import bcrypt
import pytest

from bumper.errors import RegistryError
from bumper.http import Http, Trust
from bumper.keychains.base import Credentials, Wallet
from bumper.model import Complete
from bumper.registries.oci import Oci
from tests.canaries import canary
from tests.fakes import docker_registry, http_server
from tests.fakes.certificates import Authority
from tests.fakes.token_server import ISSUER, SERVICE, TokenServer
from tests.support import need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bumper.model import Listing

ADA = Credentials("ada", f"pass:wörd {canary('docker')}", "test")
BOB = Credentials("bob", canary("account"), "test")
REFRESH = Credentials("", canary("identity"), "test", identity_token=True)


@dataclass
class World:
    folder: Path
    authority: Authority

    def lists(
        self, host: str, *repositories: str, who: Credentials | Wallet | None, ca: bool = False
    ) -> list[Listing | str]:
        """The tag lists of repositories of one registry, or the error's code."""
        trust = {host: Trust(ca=str(self.authority.ca))} if ca else {}

        async def one(oci: Oci, repository: str) -> Listing | str:
            try:
                return await oci.tags(repository)
            except RegistryError as error:
                return error.code

        async def asked() -> list[Listing | str]:
            async with Http(timeout_seconds=5, trust=trust) as http:
                oci = Oci(http, host, f"http{'s' if ca else ''}://{host}", who)
                return await asyncio.gather(*(one(oci, repository) for repository in repositories))

        return asyncio.run(asked())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("registry")
    try:
        with docker_registry.serve(folder) as host:
            registry = docker_registry.Registry(host)
            for repository in ("public/app", "ada/app", "bob/app"):
                registry.push(repository, "1.0")
    except FileNotFoundError:
        need("docker-registry", "install Debian's package docker-registry")
    return World(folder, Authority(folder))


FOUND = Complete(("1.0",))


def test_row_36_basic_over_tls_with_an_authority_of_our_own(world: World) -> None:
    issued = world.authority.issue("registry", "127.0.0.1")
    lines = [
        f"{who.username}:{bcrypt.hashpw(who.secret.encode(), bcrypt.gensalt(4)).decode()}"
        for who in (ADA, BOB)
    ]
    with docker_registry.serve(world.folder, "\n".join(lines), issued) as host:
        assert world.lists(host, "ada/app", who=ADA, ca=True) == [FOUND]
        assert world.lists(host, "ada/app", "bob/app", who=None, ca=True) == ["registry-denied"] * 2
        wrong = Credentials("ada", canary("failing"), "test")
        many = ["ada/app"] * 6
        assert set(world.lists(host, *many, who=wrong, ca=True)) == {"registry-denied"}


@pytest.fixture(scope="module")
def tokens(world: World) -> Iterator[tuple[str, TokenServer, http_server.Server]]:
    signer = TokenServer(
        world.authority.issue("signer"),
        {ADA.username: ADA.secret, BOB.username: BOB.secret},
        {REFRESH.secret: "ada"},
    )
    with ExitStack() as stack:
        server = stack.enter_context(http_server.serve(signer.answer))
        auth = docker_registry.TokenAuth(
            f"{server.url}/token?x=1,2", SERVICE, ISSUER, world.authority.ca
        )
        yield stack.enter_context(docker_registry.serve(world.folder, tokens=auth)), signer, server


def wallet(realm: str, **owners: Credentials) -> Wallet:
    return Wallet(lambda name: owners.get(name.partition("/")[0]), frozenset({realm}))


def test_row_35_a_token_for_whoever_asks(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, _, server = tokens
    assert world.lists(host, "public/app", who=wallet(server.url)) == [FOUND]


def test_row_54_two_accounts_of_one_registry(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, signer, server = tokens
    who = wallet(server.url, ada=ADA, bob=BOB)
    signer.given.clear()
    found = world.lists(host, "ada/app", "bob/app", "public/app", who=who)
    assert found == [FOUND, FOUND, FOUND]
    assert ("GET", "ada", "repository:ada/app:pull") in signer.given
    assert ("GET", "bob", "repository:bob/app:pull") in signer.given


def test_row_44_a_realms_own_query_is_kept(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, _, server = tokens
    world.lists(host, "public/app", who=wallet(server.url))
    assert "/token?x=1%2C2&service=test+registry%2C+with+a+comma&scope=" in server.asked[-1].path


def test_row_53_less_than_was_asked_is_denied_by_the_registry(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, _, server = tokens
    before = len(server.asked)
    assert world.lists(host, "bob/app", who=wallet(server.url, bob=ADA)) == ["registry-denied"]
    assert len(server.asked) - before == 1


def test_row_43_a_realm_on_another_port_of_this_machine_must_be_named(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, _, server = tokens
    before = len(server.asked)
    assert world.lists(host, "ada/app", who=ADA) == ["realm"]
    assert len(server.asked) == before


@pytest.mark.parametrize("post", [200, 404, 405, 400, 401])
def test_row_51_an_identity_token_goes_by_post_and_else_by_get(
    world: World, tokens: tuple[str, TokenServer, http_server.Server], post: int
) -> None:
    host, signer, server = tokens
    signer.post = post
    before = len(server.asked)
    # Who is asked for by GET sends the user that stands beside the token.
    beside = Credentials("ada", REFRESH.secret, "test", identity_token=True)
    assert world.lists(host, "ada/app", who=wallet(server.url, ada=beside)) == [FOUND]
    methods = [asked.method for asked in server.asked[before:]]
    assert methods == (["POST"] if post == 200 else ["POST", "GET"])
    assert f"refresh_token={REFRESH.secret}".encode() in server.asked[before].body
    signer.post = 200


def test_row_55_fifty_images_of_one_repository_share_a_token(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, _, server = tokens
    before = len(server.asked)
    found = world.lists(host, *["ada/app"] * 50, who=wallet(server.url, ada=ADA))
    assert found == [FOUND] * 50
    assert len(server.asked) - before == 1


def test_row_59_a_wrong_password_is_tried_twice_at_the_most(
    world: World, tokens: tuple[str, TokenServer, http_server.Server]
) -> None:
    host, _, server = tokens
    wrong = Credentials("ada", canary("failing"), "test")
    before = len(server.asked)
    images = [f"ada/app{number}" for number in range(20)]
    found = world.lists(host, *images, "public/app", who=wallet(server.url, ada=wrong))
    assert set(found[:-1]) == {"denied-or-missing", "registry-denied"}
    assert found[-1] == FOUND
    tries = [one for one in server.asked[before:] if "authorization" in one.headers]
    assert len(tries) == 2
