"""Debian's docker-registry on loopback, and images put into it. A real part, no fake."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.fakes.certificates import Issued

__all__ = ["Registry", "TokenAuth", "serve"]

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


@dataclass(frozen=True)
class Registry:
    """A running registry; `host` is what references name."""

    host: str
    authorization: str | None = None

    def push(
        self,
        repository: str,
        tag: str,
        platforms: tuple[str, ...] = (),
        config: str = CONFIG,
        labels: Mapping[str, str] | None = None,
        words: str = "",
        inside: Mapping[str, Any] | None = None,
    ) -> str:
        """Put a small image under a tag, as an index where platforms are named; give its digest.

        `words` go into the index alone: its images stay what they are. `inside` is what the config of
        each says of how it runs, beside the labels.
        """
        told = {**({"Labels": dict(labels)} if labels else {}), **(inside or {})}
        if not platforms:
            return self._manifest(repository, tag, f"{repository}:{tag}", config, told)
        entries = []
        for platform in (*platforms, "unknown/unknown"):
            system, _, rest = platform.partition("/")
            architecture, _, variant = rest.partition("/")
            digest = self._manifest(
                repository, None, f"{repository}:{tag} {platform}", CONFIG, told
            )
            described = {
                "os": system,
                "architecture": architecture,
                **({"variant": variant} if variant else {}),
            }
            entries.append(
                {"mediaType": MANIFEST, "digest": digest, "size": 1, "platform": described}
            )
        document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
        if words:
            document["annotations"] = {"words": words}
        return self._put(repository, tag, INDEX, document)

    def delete(self, repository: str, digest: str) -> None:
        self._send("DELETE", f"/v2/{repository}/manifests/{digest}", None, {})

    def _manifest(
        self,
        repository: str,
        tag: str | None,
        words: str,
        kind: str = CONFIG,
        inside: Mapping[str, Any] | None = None,
    ) -> str:
        told = {"comment": words, **({"config": dict(inside)} if inside else {})}
        config = self._blob(repository, json.dumps(told).encode())
        layer = self._blob(repository, words.encode())
        document = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": kind, **config},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **layer}],
        }
        return self._put(repository, tag, MANIFEST, document)

    def _put(self, repository: str, tag: str | None, kind: str, document: dict[str, Any]) -> str:
        content = json.dumps(document).encode()
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self._send(
            "PUT", f"/v2/{repository}/manifests/{tag or digest}", content, {"Content-Type": kind}
        )
        return digest

    def _blob(self, repository: str, content: bytes) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        started = self._send("POST", f"/v2/{repository}/blobs/uploads/", b"", {})
        join = "&" if "?" in started else "?"
        self._send(
            "PUT",
            f"{started}{join}digest={digest}",
            content,
            {"Content-Type": "application/octet-stream"},
        )
        return {"digest": digest, "size": len(content)}

    def _send(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> str:
        url = path if path.startswith("http") else f"http://{self.host}{path}"
        if self.authorization:
            headers = {**headers, "Authorization": self.authorization}
        request = urllib.request.Request(url, content, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.headers.get("Location", ""))


@dataclass(frozen=True)
class TokenAuth:
    """Who gives tokens for a registry, and the certificates that they are signed under."""

    realm: str
    service: str
    issuer: str
    roots: Path


@contextlib.contextmanager
def serve(
    folder: Path,
    htpasswd: str | None = None,
    tls: Issued | None = None,
    tokens: TokenAuth | None = None,
    address: str = "127.0.0.1",
) -> Iterator[str]:
    """Serve the registry in a folder, an empty one at first; give its host and port.

    Raises:
        FileNotFoundError: docker-registry is not installed.
    """
    program = shutil.which("docker-registry")
    if program is None:
        raise FileNotFoundError("docker-registry")
    port = free_port()
    lines = [
        "version: 0.1",
        "log: {level: error, accesslog: {disabled: true}}",
        f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}, delete: {{enabled: true}}}}",
        f"http: {{addr: '{address}:{port}'"
        + (f", tls: {{certificate: {tls.cert}, key: {tls.key}}}}}" if tls else "}"),
    ]
    if tokens is not None:
        lines.append(
            f"auth: {{token: {{realm: '{tokens.realm}', service: '{tokens.service}', "
            f"issuer: '{tokens.issuer}', rootcertbundle: {tokens.roots}}}}}"
        )
    if htpasswd is not None:
        (folder / "htpasswd").write_text(htpasswd, encoding="ascii")
        lines.append(f"auth: {{htpasswd: {{realm: test, path: {folder / 'htpasswd'}}}}}")
    config = folder / "config.yml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    process = subprocess.Popen(
        [program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, address.strip("[]"))
        yield f"{address}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(port: int, address: str = "127.0.0.1") -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection((address, port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")
