"""The scheme `alphabetical`: tags compare as text, character by character. Pure."""

from __future__ import annotations

from bumper.schemes.base import Version

__all__ = ["NAME", "parse"]

NAME = "alphabetical"


def parse(tag: str) -> Version | None:
    """Read any tag."""
    return Version(tag, "text", "", "", (), (tag,))
