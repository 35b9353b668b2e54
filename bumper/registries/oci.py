"""A registry that speaks the OCI distribution API: any of them.

Source: OCI distribution-spec 1.1; OCI image-spec 1.1 for indexes and platforms.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from bumper.errors import DeniedError, NotFoundError, RegistryError, UnreachableError
from bumper.http import Origin
from bumper.model import Complete, Incomplete, Manifest
from bumper.registries.tokens import Tokens

if TYPE_CHECKING:
    from bumper.http import Http, Response
    from bumper.keychains.base import Credentials
    from bumper.model import Listing

__all__ = ["Oci"]

_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPT = ", ".join((*_INDEXES, *_MANIFESTS))
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}", re.ASCII)
_MOST_CONFIG_BYTES = 8 * 1024 * 1024
_NEXT = re.compile(r"\s*<(?P<url>[^<>]*)>(?P<rest>[^,]*)(?:,|$)")
_MOST_PAGES = 1000
_MOST_LIST_BYTES = 64 * 1024 * 1024


class Oci:
    """One registry.

    Args:
        http: The network.
        host: Its name in references.
        base: The URL it answers at, without a slash at the end.
        credentials: Who we are there; None: anybody.
        prefix: Put before every repository (a mirror's folder).
    """

    def __init__(
        self, http: Http, host: str, base: str, credentials: Credentials | None, prefix: str = ""
    ) -> None:
        self.http = http
        self.host = host
        self.base = base
        self.tokens = Tokens(http, host, base, credentials)
        self.prefix = prefix

    async def tags(self, repository: str) -> Listing:
        """List every tag; see `registries.base.Registry`."""
        url: str | None = self._url(repository, "tags/list?n=1000")
        tags: dict[str, None] = {}
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= _MOST_PAGES:
                return Incomplete("list-loop", f"{self.host}: the tag list does not end")
            seen.add(url)
            try:
                response = await self._ask("GET", url, repository, {}, _MOST_LIST_BYTES)
                page = _tags(self._json(response))
                url = self._next(response)
            except RegistryError as error:
                if len(seen) == 1 and error.code != "list-cut":
                    raise
                reason = f"page {len(seen)} of the tag list failed: {error.message}"
                return Incomplete("list-cut", reason, error.hint)
            tags.update(dict.fromkeys(page))
        return Complete(tuple(tags))

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe a tag or a digest; see `registries.base.Registry`."""
        url = self._url(repository, f"manifests/{reference}")
        response = await self._ask("GET", url, repository, {"Accept": _ACCEPT})
        document = self._json(response)
        digest = _checked_digest(response, self.host)
        if reference.startswith("sha256:") and digest != reference:
            raise RegistryError(
                f"{self.host}: another content than {reference}", code="digest-mismatch"
            )
        kind = _media_type(response, document)
        if kind not in (*_INDEXES, *_MANIFESTS):
            message = f"{self.host}/{repository}:{reference} is no image ({kind[:80]})"
            raise NotFoundError(message, code="not-an-image", hint="")
        is_index = kind in _INDEXES
        platforms = _platforms(document) if is_index else await self._platform(repository, document)
        annotations = document.get("annotations")
        pairs = annotations.items() if isinstance(annotations, dict) else ()
        labels = {key: value for key, value in pairs if isinstance(value, str)}
        return Manifest(digest, kind, platforms, None, labels)

    async def _platform(self, repository: str, document: dict[str, Any]) -> tuple[str, ...]:
        """Give the platform of a single image, which only its config says; () if it does not."""
        config = document.get("config")
        digest = config.get("digest") if isinstance(config, dict) else None
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            return ()
        try:
            url = self._url(repository, f"blobs/{digest}")
            facts = self._json(await self._ask("GET", url, repository, {}, _MOST_CONFIG_BYTES))
        except RegistryError:
            return ()
        return _platforms({"manifests": [{"platform": facts}]})

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest of a tag; see `registries.base.Registry`."""
        url = self._url(repository, f"manifests/{reference}")
        try:
            response = await self._ask("HEAD", url, repository, {"Accept": _ACCEPT})
        except (NotFoundError, UnreachableError):
            # Some registries answer GET only (404, 405 or 501 to HEAD).
            return (await self.manifest(repository, reference)).digest
        found = response.headers.get("docker-content-digest", "")
        return (
            found
            if found.startswith("sha256:")
            else (await self.manifest(repository, reference)).digest
        )

    def _url(self, repository: str, rest: str) -> str:
        return f"{self.base}/v2/{self.prefix}{repository}/{rest}"

    async def _ask(
        self,
        method: str,
        url: str,
        repository: str,
        headers: dict[str, str],
        most_bytes: int = 4 * 1024 * 1024,
    ) -> Response:
        """Send a request with what the registry wants to see, and turn refusals into errors."""
        name = f"{self.prefix}{repository}"
        secret = await self.tokens.known(name)
        response = await self.http.request(
            method, url, headers=headers, secret_headers=secret, most_bytes=most_bytes
        )
        if response.status == 401:
            secret = await self.tokens.answer(response, name, used=secret)
            response = await self.http.request(
                method, url, headers=headers, secret_headers=secret, most_bytes=most_bytes
            )
        if response.status == 200:
            return response
        raise self._refused(response, name)

    def _refused(self, response: Response, name: str) -> RegistryError:
        where = f"{self.host}/{name}"
        match response.status:
            case 401 | 403:
                return DeniedError(
                    f"{where}: access denied, or no such repository ({response.status})"
                )
            case 404:
                return NotFoundError(f"{where}: not found")
            case _:
                return UnreachableError(f"{where}: answered {response.status}", code="upstream")

    def _json(self, response: Response) -> dict[str, Any]:
        try:
            document = json.loads(response.body)
        except (ValueError, RecursionError) as error:
            raise UnreachableError(
                f"{self.host}: not a registry's answer", code="not-a-registry"
            ) from error
        if not isinstance(document, dict):
            raise UnreachableError(f"{self.host}: not a registry's answer", code="not-a-registry")
        return document

    def _next(self, response: Response) -> str | None:
        """Give the next page, resolved against the page itself, as opaque as it came.

        Raises:
            UnreachableError: The link is broken or leads to another origin.
        """
        for header in response.links:
            position = 0
            while match := _NEXT.match(header, position):
                position = match.end()
                relation = re.search(r'rel\s*=\s*"?([\w-]+)', match["rest"])
                if match["url"] and (relation is None or relation[1] == "next"):
                    target: str = urljoin(response.url, match["url"])
                    if Origin.of(target) != Origin.of(response.url):
                        raise UnreachableError(
                            f"{self.host}: the next page is on another host", code="list-cut"
                        )
                    return target
            if header[position:].strip():
                raise UnreachableError(
                    f"{self.host}: a broken link to the next page", code="list-cut"
                )
        return None


def _tags(document: dict[str, Any]) -> list[str]:
    tags = document.get("tags") or []
    if not isinstance(tags, list):
        raise UnreachableError("not a tag list", code="not-a-registry")
    return [tag for tag in tags if isinstance(tag, str) and _TAG.fullmatch(tag)]


def _checked_digest(response: Response, host: str) -> str:
    """Give the digest of a body; what the header says must be true."""
    digest = f"sha256:{hashlib.sha256(response.body).hexdigest()}"
    told = response.headers.get("docker-content-digest", digest)
    if told.startswith("sha256:") and told != digest:
        raise RegistryError(f"{host}: the digest does not fit the content", code="digest-mismatch")
    return digest


def _media_type(response: Response, document: dict[str, Any]) -> str:
    told = document.get("mediaType")
    return (
        told
        if isinstance(told, str)
        else response.headers.get("content-type", "").split(";")[0].strip()
    )


def _platforms(index: dict[str, Any]) -> tuple[str, ...]:
    """Give `os/arch[/variant]` of every image of an index; attestations are `unknown/unknown`."""
    found: dict[str, None] = {}
    entries = index.get("manifests")
    for entry in entries if isinstance(entries, list) else []:
        platform = entry.get("platform") if isinstance(entry, dict) else None
        if not isinstance(platform, dict) or platform.get("os") in (None, "unknown"):
            continue
        parts = (platform.get("os"), platform.get("architecture"), platform.get("variant"))
        found["/".join(str(part) for part in parts if part)] = None
    return tuple(found)
