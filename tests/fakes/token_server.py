"""A token server that signs for a real docker-registry, and can be told to misbehave.

Source: the distribution project's token specification.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from tests.fakes.http_server import Answer

if TYPE_CHECKING:
    from tests.fakes.certificates import Issued
    from tests.fakes.http_server import Asked

__all__ = ["ISSUER", "SERVICE", "TokenServer"]

ISSUER, SERVICE = "test issuer", "test registry, with a comma"


@dataclass
class TokenServer:
    """Gives tokens for `public/`, and for what is below a user's own name.

    `refresh` has identity tokens by user; `post` is the status that POST is answered, 200 to serve it.
    """

    issued: Issued
    users: dict[str, str]
    refresh: dict[str, str] = field(default_factory=dict)
    post: int = 200
    given: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            if self.post != 200:
                return Answer(self.post)
            form = parse_qs(asked.body.decode())
            user = self.refresh.get(form.get("refresh_token", [""])[0])
            scopes = form.get("scope", [""])[0].split()
        else:
            query = parse_qs(urlsplit(asked.path).query)
            user = self._user(asked.headers.get("authorization", ""))
            scopes = query.get("scope", [])
        if user is None:
            return Answer(401, b'{"errors":[{"code":"UNAUTHORIZED"}]}')
        access = [entry for scope in scopes if (entry := self._access(scope, user))]
        self.given += [(asked.method, user, scope) for scope in scopes]
        key = "token" if asked.method == "GET" else "access_token"
        token = self._signed({"sub": user, "access": access})
        return Answer(200, json.dumps({key: token, "expires_in": 300}).encode())

    def _user(self, authorization: str) -> str | None:
        if not authorization:
            return ""
        user, _, password = base64.b64decode(authorization.split()[1]).decode().partition(":")
        known = self.users.get(user) == password or self.refresh.get(password) == user
        return user if known else None

    def _access(self, scope: str, user: str) -> dict[str, Any] | None:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if name.split("/")[0] not in {"public", user}:
            return None
        return {"type": kind, "name": name, "actions": actions.split(",")}

    def _signed(self, claims: dict[str, Any]) -> str:
        certificate = x509.load_pem_x509_certificate(self.issued.cert.read_bytes())
        key = serialization.load_pem_private_key(self.issued.key.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        chain = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
        now = int(time.time())
        whole = {"iss": ISSUER, "aud": SERVICE, "iat": now, "nbf": now - 60, "exp": now + 300,
                 "jti": str(len(self.given)), **claims}  # fmt: skip
        header = {"typ": "JWT", "alg": "ES256", "x5c": [chain]}
        text = b".".join(packed(json.dumps(part).encode()) for part in (header, whole))
        r, s = utils.decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        return (text + b"." + packed(r.to_bytes(32, "big") + s.to_bytes(32, "big"))).decode()


def packed(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
