"""What registries said before, kept between runs: pages of tag lists, manifests by digest.

A kept page is used only if the registry says that it still holds (or with `--offline`); a kept
manifest only by its digest, which is its content. Never a secret; the accounts' answers stay apart.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bumper import redact
from bumper.model import Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bumper.cache import Cache

__all__ = ["A_DAY", "Keep", "Page", "Shelf"]

_VERSION = 1
_RENEWED_SECONDS = 10
_LISTS = "registry-lists"
_MANIFESTS = "registry-manifests"
_THERE = "registry-there"
A_DAY = 86400


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a tag list: its tags, where the next one is, and what to ask whether it holds."""

    tags: tuple[str, ...]
    following: str | None = None
    etag: str = ""
    modified: str = ""

    def condition(self) -> dict[str, str]:
        """Give the headers that ask whether this page still holds; none where nothing tells."""
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.modified} if self.modified else {}


class Keep:
    """The cache as registries see it.

    `hits` counts the answers it gave without a request, `held` those of which the registry said that
    they still hold.

    Args:
        cache: Where bytes are kept.
        clock: Gives seconds since 1970.
    """

    def __init__(self, cache: Cache, clock: Callable[[], float] = time.time) -> None:
        self.hits = 0
        self.held = 0
        self._cache = cache
        self._clock = clock

    def shelf(self, host: str, account: str) -> Shelf:
        """Give the place of one registry and one account."""
        return Shelf(self, f"{host} {hashlib.sha256(account.encode()).hexdigest()[:16]}")

    def load(self, kind: str, key: str) -> dict[str, Any] | None:
        """Give a record; None where there is none, or nothing readable."""
        raw = self._cache.get(kind, key)
        try:
            found = json.loads(raw) if raw is not None else None
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) and found.get("v") == _VERSION else None

    def save(self, kind: str, key: str, record: dict[str, Any]) -> None:
        """Keep a record, with the time."""
        record = {**record, "v": _VERSION, "at": int(self._clock())}
        # A registry may repeat what it was shown: what is kept must hold no secret.
        text = redact.clean(json.dumps(record, separators=(",", ":")))
        self._cache.put(kind, key, text.encode())

    def is_old(self, age: int) -> bool:
        """Say whether so old a record should be kept anew though nothing in it changed."""
        return age >= _RENEWED_SECONDS

    def age(self, record: Mapping[str, Any]) -> int:
        """Give how many seconds ago a record was kept."""
        at = record.get("at")
        return max(0, int(self._clock()) - at) if isinstance(at, int) else 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one registry said to one account."""

    keep: Keep
    name: str

    def pages(self, repository: str) -> tuple[dict[str, Page], int]:
        """Give the pages of a list by their address, and how many seconds old they are."""
        record = self.keep.load(_LISTS, f"{self.name} {repository}") or {}
        pages = record.get("pages")
        try:
            found = {
                str(url): Page(tuple(map(str, tags)), following, str(etag), str(modified))
                for url, tags, following, etag, modified in (pages or ())
                if following is None or isinstance(following, str)
            }
        except (TypeError, ValueError):
            return {}, 0
        return found, self.keep.age(record)

    def put_pages(self, repository: str, pages: Mapping[str, Page]) -> None:
        """Keep the pages of a whole list, in their order."""
        rows = [[u, list(p.tags), p.following, p.etag, p.modified] for u, p in pages.items()]
        self.keep.save(_LISTS, f"{self.name} {repository}", {"pages": rows})

    def note(self, repository: str, topic: str) -> dict[str, Any] | None:
        """Give a record of a registry's own about a repository."""
        return self.keep.load(f"registry-{topic}", f"{self.name} {repository}")

    def put_note(self, repository: str, topic: str, record: dict[str, Any]) -> None:
        """Keep a record of a registry's own about a repository."""
        self.keep.save(f"registry-{topic}", f"{self.name} {repository}", record)

    def tagged(self, repository: str, tag: str, within: float = math.inf) -> Manifest | None:
        """Give the manifest of a tag when it was last asked, if that is less than `within` seconds ago."""
        digest = self.pointed(repository, tag, within)
        return self.manifest(repository, digest) if digest is not None else None

    def pointed(self, repository: str, tag: str, within: float = math.inf) -> str | None:
        """Give the digest of a tag when it was last asked, if that is less than `within` seconds ago."""
        record = self.keep.load(_MANIFESTS, f"{self.name} {repository}:{tag}")
        if record is None or self.keep.age(record) >= within:
            return None
        digest = record.get("digest")
        return digest if isinstance(digest, str) else None

    def manifest(self, repository: str, digest: str) -> Manifest | None:
        """Give what is known of a digest: it is for ever."""
        record = self.keep.load(_MANIFESTS, f"{self.name} {repository}@{digest}")
        try:
            return _manifest(record, digest) if record else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def is_there(self, repository: str, digest: str, within: float = A_DAY) -> bool:
        """Say whether the registry had a digest less than `within` seconds ago."""
        record = self.keep.load(_THERE, f"{self.name} {repository}@{digest}")
        return record is not None and self.keep.age(record) < within

    def put_there(self, repository: str, digest: str) -> None:
        """Keep that the registry has a digest now."""
        self.keep.save(_THERE, f"{self.name} {repository}@{digest}", {})

    def put_manifest(self, repository: str, reference: str, manifest: Manifest) -> None:
        """Keep a manifest, and that the reference (a tag, or a digest) led to it."""
        record = {
            "type": manifest.media_type,
            "platforms": list(manifest.platforms),
            "created": manifest.created.isoformat() if manifest.created else None,
            "labels": dict(manifest.labels),
            "contents": dict(manifest.contents),
            "sizes": dict(manifest.sizes),
        }
        self.keep.save(_MANIFESTS, f"{self.name} {repository}@{manifest.digest}", record)
        if ":" not in reference:
            self.put_tag(repository, reference, manifest.digest)

    def put_tag(self, repository: str, tag: str, digest: str) -> None:
        """Keep that a tag leads to a digest now."""
        self.keep.save(_MANIFESTS, f"{self.name} {repository}:{tag}", {"digest": digest})


def _manifest(record: Mapping[str, Any], digest: str) -> Manifest:
    created = record["created"]
    return Manifest(
        digest,
        str(record["type"]),
        tuple(map(str, record["platforms"])),
        datetime.fromisoformat(created) if created else None,
        {str(key): str(value) for key, value in record["labels"].items()},
        {str(key): str(value) for key, value in record["contents"].items()},
        sizes={str(key): int(value) for key, value in record["sizes"].items()},
    )
