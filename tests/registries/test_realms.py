"""Rules S4 to S6, table b6: where a registry may send us, and with what."""

from __future__ import annotations

from itertools import product

import pytest

from bumper.errors import UnreachableError
from bumper.http import Origin
from bumper.registries.realms import may_see_the_secret, resolve

NETWORK_ONLY = [
    ("https://registry.example.com", "https://8.8.8.8/token"),
    ("https://registry.example.com", "https://auth.example.net/token"),
    ("https://team.fly.dev", "https://evil.fly.dev/token"),
    ("https://registry.github.io", "https://auth.github.io/token"),
    ("https://registry.co.uk", "https://co.uk/token"),
    ("https://registry.co.uk", "https://auth.co.uk/token"),
    ("https://a.jfrog.io", "https://b.jfrog.io/token"),
    ("https://mine.azurecr.io", "https://yours.azurecr.io/oauth2/token"),
    ("https://registry.acme.org", "https://evil.acme.org/token"),
    ("https://registry-1.docker.io", "https://auth.docker.io.evil.example/token"),
]


@pytest.mark.parametrize(("registry", "realm"), NETWORK_ONLY)
def test_row_42_a_foreign_realm_is_asked_without_a_secret(registry: str, realm: str) -> None:
    found = resolve(realm, Origin.of(registry))
    assert (found.url, found.ours) == (realm, False)


@pytest.mark.parametrize(
    ("registry", "realm"),
    [
        pytest.param("https://registry-1.docker.io", "https://auth.docker.io/token", id="docker-hub"),
        pytest.param("https://ghcr.io", "https://ghcr.io/token", id="same"),
        pytest.param("https://h.example:5000", "https://h.example/token", id="same-host-other-port"),
        pytest.param("https://registry.gitlab.com", "https://gitlab.com/jwt/auth", id="parent"),
        pytest.param("https://registry.acme.org", "https://gitlab.acme.org/jwt/auth", id="beside"),
        pytest.param("http://127.0.0.1:5000", "http://127.0.0.1:5000/auth", id="b6-same-port"),
        pytest.param("https://10.0.0.1", "https://10.0.0.1/auth", id="b6-private-itself"),
        pytest.param("http://registry.acme.org", "https://registry.acme.org/auth", id="b6-http-to-https"),
    ],
)  # fmt: skip
def test_rule_s4_the_registrys_own_may_see_the_secret(registry: str, realm: str) -> None:
    assert resolve(realm, Origin.of(registry)).ours


LOCAL = ["0.0.0.0", "[::]", "127.0.0.1", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "127.1", "localhost",
         "2130706433", "metadata.google.internal", "[fd00:ec2::254]"]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_row_43_a_realm_at_a_local_address_is_refused(host: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        resolve(f"https://{host}/token", Origin.of("https://registry.example.com"))
    assert caught.value.code == "realm"
    assert "registries.registry.example.com.realm" in caught.value.hint


@pytest.mark.parametrize(
    ("registry", "realm"),
    [
        pytest.param("https://registry.example.com", "http://registry.example.com/t", id="row-41-plain-http"),
        pytest.param("http://127.0.0.1:5000", "http://127.0.0.1:8080/auth", id="b6-other-port-of-this-machine"),
        pytest.param("https://127.0.0.1:5000", "http://127.0.0.1:5000/auth", id="b6-scheme"),
        pytest.param("https://registry.example.com", "Artifactory Realm", id="row-39-no-url"),
        pytest.param("https://registry.example.com", "", id="row-39-none"),
        pytest.param("https://registry.example.com", "//evil.example/t", id="no-scheme"),
        pytest.param("https://registry.example.com", "https://registry.example.com@evil.example/", id="login"),
        pytest.param("https://registry.example.com", "\\\\evil.example", id="backslashes"),
        pytest.param("https://registry.example.com", "file:///etc/passwd", id="file"),
    ],
)  # fmt: skip
def test_rows_39_and_41_a_realm_that_is_none_is_refused(registry: str, realm: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        resolve(realm, Origin.of(registry))
    assert caught.value.code == "realm"


def test_row_40_a_relative_realm_is_the_registrys_own() -> None:
    found = resolve("/token2?x=1", Origin.of("https://h.example"))
    assert (found.url, found.ours) == ("https://h.example/token2?x=1", True)


def test_row_42_the_config_may_name_a_realm() -> None:
    named = frozenset({Origin.of("http://127.0.0.1:8080")})
    found = resolve("http://127.0.0.1:8080/auth", Origin.of("http://127.0.0.1:5000"), named)
    assert (found.ours, found.named) == (True, True)


OWNERS = [
    "acme.org",
    "corp.example.com",
    "team.fly.dev",
    "shop.co.uk",
    "a.b.c.example",
    "io",
    "github.io",
]
STRANGERS = [
    "evil.org",
    "acme.org.evil.net",
    "acme-org.net",
    "evil.fly.dev",
    "evil.co.uk",
    "xacme.org",
    "gitlab.io",
]
NAMES = ["registry", "docker", "cr", "hub", "images"]


@pytest.mark.parametrize("owner", OWNERS)
def test_rule_s4_no_stranger_of_200_pairs_may_see_it(owner: str) -> None:
    for name, stranger, beside in product(NAMES, STRANGERS, ["", "auth.", "gitlab.", "registry."]):
        pair = Origin.of(f"https://{name}.{owner}"), Origin.of(f"https://{beside}{stranger}/token")
        assert not may_see_the_secret(*pair), pair
