"""The scheme `semver`: strict SemVer 2.0.0, a leading `v` allowed. Pure.

Everything behind a dash is a pre-release, as the specification says; `1.2.3-alpine` is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import semver

from bumper.schemes.base import RELEASE, Piece, Version

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NAME", "alike", "parse", "pieces"]

NAME = "semver"
_LONGEST = 128


def parse(tag: str) -> Version | None:
    """Read a tag; None if it is no SemVer 2.0.0 version."""
    text = tag.removeprefix("v")
    version = _read(text)
    if version is None:
        return None
    parts = (version.major, version.minor, version.patch)
    prefix = tag[: len(tag) - len(text)]
    pre = version.prerelease or ""
    order = (parts, (0, *_identifiers(pre)) if pre else RELEASE)
    return Version(tag, "semver", prefix, prefix, parts, order, (), pre)


def _read(text: str) -> semver.Version | None:
    try:
        return semver.Version.parse(text) if text[:1].isdigit() and len(text) <= _LONGEST else None
    except ValueError:
        return None


def pieces(tag: str) -> tuple[Piece, ...]:
    """Give prefix, version, pre-release and build, () if it is no SemVer 2.0.0 version."""
    text = tag.removeprefix("v")
    if _read(text) is None:
        return ()
    core, plus, build = text.partition("+")
    version, dash, pre = core.partition("-")
    found = (
        ("prefix", tag[: len(tag) - len(text)]),
        ("version", version),
        ("pre-release", dash + pre),
        ("build", plus + build),
    )
    return tuple(Piece(part, written) for part, written in found if written)


def alike(tag: str) -> Callable[[str], Version | None]:
    """Give a reader of the versions with the same prefix; see `schemes.base.Scheme`."""
    prefix = "v" if tag.startswith("v") else ""

    def read(other: str) -> Version | None:
        return parse(other) if other.startswith("v") == bool(prefix) else None

    return read


def _identifiers(prerelease: str) -> tuple[tuple[int, int, str], ...]:
    """Give the identifiers as they compare: numbers below words (SemVer 2.0.0, item 11)."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in prerelease.split(".")
        if part
    )
