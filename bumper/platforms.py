"""Which platforms an image must have: those in use, by whatever name an index gives them. Pure.

Source of the equal names: OCI image-spec 1.1, "Platform Variants", and containerd's normal form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["alike", "contents", "missing"]

_SAME = {
    "arm64/v8": "arm64",
    "aarch64": "arm64",
    "aarch64/v8": "arm64",
    "amd64/v1": "amd64",
    "x86_64": "amd64",
    "arm": "arm/v7",
    "armhf": "arm/v7",
}


def missing(needed: Iterable[str], there: Iterable[str]) -> list[str]:
    """Give the needed platforms that are not there, as they were written."""
    known = {_normal(platform) for platform in there}
    return [platform for platform in needed if _normal(platform) not in known]


def contents(needed: Sequence[str], there: Mapping[str, str]) -> dict[str, str]:
    """Give the digest of each needed platform that is known."""
    by_name = {_normal(platform): digest for platform, digest in there.items()}
    found = {platform: by_name.get(_normal(platform), "") for platform in needed}
    return {platform: digest for platform, digest in found.items() if digest}


def alike(platform: str, names: Iterable[str]) -> str | None:
    """Give the name that a platform has among others, None where it is not there."""
    wanted = _normal(platform)
    return next((name for name in names if _normal(name) == wanted), None)


def _normal(platform: str) -> str:
    system, _, rest = platform.partition("/")
    return f"{system}/{_SAME.get(rest, rest)}"
