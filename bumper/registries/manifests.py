"""What a manifest says: is it an image, for which platforms, by which content. Pure.

Source: OCI image-spec 1.1 (manifest, index, descriptor); Docker's image manifest version 2, schema 2.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeGuard

from bumper import settings_inside
from bumper.errors import NotFoundError, RegistryError, UnreachableError
from bumper.model import Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACCEPT", "Document", "document", "read", "with_config"]

_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_SCHEMA_1 = (
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
)
_CONFIGS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
_LAYERS = ("application/vnd.oci.image.layer.", "application/vnd.docker.image.rootfs.")
# No layer is that large: who says so says nothing.
_MOST_BYTES = 1 << 50
# The whole list: some registries answer 404 where the tag's own type is not in it.
ACCEPT = ", ".join((*_INDEXES, *_MANIFESTS))


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest, and what only another answer tells: its config, or the indexes inside it."""

    manifest: Manifest
    config: str | None = None
    nested: tuple[str, ...] = ()


def document(body: bytes, where: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        UnreachableError: It is none.
    """
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnreachableError(f"{where}: not a registry's answer", code="not-a-registry")
    return found


def read(body: bytes, headers: Mapping[str, str], where: str) -> Document:
    """Read a manifest; its digest is that of its bytes.

    Raises:
        NotFoundError: It is no image, an empty index, or of a kind nobody should use any more.
        RegistryError: The digest or the media type in the headers is not that of the content.
    """
    found = document(body, where)
    digest = _digest(body, headers, where)
    kind = _media_type(found, headers, where)
    if kind in _SCHEMA_1 or (not kind and found.get("schemaVersion") == 1):
        message = f"{where}: a manifest of schema 1, which nothing can trust"
        raise NotFoundError(message, code="unsupported-manifest", hint="")
    labels = _texts(found.get("annotations"))
    if kind in _INDEXES:
        return _index(found, Manifest(digest, kind, labels=labels), where)
    if kind not in _MANIFESTS or not _is_image(found):
        raise NotFoundError(f"{where}: no image ({kind[:80]})", code="not-an-image", hint="")
    config = found.get("config")
    told = config.get("digest") if isinstance(config, dict) else None
    size = _size(found.get("layers"))
    manifest = Manifest(digest, kind, labels=labels, sizes={"": size} if size else {})
    return Document(manifest, told if _is_digest(told) else None)


def with_config(manifest: Manifest, config: Mapping[str, Any]) -> Manifest:
    """Give a single image's manifest with what its config says: platform, labels, creation, settings."""
    inner = config.get("config")
    labels = _texts(inner.get("Labels")) if isinstance(inner, dict) else {}
    platform = _platform(config)
    return Manifest(
        manifest.digest,
        manifest.media_type,
        (platform,) if platform else (),
        _moment(config.get("created")),
        {**labels, **manifest.labels},
        {platform: manifest.digest} if platform else {},
        settings_inside.read(config),
        dict.fromkeys((platform,), sum(manifest.sizes.values())) if manifest.sizes else {},
    )


def _index(found: dict[str, Any], manifest: Manifest, where: str) -> Document:
    entries = found.get("manifests")
    contents: dict[str, str] = {}
    nested: list[str] = []
    usable = (
        [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    for entry in usable:
        digest = entry.get("digest")
        platform = _platform(entry.get("platform"))
        if platform:
            contents.setdefault(platform, digest if _is_digest(digest) else "")
        elif entry.get("mediaType") in _INDEXES and _is_digest(digest):
            nested.append(digest)
    if not usable:
        raise NotFoundError(f"{where}: an empty index", code="empty-index", hint="")
    known = {platform: digest for platform, digest in contents.items() if digest}
    whole = Manifest(
        manifest.digest, manifest.media_type, tuple(contents), None, manifest.labels, known
    )
    return Document(whole, None, tuple(nested))


def _is_image(found: dict[str, Any]) -> bool:
    """Say whether a manifest is an image: charts, signatures and caches are not."""
    config = found.get("config")
    kind = config.get("mediaType") if isinstance(config, dict) else None
    if kind is not None and kind not in _CONFIGS:
        return False
    layers = found.get("layers")
    kinds = [
        layer.get("mediaType") for layer in layers if isinstance(layer, dict)
    ] if isinstance(layers, list) else []  # fmt: skip
    return not kinds or any(str(one).startswith(_LAYERS) for one in kinds)


def _size(layers: object) -> int:
    """Give how many bytes all layers are; 0 where one of them does not say."""
    sizes = [one.get("size") if isinstance(one, dict) else None for one in layers] if isinstance(layers, list) else []  # fmt: skip
    good = [one for one in sizes if type(one) is int and 0 <= one < _MOST_BYTES]
    return sum(good) if len(good) == len(sizes) else 0


def _digest(body: bytes, headers: Mapping[str, str], where: str) -> str:
    told = headers.get("docker-content-digest", "").strip()
    algorithm = "sha512" if told.startswith("sha512:") else "sha256"
    digest = f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"
    if told and told != digest:
        message = f"{where}: the digest does not fit the content"
        raise RegistryError(message, code="digest-mismatch")
    return digest


def _media_type(found: dict[str, Any], headers: Mapping[str, str], where: str) -> str:
    inside = found.get("mediaType")
    outside = headers.get("content-type", "").split(";")[0].strip().lower()
    if not isinstance(inside, str):
        return outside
    if outside in (*_INDEXES, *_MANIFESTS, *_SCHEMA_1) and outside != inside:
        message = f"{where}: sent as {outside[:80]}, says of itself {inside[:80]}"
        raise RegistryError(message, code="media-type-mismatch")
    return inside


def _platform(told: object) -> str:
    """Give `os/arch[/variant]`; "" where there is none, and for attestations (`unknown/unknown`)."""
    if not isinstance(told, dict):
        return ""
    parts = (told.get("os"), told.get("architecture"), told.get("variant"))
    if (
        not isinstance(parts[0], str)
        or parts[0] in {"", "unknown"}
        or not isinstance(parts[1], str)
    ):
        return ""
    return "/".join(part for part in parts if isinstance(part, str) and part)


def _texts(told: object) -> dict[str, str]:
    if not isinstance(told, dict):
        return {}
    return {key: value for key, value in told.items() if isinstance(value, str)}


def _moment(told: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None


def _is_digest(told: object) -> TypeGuard[str]:
    if not isinstance(told, str):
        return False
    algorithm, _, rest = told.partition(":")
    length = {"sha256": 64, "sha512": 128}.get(algorithm)
    return len(rest) == length and not set(rest) - set("0123456789abcdef")


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
