"""The clouds' own libraries against loopback fakes of the requests that the vendors document."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bumper.errors import BumperError
from bumper.keychains.azure import Azure
from bumper.keychains.ecr import Ecr
from bumper.keychains.google import Google
from tests.canaries import canary
from tests.fakes.http_server import Answer, serve

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.http_server import Asked

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
ACR = "acmeregistry.azurecr.io"


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")


def with_aws(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", canary("AWS_SECRET_ACCESS_KEY"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_ECR", url)


def test_ecr_gives_its_password_by_get_authorization_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shape: Amazon ECR API Reference, GetAuthorizationToken."""
    token = base64.b64encode(f"AWS:{canary('token')}".encode()).decode()
    body = {
        "authorizationData": [
            {"authorizationToken": token, "expiresAt": 1.7e9, "proxyEndpoint": f"https://{ECR}"}
        ]
    }
    with serve(lambda _: Answer(200, json.dumps(body).encode())) as server:
        with_aws(monkeypatch, server.url)
        found = Ecr().credentials(ECR)
        asked = server.asked[0]
    assert found is not None
    assert (found.username, found.secret) == ("AWS", canary("token"))
    assert (
        asked.headers["x-amz-target"]
        == "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"
    )
    assert "/eu-central-1/ecr/aws4_request" in asked.headers["authorization"]
    assert canary("AWS_SECRET_ACCESS_KEY") not in str(asked)


def test_ecr_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(
        {"__type": "AccessDeniedException", "message": f"no, {canary('AWS_SECRET_ACCESS_KEY')}"}
    ).encode()
    with serve(lambda _: Answer(400, body)) as server:
        with_aws(monkeypatch, server.url)
        with pytest.raises(BumperError) as caught:
            Ecr().credentials(ECR)
    assert caught.value.code == "aws"
    assert canary("AWS_SECRET_ACCESS_KEY") not in caught.value.message


@pytest.mark.parametrize(
    "host",
    [
        "docker.io", "public.ecr.aws", f"{ECR}.evil.example", f"evil-{ECR}", "12345.dkr.ecr.eu-central-1.amazonaws.com",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com:8443", "123456789012.dkr.ecr.evil.example.amazonaws.com",
    ],
)  # fmt: skip
def test_no_other_host_is_taken_for_ecr(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_aws(monkeypatch, "http://127.0.0.1:1")
    assert Ecr().credentials(host) is None


@pytest.mark.parametrize(
    "host",
    [
        ECR,
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
    ],
)
def test_without_an_identity_ecr_is_asked_as_anybody(host: str) -> None:
    assert Ecr().credentials(host) is None


def test_google_gives_an_access_token_for_a_service_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shape: Google's "Using OAuth 2.0 for Server to Server Applications"."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    answer = Answer(
        200,
        b'{"access_token": "google-access-token", "expires_in": 3599, "token_type": "Bearer"}',
        (("Content-Type", "application/json"),),
    )
    with serve(lambda _: answer) as server:
        account = {"type": "service_account", "client_email": "bot@p.iam.gserviceaccount.com", "private_key": pem,
                   "private_key_id": "1", "project_id": "p", "token_uri": f"{server.url}/token"}  # fmt: skip
        (tmp_path / "key.json").write_text(json.dumps(account))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
        found = Google().credentials("europe-docker.pkg.dev")
        form = parse_qs(server.asked[0].body.decode())
    assert found is not None
    assert (found.username, found.secret) == ("oauth2accesstoken", "google-access-token")
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    claims = form["assertion"][0].split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert told["scope"] == "https://www.googleapis.com/auth/cloud-platform.read-only"


@pytest.mark.parametrize("host", ["gcr.io", "eu.gcr.io", "us-docker.pkg.dev"])
def test_without_an_identity_google_is_asked_as_anybody(host: str) -> None:
    assert Google().credentials(host) is None


@pytest.mark.parametrize(
    "host", ["evil.gcr.io", "gcr.io.evil.example", "docker.pkg.dev", "evil-gcr.io", "gcr.io:8443"]
)
def test_no_other_host_is_taken_for_google(host: str) -> None:
    assert Google().credentials(host) is None


@dataclass
class Acr:
    """An App Service that lends its identity, and a registry that exchanges its tokens.

    Shapes: "How to use managed identities for App Service", "AAD-OAuth" of Azure Container Registry.
    """

    exchange: Answer | None = None
    lends: int = 200

    def answer(self, asked: Asked) -> Answer:
        json_type = (("Content-Type", "application/json"),)
        if asked.path.startswith("/identity"):
            body = {
                "access_token": "entra-access-token",
                "expires_on": "4102444800",
                "resource": "x",
                "token_type": "Bearer",
            }
            return Answer(self.lends, json.dumps(body).encode(), json_type)
        given = Answer(200, b'{"refresh_token": "acr-identity-token"}', json_type)
        return self.exchange or given


def with_azure(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{url}/identity")
    monkeypatch.setenv("IDENTITY_HEADER", "of-the-app-service")


def test_azure_gives_an_identity_token_by_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password of-netrc\n")
    with serve(Acr().answer) as server:
        with_azure(monkeypatch, server.url)
        found = Azure(server.url).credentials(ACR)
        lent, exchanged = server.asked
    assert found is not None
    assert (found.username, found.secret) == (
        "00000000-0000-0000-0000-000000000000",
        "acr-identity-token",
    )
    assert found.identity_token
    assert lent.headers["x-identity-header"] == "of-the-app-service"
    assert parse_qs(urlsplit(lent.path).query)["resource"] == [
        "https://containerregistry.azure.net"
    ]
    assert (exchanged.method, exchanged.path) == ("POST", "/oauth2/exchange")
    assert "authorization" not in exchanged.headers  # rule S7
    form = {
        "grant_type": ["access_token"],
        "service": [ACR],
        "access_token": ["entra-access-token"],
    }
    assert parse_qs(exchanged.body.decode()) == form


@pytest.mark.parametrize(
    "acr",
    [
        pytest.param(Acr(exchange=Answer(401, b"entra-access-token")), id="the-registry-refuses"),
        pytest.param(Acr(exchange=Answer(200, b"<html>entra-access-token")), id="no-json"),
        pytest.param(Acr(exchange=Answer(200, b"{}")), id="no-token"),
        pytest.param(Acr(exchange=Answer(307, b"", (("Location", "/elsewhere"),))), id="a-redirect"),
    ],
)  # fmt: skip
def test_azure_refuses(acr: Acr, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(acr.answer) as server:
        with_azure(monkeypatch, server.url)
        with pytest.raises(BumperError) as caught:
            Azure(server.url).credentials(ACR)
        paths = [asked.path for asked in server.asked]
    assert caught.value.code == "azure"
    assert "AcrPull" in caught.value.hint
    assert "entra-access-token" not in f"{caught.value.message}{caught.value.hint}"
    assert paths[-1] == "/oauth2/exchange"


def test_without_an_identity_azure_is_asked_as_anybody(capfd: pytest.CaptureFixture[str]) -> None:
    assert Azure("http://127.0.0.1:1").credentials(ACR) is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "host",
    [
        "docker.io", "mcr.microsoft.com", f"{ACR}.evil.example", f"{ACR}:8443", f"a.b.{ACR}", "evil-azurecr.io",
        "acme.azurecr.io.evil.example", "azurecr.io", "x.azurecr.io",
    ],
)  # fmt: skip
def test_no_other_host_is_taken_for_azure(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Acr().answer) as server:
        with_azure(monkeypatch, server.url)
        assert Azure(server.url).credentials(host) is None
        assert server.asked == []
