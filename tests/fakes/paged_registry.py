"""A registry that counts: lists in pages with validators, an index of two platforms behind each tag.

Answers as the OCI distribution-spec and the token specification want it; each kind of question is
counted apart.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.fakes.http_server import Answer

if TYPE_CHECKING:
    from tests.fakes.http_server import Asked

__all__ = ["PagedRegistry"]

_INDEX = "application/vnd.oci.image.index.v1+json"
_IMAGE = "application/vnd.oci.image.manifest.v1+json"
PLATFORMS = ("amd64", "arm64")


@dataclass
class PagedRegistry:
    """Repositories and their tags, sorted as they are listed; `pushed` renews a tag's content."""

    tags: dict[str, list[str]]
    size: int = 3
    login: bool = False
    validators: bool = True
    pushed: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def answer(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        if parts.path == "/token":
            self.counts["token"] += 1
            return Answer(200, json.dumps({"token": parse_qs(parts.query)["scope"][0]}).encode())
        _, _, rest = parts.path.partition("/v2/")
        if self.login and "authorization" not in asked.headers:
            self.counts["challenge"] += 1
            host = asked.headers["host"]
            told = f'Bearer realm="http://{host}/token",service="here"'
            return Answer(401, b"", (("WWW-Authenticate", told),))
        if rest.endswith("/tags/list"):
            self.counts["list"] += 1
            return self._list(asked, rest.removesuffix("/tags/list"), parse_qs(parts.query))
        repository, _, reference = rest.partition("/manifests/")
        self.counts[f"{asked.method} {'digest' if ':' in reference else 'tag'}"] += 1
        return self._manifest(asked, repository, reference)

    def _list(self, asked: Asked, repository: str, query: dict[str, list[str]]) -> Answer:
        tags = self.tags[repository]
        last = query.get("last", [""])[0]
        start = tags.index(last) + 1 if last else 0
        page = tags[start : start + self.size]
        body = json.dumps({"name": repository, "tags": page}).encode()
        link = ""
        if start + self.size < len(tags):
            link = f"</v2/{repository}/tags/list?n={self.size}&last={page[-1]}>; rel=next"
        return self._conditional(asked, body, (("Link", link),) if link else ())

    def _manifest(self, asked: Asked, repository: str, reference: str) -> Answer:
        words = f"{repository}:{reference} {self.pushed.get(f'{repository}:{reference}', '')}"
        images = [
            {
                "mediaType": _IMAGE,
                "digest": f"sha256:{hashlib.sha256(f'{words} {name}'.encode()).hexdigest()}",
                "platform": {"os": "linux", "architecture": name},
            }
            for name in PLATFORMS
        ]
        body = json.dumps({"mediaType": _INDEX, "manifests": images}).encode()
        if ":" in reference:
            digest = reference
        elif reference in self.tags[repository]:
            digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        else:
            return Answer(404)
        return self._conditional(asked, body, (("Docker-Content-Digest", digest),), digest)

    def _conditional(
        self, asked: Asked, body: bytes, more: tuple[tuple[str, str], ...], tag: str = ""
    ) -> Answer:
        told = f'"{tag or hashlib.sha256(body).hexdigest()}"'
        if self.validators and asked.headers.get("if-none-match") == told:
            self.counts["unchanged"] += 1
            return Answer(304)
        kind = "application/json" if not tag else _INDEX
        etag = (("ETag", told),) if self.validators or tag else ()
        return Answer(200, body, (("Content-Type", kind), *etag, *more))
