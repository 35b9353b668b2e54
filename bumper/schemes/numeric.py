"""The scheme `numeric`: the tag is one number, as builds are counted. Pure."""

from __future__ import annotations

import re

from bumper.schemes.base import Version

__all__ = ["NAME", "parse"]

NAME = "numeric"
_NUMBER = re.compile(r"[0-9]{1,100}", re.ASCII)


def parse(tag: str) -> Version | None:
    """Read a tag; None if it is not one whole number."""
    if not _NUMBER.fullmatch(tag):
        return None
    return Version(tag, "number", "", "", (int(tag),), (int(tag),))
