"""Origins, local addresses, and where a secret may go."""

from __future__ import annotations

import pytest

from bumper.errors import UnreachableError
from bumper.http import Origin, is_local
from bumper.registries.realms import may_see_the_secret


@pytest.mark.parametrize(
    "url",
    [
        "https://bot:s3cret@host.example/x",
        "http://[bad",
        "ftp://bot:s3cret@h/",
        "https://bot:s3cret@h:x/",
    ],
)
def test_a_bad_address_is_refused_and_never_quoted(url: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        Origin.of(url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "localhost", "localhost.", "[::1]", "10.0.0.1",
     "169.254.169.254", "0.0.0.0", "64:ff9b::7f00:1", "metadata.google.internal"],
)  # fmt: skip
def test_row_21_a_local_address_is_known_in_every_spelling(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "registry.example.com", "2606:4700::1111", "127.example.org"]
)
def test_a_public_host_is_not_local(host: str) -> None:
    assert not is_local(host)


@pytest.mark.parametrize(
    ("registry", "realm", "may"),
    [
        pytest.param(
            "https://registry-1.docker.io", "https://auth.docker.io", True, id="docker-hub"
        ),
        pytest.param("https://ghcr.io", "https://ghcr.io", True, id="same"),
        pytest.param("https://registry.gitlab.com", "https://gitlab.com", True, id="parent"),
        pytest.param(
            "https://registry.acme.org", "https://gitlab.acme.org", True, id="conventional-sibling"
        ),
        pytest.param("http://127.0.0.1:5000", "http://127.0.0.1:5000", True, id="b6-same-port"),
        pytest.param("http://127.0.0.1:5000", "http://127.0.0.1:8080", False, id="b6-other-port"),
        pytest.param("https://team.fly.dev", "https://evil.fly.dev", False, id="shared-hosting"),
        pytest.param("https://a.jfrog.io", "https://b.jfrog.io", False, id="shared-registry"),
        pytest.param("https://registry.acme.org", "https://evil.org", False, id="stranger"),
        pytest.param("https://registry.acme.org", "http://gitlab.acme.org", False, id="plain-http"),
        pytest.param("https://registry.acme.org", "https://10.0.0.1", False, id="b6-local"),
    ],
)
def test_rule_s4_a_secret_goes_to_the_registrys_own(registry: str, realm: str, may: bool) -> None:  # noqa: FBT001 - a column
    assert may_see_the_secret(Origin.of(registry), Origin.of(realm)) is may
