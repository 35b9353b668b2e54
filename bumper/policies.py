"""What a policy text says: ours, ranges, and Keel's spellings. Pure.

    ignore, never                     nothing
    digest, patch, minor, major       the highest level allowed
    pin                               a word tag becomes the version it is, else as digest
    all                               major
    force                             digest: the same tag, where its content moved
    glob:PATTERN, regexp:EXPRESSION   any level, among the tags that match
    anything else                     a range in npm notation

Source of Keel's: its documentation, "Policies". Where Keel would downgrade, our guards stand.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import translate

from bumper.model import Level, Policy
from bumper.patterns import compile_pattern
from bumper.ranges import parse_range

__all__ = ["parse"]

_LEVELS = {
    "digest": Level.DIGEST,
    "patch": Level.PATCH,
    "minor": Level.MINOR,
    "major": Level.MAJOR,
    "all": Level.MAJOR,
    "force": Level.DIGEST,
}


def parse(text: str, base: Policy | None = None) -> Policy:
    """Give `base` (the default policy) with what the text says of levels, range and tags.

    Raises:
        ValueError: The text is no policy; the message lists what may stand there.
    """
    policy = replace(base or Policy(), written=text, range=None, pin=False)
    spelled = text.strip()
    if spelled in {"ignore", "never"}:
        return replace(policy, level=None)
    if spelled == "pin":
        return replace(policy, level=Level.DIGEST, pin=True)
    if spelled in _LEVELS:
        return replace(policy, level=_LEVELS[spelled])
    kind, colon, pattern = spelled.partition(":")
    if colon and kind == "glob":
        return replace(policy, level=Level.MAJOR, tags=f"^{translate(pattern)}")
    if colon and kind in {"regexp", "regex"}:
        compile_pattern(pattern)
        return replace(policy, level=Level.MAJOR, tags=pattern)
    if not re.search(r"\d|[xX*]", spelled):
        raise ValueError(
            f"unknown policy {text!r}; one of ignore, digest, patch, minor, major, pin, or a range"
        )
    parse_range(spelled)
    return replace(policy, level=Level.MAJOR, range=spelled)
