"""Patterns for names and paths. Pure.

`*` and `?` stay within one part, `**` crosses any number of folders.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bumper.errors import InvalidReferenceError
from bumper.reference import parse_name

__all__ = ["matches_image", "matches_path"]

_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    translated = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = (translated.get(part) or re.escape(part) for part in _PARTS.findall(pattern))
    return re.compile("".join(pieces), re.DOTALL)


def matches_path(pattern: str, path: str) -> bool:
    """Say whether a path in the repository matches."""
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=4096)
def matches_image(pattern: str, image: str) -> bool:
    """Say whether a normalised image name matches a pattern in any spelling people use.

    `postgres` is `docker.io/library/postgres`, `acme/*` is `docker.io/acme/*`, `*` is every image.
    """
    if pattern in {"*", "**"}:
        return True
    try:
        if parse_name(pattern).image == image:
            return True
    except InvalidReferenceError:
        pass
    short = image.removeprefix("docker.io/")
    return any(
        matches_path(pattern, name) for name in (image, short, short.removeprefix("library/"))
    )
