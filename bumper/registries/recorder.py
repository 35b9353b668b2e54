"""A registry that writes down what another one answers; what the record is, `recorded` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.errors import NotFoundError, RegistryError
from bumper.model import Complete

if TYPE_CHECKING:
    from bumper.model import Listing, Manifest
    from bumper.registries.base import Registry

__all__ = ["Recorder"]

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recorder:
    """A registry that writes down what another one answers."""

    inner: Registry
    host: str
    answers: Answers

    async def tags(self, repository: str) -> Listing:
        """List as the inner registry does."""
        kept = self._kept(repository)
        try:
            listing = await self.inner.tags(repository)
        except RegistryError as error:
            kept["error"] = {"code": error.code, "message": error.message, "hint": error.hint}
            raise
        if isinstance(listing, Complete):
            kept["tags"] = list(listing.tags)
            if listing.pushed:
                kept["pushed"] = {tag: when.isoformat() for tag, when in listing.pushed.items()}
            if listing.digests:
                kept["digests"] = dict(listing.digests)
        else:
            kept["incomplete"] = {
                "code": listing.code,
                "message": listing.reason,
                "hint": listing.hint,
            }
        return listing

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe as the inner registry does."""
        kept = self._kept(repository).setdefault("manifests", {})
        try:
            manifest = await self.inner.manifest(repository, reference)
        except NotFoundError as error:
            kept[reference] = {"error": error.message, "code": error.code}
            raise
        kept[reference] = {
            "digest": manifest.digest,
            "media_type": manifest.media_type,
            "platforms": list(manifest.platforms),
            "labels": dict(manifest.labels),
            **({"contents": dict(manifest.contents)} if manifest.contents else {}),
            **({"settings": dict(manifest.settings)} if manifest.settings else {}),
        }
        return manifest

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        """Give nothing: a record holds what is said now."""
        return None

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest as the inner registry does."""
        manifests = self._kept(repository).setdefault("manifests", {})
        try:
            digest = await self.inner.digest(repository, reference)
        except NotFoundError as error:
            manifests[reference] = {"error": error.message, "code": error.code}
            raise
        if digest != reference:  # that a platform's image is there, its index says
            manifests.setdefault(reference, {"digest": digest})
        return digest

    def _kept(self, repository: str) -> dict[str, Any]:
        return self.answers.setdefault(f"{self.host}/{repository}", {})
