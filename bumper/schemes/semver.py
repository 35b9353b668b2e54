"""The scheme `semver`: strict SemVer 2.0.0, a leading `v` allowed. Pure.

Everything behind a dash is a pre-release, as the specification says; `1.2.3-alpine` is one.
"""

from __future__ import annotations

import semver

from bumper.schemes.base import Version

__all__ = ["NAME", "parse"]

NAME = "semver"


def parse(tag: str) -> Version | None:
    """Read a tag; None if it is no SemVer 2.0.0 version."""
    text = tag.removeprefix("v")
    try:
        version = semver.Version.parse(text)
    except ValueError:
        return None
    parts = (version.major, version.minor, version.patch)
    prefix = tag[: len(tag) - len(text)]
    order = (parts, (version.prerelease is None, *_identifiers(version.prerelease or "")))
    return Version(tag, "semver", prefix, prefix, parts, order, (), version.prerelease is not None)


def _identifiers(prerelease: str) -> tuple[tuple[int, int, str], ...]:
    """Give the identifiers as they compare: numbers below words (SemVer 2.0.0, item 11)."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in prerelease.split(".")
        if part
    )
