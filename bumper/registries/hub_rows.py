"""Docker Hub's rows of tags: what its web API says of each, small enough for the largest lists. Pure.

A large repository has ten thousand tags of ten platforms each; a row holds its digests as bytes and
shares its platforms with the rows that have the same.
Source: Docker Hub's API description, `GET /v2/repositories/{namespace}/{repository}/tags`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bumper.model import Complete, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Row", "dump", "listing", "load", "read"]

_INDEX = "application/vnd.oci.image.index.v1+json"
_SINGLE = "application/vnd.oci.image.manifest.v1+json"
_BYTES, _WIDTH = 32, 6


@dataclass(frozen=True, slots=True)
class Row:
    """One tag: when it was pushed, its digest, and of each of its platforms the digest, all in one string.

    `pushed` is as the API spells it, "" where it does not say; so is `digest`. `sizes` is how many bytes
    each platform's image is, packed alike, 0 where that is not told.
    """

    tag: str
    pushed: str
    digest: str
    platforms: tuple[str, ...] = ()
    contents: bytes = b""
    sizes: bytes = b""

    @property
    def when(self) -> datetime | None:
        """The push time; None where there is none that can be read."""
        try:
            found = datetime.fromisoformat(self.pushed)
        except ValueError:
            return None
        return found if found.tzinfo is not None else None

    def manifest(self) -> Manifest | None:
        """Give the manifest, None where the API did not say all of it."""
        if not self.digest or not self.contents:
            return None
        parts = range(0, len(self.contents), _BYTES)
        digests = [f"sha256:{self.contents[at : at + _BYTES].hex()}" for at in parts]
        kind = _SINGLE if digests == [self.digest] else _INDEX
        contents = dict(zip(self.platforms, digests, strict=True))
        packed = [self.sizes[at : at + _WIDTH] for at in range(0, len(self.sizes), _WIDTH)]
        told = zip(self.platforms, (int.from_bytes(one, "big") for one in packed), strict=True)
        sizes = {platform: size for platform, size in told if size}
        return Manifest(self.digest, kind, self.platforms, None, {}, contents, sizes=sizes)


def read(told: object, shared: dict[tuple[str, ...], tuple[str, ...]]) -> Row | None:
    """Read one result of the API; None if it is no tag at all.

    Args:
        told: The result.
        shared: Platforms that were seen before, so that equal ones are one.
    """
    if not isinstance(told, dict) or not isinstance(told.get("name"), str):
        return None
    pushed = told.get("tag_last_pushed") or told.get("last_updated")
    digest = told.get("digest")
    platforms, contents, sizes = _images(told.get("images"))
    return Row(
        told["name"],
        pushed if isinstance(pushed, str) else "",
        digest if isinstance(digest, str) and _raw(digest) else "",
        shared.setdefault(platforms, platforms),
        contents,
        sizes,
    )


def listing(rows: Mapping[str, Row]) -> Complete:
    """Give the list that rows make, newest push first as the API orders them."""
    pushed = {tag: when for tag, row in rows.items() if (when := row.when) is not None}
    digests = {tag: row.digest for tag, row in rows.items() if row.digest}
    return Complete(tuple(rows), pushed, digests)


def dump(rows: Iterable[Row]) -> dict[str, Any]:
    """Give rows as plain data."""
    platforms: dict[tuple[str, ...], int] = {}
    plain = [
        [
            row.tag,
            row.pushed,
            row.digest,
            platforms.setdefault(row.platforms, len(platforms)),
            base64.b85encode(row.contents).decode(),
            base64.b85encode(row.sizes).decode(),
        ]
        for row in rows
    ]
    return {"platforms": [list(one) for one in platforms], "rows": plain}


def load(record: Mapping[str, Any] | None) -> dict[str, Row]:
    """Read what `dump` gave; nothing where it is anything else."""
    if record is None:
        return {}
    try:
        platforms = [tuple(map(str, one)) for one in record["platforms"]]
        rows = [
            Row(str(tag), str(pushed), str(digest), platforms[at], *map(base64.b85decode, packed))
            for tag, pushed, digest, at, *packed in record["rows"]
            if len(packed) == 2
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        return {}
    return {row.tag: row for row in rows}


def _images(told: object) -> tuple[tuple[str, ...], bytes, bytes]:
    """Give the platforms, their digests and their sizes; nothing where one of them is not told whole."""
    found: dict[str, tuple[bytes, bytes]] = {}
    for image in told if isinstance(told, list) else ():
        if not isinstance(image, dict):
            return (), b"", b""
        system, architecture, variant = (
            image.get(key) for key in ("os", "architecture", "variant")
        )
        if system == "unknown" or architecture == "unknown":
            continue  # an attestation
        raw = _raw(image.get("digest"))
        if not raw or not isinstance(system, str) or not isinstance(architecture, str):
            return (), b"", b""
        parts = (system, architecture, variant if isinstance(variant, str) else "")
        name = "/".join(part for part in parts if part)
        found.setdefault(name, (raw, _packed(image.get("size"))))
    digests, sizes = ([one[at] for one in found.values()] for at in (0, 1))
    return tuple(found), b"".join(digests), b"".join(sizes)


def _packed(size: object) -> bytes:
    """Give a number of bytes in a fixed width, 0 where it is none."""
    told = size if isinstance(size, int) and 0 <= size < 1 << 8 * _WIDTH else 0
    return int(told).to_bytes(_WIDTH, "big")


def _raw(digest: object) -> bytes:
    if not isinstance(digest, str) or not digest.startswith("sha256:") or len(digest) != 71:
        return b""
    try:
        return bytes.fromhex(digest[7:])
    except ValueError:
        return b""
