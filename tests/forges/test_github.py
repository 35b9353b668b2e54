"""What GitHub alone has: Apps, and refusals whose words say more than their status."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bumper.apis import github
from bumper.cli import locate
from bumper.config.proposals import ForgeSettings
from bumper.errors import ForgeError
from bumper.forges.github import GitHub
from bumper.model import ChangeRequest
from tests.canaries import canary
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.http_server import Asked

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
).decode()
WISH = ChangeRequest("web", "bumper/web", "main", "Bump web", "body", "", (), (), ())


def answered(asked: Asked) -> Answer:
    """An installation on one repository, for who signs as App 7."""
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    assert scheme == "Bearer"
    claims = jwt.decode(token, PRIVATE.public_key(), algorithms=["RS256"])
    if claims["iss"] != "7" or "other" in asked.path:
        return _json(404, {"message": "Not Found"})
    if asked.method == "GET":
        return _json(200, {"id": 42, "app_id": 7})
    assert asked.path == "/api/v3/app/installations/42/access_tokens"
    return _json(201, {"token": "ghs_short", "expires_at": "2036-01-01T00:00:00Z"})


def _json(status: int, body: object) -> Answer:
    return Answer(status, json.dumps(body).encode(), (("Content-Type", "application/json"),))


@pytest.fixture
def server() -> Iterator[str]:
    with serve(answered) as running:
        yield running.url


def test_an_app_of_the_config_becomes_its_installations_token(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.pem").write_text(PEM, encoding="ascii")
    monkeypatch.setenv("APP_KEY_FILE", str(tmp_path / "key.pem"))
    settings = ForgeSettings.model_validate(
        {"kind": "github", "url": server, "slug": "acme/gitops", "app": "7", "app-key": "$APP_KEY"}
    )
    assert locate.find(settings, None).token == "ghs_short"


@pytest.mark.parametrize(
    ("app", "slug", "key"),
    [
        pytest.param("8", "acme/gitops", PEM, id="no-such-app"),
        pytest.param("7", "acme/other", PEM, id="not-installed-there"),
        pytest.param("7", "acme/gitops", "no key", id="a-key-that-is-none"),
    ],
)
def test_an_app_without_a_token_is_told_without_its_key(
    server: str, app: str, slug: str, key: str
) -> None:
    with pytest.raises(ForgeError) as caught:
        github.installation_token(f"{server}/api/v3", slug, app, key)
    assert "forge.app" in caught.value.hint
    assert key not in caught.value.message


REFUSALS = [
    pytest.param(403, "GitHub Actions is not permitted to create or approve pull requests.",
                 ["Settings > Actions > General", "by hand: {url}/acme/gitops/compare/main...bumper/web"], id="row-169-the-jobs-token"),
    pytest.param(403, "Resource not accessible by integration", ["contents: write"], id="row-170-a-missing-permission"),
    pytest.param(403, "You have exceeded a secondary rate limit.", ["by the next run"], id="row-173-a-secondary-limit"),
    pytest.param(429, "API rate limit exceeded for user ID 1.", ["by the next run"], id="row-172-the-hour-is-used-up"),
    pytest.param(403, "Repository was archived so is read-only.", ["unarchive"], id="row-192-archived"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "message", "hints"), REFUSALS)
def test_a_refusal_says_what_to_do(
    status: int, message: str, hints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "RETRIES", 0)
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 0)
    with serve(lambda _: _json(status, {"message": message})) as running:
        forge = GitHub(f"{running.url}/api/v3", "acme/gitops", canary("forge"))
        with pytest.raises(ForgeError) as caught:
            asyncio.run(forge.open(WISH))
    assert [one for one in hints if one.format(url=running.url) not in caught.value.hint] == []
