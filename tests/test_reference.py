"""The grammar of image references, row by row, and against docker-image-py on made-up texts.

The rows are facts of the test-suites of distribution/reference, regclient and go-containerregistry.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

import pytest
from docker_image import reference as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper.errors import InvalidReferenceError
from bumper.reference import parse, registry_name

if TYPE_CHECKING:
    from bumper.reference import Reference

F64 = "f" * 64
D = "docker.io"
SHA = f"sha256:{F64}"
SHA512 = "sha512:" + "f" * 128

VALID: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("alpine", D, "library/alpine", None, None),
    ("docker.io/alpine", D, "library/alpine", None, None),
    ("index.docker.io/alpine", D, "library/alpine", None, None),
    ("index.docker.io/library/alpine", D, "library/alpine", None, None),
    ("library/alpine", D, "library/alpine", None, None),
    ("registry-1.docker.io/library/alpine", D, "library/alpine", None, None),
    ("regclient/regctl:edge", D, "regclient/regctl", "edge", None),
    ("library/foo/bar", D, "library/foo/bar", None, None),
    ("store/foo/bar", D, "store/foo/bar", None, None),
    ("docker/docker", D, "docker/docker", None, None),
    ("d/docker", D, "d/docker", None, None),
    ("jess/t", D, "jess/t", None, None),
    ("dock__er/docker", D, "dock__er/docker", None, None),
    ("docker---rules/docker", D, "docker---rules/docker", None, None),
    ("test_com/foo", D, "test_com/foo", None, None),
    ("test_com", D, "library/test_com", None, None),
    ("foo_bar.com:8080", D, "library/foo_bar.com", "8080", None),
    ("test.com:5000", D, "library/test.com", "5000", None),
    ("192.168.0.1:80", D, "library/192.168.0.1", "80", None),
    (f"localhost:8080@{SHA}", D, "library/localhost", "8080", SHA),
    ("localhost/debian", "localhost", "debian", None, None),
    ("localhost:5000/g/image:v42", "localhost:5000", "g/image", "v42", None),
    ("test.com/foo", "test.com", "foo", None, None),
    ("test-com:8080/foo", "test-com:8080", "foo", None, None),
    ("test:5000/repo:tag", "test:5000", "repo", "tag", None),
    ("192.168.1.1/repo", "192.168.1.1", "repo", None, None),
    ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000", "repo", "5050", None),
    ("127.0.0.1:8000/a/b", "127.0.0.1:8000", "a/b", None, None),
    ("Foo/bar", "foo", "bar", None, None),
    ("FOO/bar", "foo", "bar", None, None),
    ("LOCALDOMAIN/debian", "localdomain", "debian", None, None),
    ("EXAMPLE/group-image:V42", "example", "group-image", "V42", None),
    ("Asdf.com/foo/bar", "asdf.com", "foo/bar", None, None),
    ("foo/foo_bar.com:8080", D, "foo/foo_bar.com", "8080", None),
    ("[2001:db8::1]/repo", "[2001:db8::1]", "repo", None, None),
    (f"[2001:db8::1]:5000/repo:tag@{SHA}", "[2001:db8::1]:5000", "repo", "tag", SHA),
    ("[::1]:5000/repo", "[::1]:5000", "repo", None, None),
    ("[fc00:1:2:3:4:5:6:7]:5000/library/debian", "[fc00:1:2:3:4:5:6:7]:5000", "library/debian", None, None),
    ("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com", "myimage", "xn--n3h.com", None),
    ("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io", "test.example.com/my-app", "test.example.com", None),
    ("gcr.io/google.com/p/h:latest", "gcr.io", "google.com/p/h", "latest", None),
    ("registry.io/foo/project--id.module--name.ver---sion--name", "registry.io", "foo/project--id.module--name.ver---sion--name", None, None),
    ("e.xample.co/g-r.o__u_p/im----age:a", "e.xample.co", "g-r.o__u_p/im----age", "a", None),
    ("lowercase:Uppercase", D, "library/lowercase", "Uppercase", None),
    ("x/y:__a--b..5__", D, "x/y", "__a--b..5__", None),
    ("x:" + "a" * 128, D, "library/x", "a" * 128, None),
    ("x:_", D, "library/x", "_", None),
    ("x:0", D, "library/x", "0", None),
    (f"test:5000/repo:tag@{SHA}", "test:5000", "repo", "tag", SHA),
    (f"busybox:latest@{SHA}", D, "library/busybox", "latest", SHA),
    (f"busybox@{SHA512}", D, "library/busybox", None, SHA512),
    ("x.co/" + "a/" * 127 + "a", "x.co", "a/" * 127 + "a", None, None),
    ("f" * 63, D, "library/" + "f" * 63, None, None),
    ("dbcc1", D, "library/dbcc1", None, None),
    (f"docker.io/{F64}", D, f"library/{F64}", None, None),
)  # fmt: skip

INVALID: tuple[tuple[str, str], ...] = (
    *((text, "empty-part") for text in (
        "", ":justtag", f"@{SHA}", "library/ubuntu:", "docker/", "a//a/a", "docker///docker", "a/a/")),
    *((text, "upper-case-in-the-path") for text in (
        "docker/Docker", "Uppercase:tag", "test:5000/Uppercase/lower", "docker.io/Upper/x")),
    *((text, "dash-at-an-edge") for text in (
        "-docker", "-docker/docker", "docker-/docker", "project/-image", "project/image-",
        "-docker.io/p/i", "docker-.io/p/i")),
    *((text, "separators") for text in (
        "_docker/_docker", "docker_/docker_", "____/____", "dock..er/x", "dock_.er/x", "dock-.er/x",
        "image___x", "example.com/.dots/x", "example.com/__u/x")),
    *((text, "characters") for text in (
        "aa/asdf$$^/aa", "a^a", "project/star*", "https://github.com/docker/docker",
        "do__cker:8080/docker", "foo_bar.com:8080/app", "foo.com:http/bar")),
    *((text, "ipv6") for text in (
        "[fc00::1]", "[fc00::1]:5000", "fc00::1:5000/x", "::1/p/i", "[fe80::1%eth0]:5000/x",
        "[1::2::3]/p", "[2001:db8:3:4::192.0.2.33]:5000/x", "[fd00::3]75050")),
    *((text, "tag") for text in (
        "x:invalid~tag", "x:tag^1", "x:white space", "x:c@n'tuse", "x:-foo", "x:.foo",
        "x:" + "a" * 129, "x:\u0661.\u0662", "x:1.0\n", "x:1.0\r\n", " x", "x ")),
    *((text, "digest") for text in (
        f"repo@sha256:{'f' * 34}", f"x@sha256:{'g' * 64}", "x@bad", f"x@md5:{'f' * 32}",
        f"validname@invaliddigest:{F64}", f"x@sha256:{F64}f", f"x@sha512:{F64}", f"x@{SHA}@{SHA}")),
    ("a/" * 127 + "aa", "path-of-256"),
    (F64, "an-image-id"),
    ("example./g/image:a", "dot-at-the-end-of-a-host"),
    ("example.:5000/g/image:a", "dot-before-a-port"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [pytest.param(*row, id=row[0][:60]) for row in VALID],
)
def test_table_b1_a_valid_reference(
    text: str, registry: str, repository: str, tag: str | None, digest: str | None
) -> None:
    found = parse(text)
    assert (found.registry, found.repository, found.tag, found.digest) == (
        registry,
        repository,
        tag,
        digest,
    )
    assert str(found) == text


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{why}-{text[:40]!r}") for text, why in INVALID]
)
def test_table_b2_an_invalid_reference(text: str) -> None:
    with pytest.raises(InvalidReferenceError):
        parse(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("https://index.docker.io/v1/", D),
        ("index.docker.io", D),
        ("", D),
        ("https://GHCR.io", "ghcr.io"),
        ("registry.example.com:5000/team", "registry.example.com:5000"),
    ],
)
def test_a_registry_is_known_by_any_way_to_write_it(written: str, name: str) -> None:
    assert registry_name(written) == name


_PIECES = st.sampled_from(
    ["a", "b0", "A", ".", "-", "_", "__", "___", "--", "/", ":", "@", "[", "]", "::1", "5000", "localhost",
     "docker.io", "ghcr.io", "library", "x.y", "latest", "1.2.3", SHA, SHA[:-1], SHA512, F64, " ", "é", "%", "~"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=8).map("".join) | st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "localhost:5000/", "x.y/", "[::1]:80/", "A/", "docker.io/"]),
    st.from_regex(r"[a-z0-9]+(?:[._-][a-z0-9]+){0,2}(?:/[a-z0-9_.-]{1,4}){0,2}", fullmatch=True),
    st.sampled_from(["", ":1", ":v1.2-x", ":", ":-", ":latest"]),
    st.sampled_from(["", f"@{SHA}", f"@{SHA[:-2]}", "@"]),
)


def theirs(text: str) -> tuple[str, str, str | None, str | None] | None:
    """What docker-image-py reads, with Docker Hub's aliases and the case of hosts as we have them."""
    try:
        found = oracle.Reference.parse_normalized_named(text)
    except Exception:  # noqa: BLE001 - its errors have no common root
        return None
    host, path = found.repository["domain"].lower(), found.repository["path"]
    if host in {"registry-1.docker.io", "index.docker.io"}:
        host, path = D, path if "/" in path else f"library/{path}"
    return host, path, found.get("tag") or None, found.get("digest") or None


def ours(text: str) -> tuple[str, str, str | None, str | None] | None:
    try:
        found: Reference = parse(text)
    except InvalidReferenceError:
        return None
    return found.registry, found.repository, found.tag, found.digest


def odd(text: str) -> bool:
    """Where we differ on purpose: a host in brackets must be an address, line ends are no part."""
    match = re.match(r"\[([^\]]*)\]", text)
    if match is None:
        return False
    try:
        ipaddress.IPv6Address(match[1])
    except ValueError:
        return True
    return False


@settings(max_examples=1000)
@given(_TEXTS)
def test_docker_image_py_reads_the_same(text: str) -> None:
    assert odd(text) or ours(text) == theirs(text)


@given(st.text(max_size=300))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    found = ours(text)
    assert found is None or str(parse(text)) == text
