"""Origins, what is bound to them, redirects and near addresses: pure, by tables."""

from __future__ import annotations

import pytest

from bumper.errors import UnreachableError
from bumper.nearness import Nearness, literal, may_lead
from bumper.origins import Bound, Origin, is_local, redirected


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://bot:s3cret@host.example/x", id="login"),
        pytest.param("https://s3cret@host.example/x", id="user"),
        pytest.param("https://@host.example/s3cret", id="empty-user"),
        pytest.param("http://[bad/s3cret", id="bracket"),
        pytest.param("ftp://bot:s3cret@h/", id="scheme"),
        pytest.param("https://bot:s3cret@h:x/", id="port"),
        pytest.param("https://h:0/s3cret", id="port-0-is-443-to-some"),
        pytest.param("https://h:65536/s3cret", id="port-too-large"),
        pytest.param("https:h.example/s3cret", id="no-slashes"),
        pytest.param("https:///s3cret", id="no-host"),
        pytest.param("https://h.example\\@evil/s3cret", id="backslash"),
        pytest.param("https://h.exa\tmple/s3cret", id="tab-that-some-drop"),
        pytest.param("https://h.example/s3cret\n", id="newline"),
        pytest.param("https://h%2eexample/s3cret", id="escaped-host"),
        pytest.param("https://h\u3002example/s3cret", id="ideographic-full-stop"),
        pytest.param("https://-h.example/s3cret", id="dash"),
        pytest.param("s3cret", id="no-url"),
        pytest.param("", id="empty"),
    ],
)
def test_a_bad_address_is_refused_and_never_quoted(url: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        Origin.of(url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Host.Example/x", "https://host.example"),
        ("https://host.example:443/x", "https://host.example"),
        ("http://host.example:5000", "http://host.example:5000"),
        ("http://[::1]:5000/v2/", "http://[::1]:5000"),
        ("https://my_host/x", "https://my_host"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert str(Origin.of(url)) == origin


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        pytest.param("https://h.example/v2/team/app/tags/list", True, id="below"),
        pytest.param("https://h.example/v2/team", True, id="itself"),
        pytest.param("https://h.example/v2/team-evil/app", False, id="sibling-with-the-prefix"),
        pytest.param("https://h.example/v2/", False, id="above"),
        pytest.param("https://h.example/v2/team/../evil", False, id="climbs"),
        pytest.param("https://h.example/v2/team/%2e%2e/evil", False, id="climbs-escaped"),
        pytest.param("https://h.example/v2/team/..%2fevil", False, id="climbs-escaped-slash"),
        pytest.param("https://h.example:8443/v2/team/app", False, id="other-port"),
        pytest.param("http://h.example/v2/team/app", False, id="other-scheme"),
        pytest.param("https://h.example.evil/v2/team/app", False, id="other-host"),
    ],
)
def test_rule_s3_a_secret_is_bound_by_whole_segments(url: str, allowed: bool) -> None:  # noqa: FBT001 - a column
    bound = Bound(Origin.of("https://h.example"), {"Authorization": "Basic abc"}, "/v2/team")
    assert bound.allows(url) is allowed


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/x", "\\\\evil.example/x", "/\\evil.example", "https://r@evil.example/", "https:evil.example",
        "https:\\\\evil.example", "http://h.example/x", "ftp://h.example/", "javascript:alert(1)", "", " /x",
        "/x y", "/x\x00", "/x\x7f", "https://evil.example:x/", "https://[::1/", "https:///x", "/\u00e9",
    ],
)  # fmt: skip
def test_row_23_an_odd_redirect_is_refused(target: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        redirected("https://h.example/v2/", target)
    assert caught.value.code == "redirects"


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/v2/b", "https://h.example/v2/b"),
        ("b?c=1,2", "https://h.example/v2/b?c=1,2"),
        ("https://cdn.example/blob?sig=%2F", "https://cdn.example/blob?sig=%2F"),
    ],
)
def test_row_18_a_redirect_is_resolved(target: str, where: str) -> None:
    assert redirected("https://h.example/v2/a", target) == where


SPECIAL, LOOPBACK, PRIVATE, PUBLIC = reversed(Nearness)
NEAR = {
    LOOPBACK: ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0x7f000001", "localhost", "localhost.",
               "LOCALHOST", "a.localhost", "[::1]", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
               "127.255.255.254", "::7f00:1"],
    SPECIAL: ["169.254.169.254", "0.0.0.0", "0", "::", "[::]", "fe80::1", "[fe80::1%eth0]", "224.0.0.1", "ff02::1",
              "255.255.255.255", "metadata.google.internal", "metadata.google.internal.", "instance-data",
              "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "::ffff:169.254.169.254", "0xa9fea9fe"],
    PRIVATE: ["10.0.0.1", "192.168.1.1", "172.16.0.1", "172.31.255.255", "fd12::1", "100.64.0.1", "10.1", "192.0.2.1"],
    PUBLIC: ["8.8.8.8", "2606:4700::1111", "172.32.0.1", "1.1"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("host", "nearness"),
    [pytest.param(host, near, id=host) for near, hosts in NEAR.items() for host in hosts],
)
def test_row_21_an_address_is_known_in_every_spelling(host: str, nearness: Nearness) -> None:
    assert literal(host) is nearness
    assert is_local(host) is (nearness is not PUBLIC)


@pytest.mark.parametrize(
    "host", ["registry.example.com", "127.example.org", "1.2.3.4.5", "0x7g", "deadbeef", "localhost.example"]
)  # fmt: skip
def test_a_name_says_nothing_of_its_address(host: str) -> None:
    assert literal(host) is None
    assert not is_local(host)


@pytest.mark.parametrize(
    ("here", "leads_to"),
    [
        (PUBLIC, {PUBLIC}),
        (PRIVATE, {PUBLIC, PRIVATE}),
        (LOOPBACK, {PUBLIC, PRIVATE, LOOPBACK}),
        (SPECIAL, {PUBLIC, PRIVATE, LOOPBACK}),
    ],
)
def test_rule_s5_nobody_leads_nearer_than_itself(here: Nearness, leads_to: set[Nearness]) -> None:
    assert {there for there in Nearness if may_lead(here, there)} == leads_to
