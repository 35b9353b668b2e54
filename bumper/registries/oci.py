"""A registry that speaks the OCI distribution API: any of them.

Source: OCI distribution-spec 1.1; OCI image-spec 1.1 for indexes and platforms.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.errors import NotFoundError, RegistryError, UnreachableError
from bumper.keep import A_DAY
from bumper.registries import manifests
from bumper.registries.site import Site
from bumper.registries.tag_pages import TagPages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.http import Http, Response
    from bumper.keep import Keep
    from bumper.keychains.base import Credentials, Wallet
    from bumper.model import Listing, Manifest

__all__ = ["Oci"]

_MOST_CONFIG_BYTES = 8 * 1024 * 1024
_MOST_NESTED = 8


class Oci:
    """One registry.

    Args:
        http: The network.
        host: Its name in references.
        base: The URL it answers at, without a slash at the end.
        credentials: Who we are there; None: anybody.
        prefix: Put before every repository (a mirror's folder).
        keep: What it said before; None: nothing is kept.
    """

    def __init__(
        self,
        http: Http,
        host: str,
        base: str,
        credentials: Credentials | Wallet | None,
        prefix: str = "",
        keep: Keep | None = None,
    ) -> None:
        self.site = Site(http, host, base, credentials, prefix)
        self.shelf = keep.shelf(f"{host}/{prefix}", self.site.account) if keep else None
        self._pages = TagPages(self.site, self.shelf)

    @property
    def pulls_left(self) -> int | None:
        """How many pulls are left, None where it has not said."""
        return self.site.budget.left

    async def tags(self, repository: str) -> Listing:
        """List every tag; see `registries.base.Registry`."""
        return await self._pages.list(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe a tag or a digest; see `registries.base.Registry`.

        A registry that counts pulls is asked by HEAD first: where the digest is known already, no
        pull is spent. Every other one is asked once, for the content unless it is what we keep.
        """
        kept = self._kept(repository, reference)
        if kept is not None and ":" in reference:
            return self._hit(kept)
        if self.site.budget.counts:
            now = await self.digest(repository, reference)
            kept = self._kept(repository, now)
            if kept is not None:
                return self._hit(kept)
            self.site.budget.spend()
        condition = {"If-None-Match": f'"{kept.digest}"'} if kept else {}
        response = await self._manifest_of("GET", repository, reference, condition)
        if response.status == 304 and kept is not None and self.shelf is not None:
            self.shelf.keep.held += 1
            self.shelf.put_tag(repository, reference, kept.digest)
            return kept
        found = await self._read(response, repository, reference)
        if self.shelf is not None:
            self.shelf.put_manifest(repository, reference, found)
        return found

    def lately(self, repository: str, tag: str) -> Manifest | None:
        """Give what was said of a tag lately; see `registries.base.Registry`."""
        kept = self.shelf.tagged(repository, tag, A_DAY) if self.shelf is not None else None
        return self._hit(kept) if kept is not None else None

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest of a tag; see `registries.base.Registry`.

        That a digest is there need not be asked again for a day.
        """
        if (
            ":" in reference
            and self.shelf is not None
            and self.shelf.is_there(repository, reference)
        ):
            self.shelf.keep.hits += 1
            return reference
        found = await self._asked_digest(repository, reference)
        if self.shelf is not None:
            if found == reference:
                self.shelf.put_there(repository, reference)
            elif ":" not in reference:
                self.shelf.put_tag(repository, reference, found)
        return found

    async def _asked_digest(self, repository: str, reference: str) -> str:
        try:
            response = await self._manifest_of("HEAD", repository, reference)
        except (NotFoundError, UnreachableError) as error:
            if error.code not in {"registry-not-found", "upstream"}:
                raise
            # Some registries answer GET only (404, 405 or 501 to HEAD).
            return await self._digest_by_get(repository, reference)
        found = response.headers.get("docker-content-digest", "").strip()
        if not found.startswith(("sha256:", "sha512:")):
            return await self._digest_by_get(repository, reference)
        return found

    async def _digest_by_get(self, repository: str, reference: str) -> str:
        self.site.budget.spend()
        response = await self._manifest_of("GET", repository, reference)
        return (await self._read(response, repository, reference)).digest

    def _kept(self, repository: str, reference: str) -> Manifest | None:
        if self.shelf is None:
            return None
        look = self.shelf.manifest if ":" in reference else self.shelf.tagged
        return look(repository, reference)

    def _hit(self, kept: Manifest) -> Manifest:
        if self.shelf is not None:
            self.shelf.keep.hits += 1
        return kept

    async def _manifest_of(
        self, method: str, repository: str, reference: str, more: Mapping[str, str] | None = None
    ) -> Response:
        url = self.site.url(repository, f"manifests/{reference}")
        headers = {"Accept": manifests.ACCEPT, **(more or {})}
        response = await self.site.ask(method, url, repository, headers)
        self.site.budget.asked()
        return response

    async def _read(self, response: Response, repository: str, reference: str) -> Manifest:
        """Read a manifest's answer, and what only a second one says."""
        join = "@" if ":" in reference else ":"
        where = f"{self.site.host}/{repository}{join}{reference}"
        document = manifests.read(response.body, response.headers, where)
        found = document.manifest
        if ":" in reference and not _is_content(response.body, reference):
            message = f"{where}: another content than was asked for"
            raise RegistryError(message, code="digest-mismatch")
        if document.config is not None:
            return await self._with_config(repository, found, document.config)
        for digest in document.nested[:_MOST_NESTED]:
            answer = await self._manifest_of("GET", repository, digest)
            inner = manifests.read(answer.body, answer.headers, where).manifest
            contents = {**inner.contents, **found.contents}
            found = replace(
                found,
                platforms=tuple(dict.fromkeys((*found.platforms, *inner.platforms))),
                contents=contents,
            )
        return found

    async def _with_config(self, repository: str, manifest: Manifest, digest: str) -> Manifest:
        """Give a single image with its platform, which only its config says.

        The config is no more than a description: without it the platform is unknown.
        """
        url = self.site.url(repository, f"blobs/{digest}")
        try:
            answer = await self.site.ask("GET", url, repository, most_bytes=_MOST_CONFIG_BYTES)
            if not _is_content(answer.body, digest):
                return manifest
            return manifests.with_config(manifest, manifests.document(answer.body, self.site.host))
        except RegistryError:
            return manifest


def _is_content(body: bytes, digest: str) -> bool:
    algorithm, _, told = digest.partition(":")
    return algorithm in {"sha256", "sha512"} and hashlib.new(algorithm, body).hexdigest() == told
