"""Renovate's comments beside an image: `# renovate: datasource=docker versioning=semver`. Pure.

Which image a bare version belongs to (`depName`) is a format's question; this one reads how its tags
compare. Source: docs.renovatebot.com, "Regex manager", "Versioning".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.marks import Mark
from bumper.asides.settings import typed, unknown
from bumper.dialects.base import Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "renovate"
WORDS = ("renovate:",)
_COMMENT = re.compile(r"(?:^|#|\s)renovate:\s*(?P<words>.*)")
_VERSIONINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "docker": (), "loose": (), "semver-coerced": (), "kubernetes-api": (),
    "semver": (("scheme", "semver"),), "semver-partial": (), "redhat": (), "node": (), "deb": (),
    "pep440": (), "debian": (), "ubuntu": (),
}  # fmt: skip


def _python(pattern: str) -> str:
    """Give a JavaScript expression with named groups as Python writes them."""
    written = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
    typed("tags", written)
    return written


def _versioning(value: str) -> Iterable[tuple[str, str]]:
    if value.startswith("regex:"):
        return (("tags", _python(value.removeprefix("regex:"))),)
    if value not in _VERSIONINGS:
        raise ValueError(unknown("versioning", value, [*_VERSIONINGS, "regex:"]))
    return _VERSIONINGS[value]


def _extract(value: str) -> Iterable[tuple[str, str]]:
    pattern = _python(value)
    if "(?P<version>" not in pattern:
        raise ValueError(f"{value!r} has no group `version`")
    return (("tags", pattern),)


ROWS = (
    Row("renovate.versioning", "docker, semver, loose, regex:…", "semver: `scheme: semver`; regex: `tags`; the others are read by `auto`.", _versioning),
    Row("renovate.extractVersion", "a regular expression", "What of a tag is compared (`tags` with the group `version`).", _extract),
    Row("renovate.datasource", "docker, …", "Nothing: what stands in the file says that it is an image."),
    Row("renovate.depName", "a name", "Nothing beside an image: the file names it."),
    Row("renovate.packageName", "a name", "Nothing beside an image: the file names it."),
    Row("renovate.lookupName", "a name", "Nothing beside an image: the file names it."),
    Row("renovate.image", "a name", "Nothing beside an image: the file names it."),
    Row("renovate.registryUrl", "a URL", "Nothing: the reference names its registry; `registries.<host>.mirror` asks another."),
    Row("renovate.depType", "a word", "Nothing: Renovate's own grouping."),
    Row("renovate.currentValue", "text", "Nothing: the file has it."),
    Row("renovate.currentDigest", "text", "Nothing: the file has it."),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what a comment beside a use says."""
    for comment in beside.comments:
        match = _COMMENT.search(comment.value)
        if match is not None:
            pairs = [word.partition("=") for word in match["words"].split()]
            marks = [
                Mark(f"renovate.{key}", value, comment.path, comment.line, "comment")
                for key, equals, value in pairs
                if equals
            ]
            yield from read_rows(marks, "renovate.", ROWS)
