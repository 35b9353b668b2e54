"""The URL of a remote: which host, which slug, under which address the forge would answer."""

from __future__ import annotations

import pytest

from bumper.remotes import RemoteUrl, parse


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://github.com/acme/gitops.git", ("github.com", "https://github.com", "acme/gitops"), id="https"),
        pytest.param("https://bot:s3cret@GitHub.com/acme/gitops", ("github.com", "https://github.com", "acme/gitops"), id="with-a-login"),
        pytest.param("http://git.lan:3000/acme/gitops.git/", ("git.lan", "http://git.lan:3000", "acme/gitops"), id="http-with-a-port"),
        pytest.param("https://git.lan/git/acme/gitops.git", ("git.lan", "https://git.lan/git", "acme/gitops"), id="row-195-below-a-path"),
        pytest.param("ssh://git@git.lan:2222/acme/gitops.git", ("git.lan", "https://git.lan", "acme/gitops"), id="ssh-with-a-port"),
        pytest.param("git@github.com:acme/gitops.git", ("github.com", "https://github.com", "acme/gitops"), id="like-scp"),
        pytest.param("https://[::1]:3000/acme/gitops", ("[::1]", "https://[::1]:3000", "acme/gitops"), id="an-address"),
        pytest.param("/srv/git/gitops.git", None, id="a-path"),
        pytest.param("../gitops", None, id="a-path-from-here"),
        pytest.param("file:///srv/git/gitops.git", None, id="a-file"),
        pytest.param("https://github.com/gitops", None, id="no-owner"),
        pytest.param("ext::sh -c evil", None, id="row-150-a-program"),
        pytest.param("", None, id="none"),
    ],
)  # fmt: skip
def test_parse(url: str, expected: tuple[str, str, str] | None) -> None:
    found = parse(url)
    assert found == (None if expected is None else RemoteUrl(*expected))
    assert "s3cret" not in repr(found)
