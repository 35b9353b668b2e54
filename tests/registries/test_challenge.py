"""Table b3: what registries ask for, and what cannot be read."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.errors import UnreachableError
from bumper.registries import challenge

HUB = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/busybox:pull,push"'
GITEA = (
    'Bearer realm="https://codeberg.org/v2/token",service="container_registry",scope="*",'
    'Basic realm="https://codeberg.org/v2",service="container_registry",scope="*"'
)
DR = 'Bearer realm="http://127.0.0.1:15009/token?x=1,2",service="svc, with comma",scope="repository:a/b:pull"'
ECR = 'Basic realm="https://1234.dkr.ecr.eu-central-1.amazonaws.com/",service="ecr.amazonaws.com"'


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param([HUB], [("bearer", {"realm": "https://auth.docker.io/token", "service": "registry.docker.io",
                                         "scope": "repository:library/busybox:pull,push"})], id="docker-hub"),
        pytest.param(['Bearer realm="/t",scope="repository:foo/bar:pull,push repository:foo/baz:pull"'],
                     [("bearer", {"realm": "/t", "scope": "repository:foo/bar:pull,push repository:foo/baz:pull"})],
                     id="two-scopes"),
        pytest.param(['Basic realm="GitHub Package Registry"'], [("basic", {"realm": "GitHub Package Registry"})], id="basic"),
        pytest.param(["BASIC"], [("basic", {})], id="no-parameters"),
        pytest.param(['BaSiC ReAlM="x"'], [("basic", {"realm": "x"})], id="case"),
        pytest.param(["Basic realm=unquoted"], [("basic", {"realm": "unquoted"})], id="unquoted"),
        pytest.param(["Basic realm=/"], [("basic", {"realm": "/"})], id="slash"),
        pytest.param(['Basic realm="Dev", charset="UTF-8"'], [("basic", {"realm": "Dev", "charset": "UTF-8"})], id="charset"),
        pytest.param(['Digest realm="a@b", qop="auth,auth-int", nonce="n"'],
                     [("digest", {"realm": "a@b", "qop": "auth,auth-int", "nonce": "n"})], id="digest"),
        pytest.param(["Negotiate"], [("negotiate", {})], id="negotiate"),
        pytest.param(["Negotiate abc=="], [("negotiate", {})], id="token68"),
        pytest.param(['OAuth2 realm="x"'], [("oauth2", {"realm": "x"})], id="oauth2"),
        pytest.param([GITEA], [("bearer", {"realm": "https://codeberg.org/v2/token", "service": "container_registry", "scope": "*"}),
                               ("basic", {"realm": "https://codeberg.org/v2", "service": "container_registry", "scope": "*"})],
                     id="two-in-one-header"),
        pytest.param(['Negotiate,Bearer realm="/t",Basic realm="b"'],
                     [("negotiate", {}), ("bearer", {"realm": "/t"}), ("basic", {"realm": "b"})], id="three-in-one"),
        pytest.param(["Negotiate", 'Bearer realm="/t"', 'Basic realm="b"'],
                     [("negotiate", {}), ("bearer", {"realm": "/t"}), ("basic", {"realm": "b"})], id="three-headers"),
        pytest.param(['Bearer realm="/t",empty="",service="s"'],
                     [("bearer", {"realm": "/t", "empty": "", "service": "s"})], id="empty-value"),
        pytest.param([DR], [("bearer", {"realm": "http://127.0.0.1:15009/token?x=1,2", "service": "svc, with comma",
                                        "scope": "repository:a/b:pull"})], id="commas-inside-quotes"),
        pytest.param(['Bearer realm="/t",\r\n\t error="invalid_token",error_description="no, \\"no\\""'],
                     [("bearer", {"realm": "/t", "error": "invalid_token", "error_description": 'no, "no"'})], id="folded"),
        pytest.param([ECR], [("basic", {"realm": "https://1234.dkr.ecr.eu-central-1.amazonaws.com/",
                                        "service": "ecr.amazonaws.com"})], id="ecr"),
        pytest.param([], [], id="none"),
        pytest.param([""], [], id="empty"),
    ],
)  # fmt: skip
def test_row_37_a_challenge_is_read(
    headers: list[str], expected: list[tuple[str, dict[str, str]]]
) -> None:
    assert [(one.scheme, one.parameters) for one in challenge.parse(headers)] == expected


@pytest.mark.parametrize(
    "header",
    [
        pytest.param('Basic realm="Dev" charset="UTF-8"', id="no-comma"),
        pytest.param('Bearer realm="https://open', id="open-quote"),
        pytest.param('Bearer realm="x\\', id="backslash-at-the-end"),
        pytest.param('"Basic" "realm"=/', id="quoted-scheme"),
        pytest.param('realm="x"', id="parameter-alone"),
        pytest.param('Bearer realm="a"b', id="text-after-a-quote"),
        pytest.param("Bearer a b c", id="words"),
    ],
)
def test_row_38_a_broken_challenge_is_an_error_that_repeats_nothing(header: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        challenge.parse([header])
    assert caught.value.code == "bad-challenge"
    assert header[:8] not in str(caught.value)


@given(st.lists(st.text(max_size=80), max_size=3))
def test_any_header_is_read_or_refused(headers: list[str]) -> None:
    with suppress(UnreachableError):
        assert all(
            one.scheme.islower() or not one.scheme.isalpha() for one in challenge.parse(headers)
        )
