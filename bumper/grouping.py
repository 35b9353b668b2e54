"""Which bumps share a pull request, and under which key. Pure.

The rule: a key names what stands together (an image, a file, a folder, a stack, a group), never a
version, so that a newer version finds the pull request of the older one; a major's key says so, as it
is a decision of its own. An image's name holds no blank, and every other key begins with its kind and
a blank: no two kinds meet in one key. Bumps that write the same characters cannot stand in two pull
requests: all that hangs together by them goes by the first of their keys.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from bumper import images
from bumper.model import Level
from bumper.shared import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Bump

__all__ = ["grouped"]

# A file that says of itself that it is the stack of its folder; another name is a stack of its own.
_OF_FOLDER = re.compile(r"(?:docker-)?(?:compose|stack)(?:[.-][\w.-]+)?\.ya?ml", re.ASCII)
# The targets of one pull request stand in its hidden marker, which must leave room for the words.
_MOST_IMAGES = 100
_MOST_CHARACTERS = 20_000


def grouped(bumps: Iterable[Bump], per: str) -> dict[str, list[Bump]]:
    """Give the bumps of each key."""
    sets = list(together(bumps))
    first = _joined([{_key(bump, per) for bump in bumps_of} for bumps_of in sets])
    found: dict[str, list[Bump]] = defaultdict(list)
    for one in sets:
        found[first[_key(one[0], per)]] += one
    parts: dict[str, list[Bump]] = {}
    for key, members in found.items():
        parts |= _parts(key, members)
    return parts


def _key(bump: Bump, per: str) -> str:
    """Give the key of one bump by itself: alone where it must be, else by its group, else by `per`."""
    reference, policy = bump.use.reference, bump.policy
    major = bump.level is Level.MAJOR
    if policy.together and policy.group is not None:
        # They move together or not at all, majors and data too.
        return f"{'major ' if major else ''}group {policy.group}"
    if major:
        return f"major {reference.short}"
    if images.is_stateful(reference.repository, policy.stateful):
        return reference.short
    if policy.group is not None:
        return f"group {policy.group}"
    folder = posixpath.dirname(bump.use.path) or "."
    match per:
        case "file":
            return f"file {bump.use.path}"
        case "directory":
            return f"directory {folder}"
        case "stack":
            return f"stack {_stack(bump, folder)}"
        case "all":
            return "all images"
    return reference.short


def _stack(bump: Bump, folder: str) -> str:
    """Give what is deployed as one: a compose file of a name of its own, a chart, else a folder."""
    name = posixpath.basename(bump.use.path)
    if bump.use.format == "compose" and not _OF_FOLDER.fullmatch(name):
        return posixpath.normpath(f"{folder}/{name.rpartition('.')[0]}")
    parts = folder.split("/")
    # A chart's templates belong to the chart.
    return "/".join(parts[: parts.index("templates")]) or "." if "templates" in parts else folder


def _joined(sets: Sequence[set[str]]) -> dict[str, str]:
    """Give for each key the key that it goes by: majors first, then by the alphabet."""
    leader: dict[str, str] = {key: key for keys in sets for key in keys}

    def find(key: str) -> str:
        while leader[key] != key:
            leader[key] = key = leader[leader[key]]
        return key

    for keys in sets:
        ends = sorted({find(key) for key in keys}, key=lambda key: (not _is_major(key), key))
        for other in ends[1:]:
            leader[other] = ends[0]
    return {key: find(key) for key in leader}


def _is_major(key: str) -> bool:
    return key.startswith("major ")


def _parts(key: str, bumps: list[Bump]) -> dict[str, list[Bump]]:
    """Cut what nobody could review into parts; a part's images hang on their names alone.

    Their number is a power of two, so that it seldom changes.
    """
    number = 1
    while True:
        found: dict[str, list[list[Bump]]] = defaultdict(list)
        for one in together(bumps):
            name = min(bump.use.reference.image for bump in one)
            place = int(hashlib.sha256(name.encode()).hexdigest(), 16) % number
            found[key if number == 1 else f"part {place + 1} of {number}: {key}"].append(list(one))
        parts = {name: [bump for one in sets for bump in one] for name, sets in found.items()}
        if all(_fits(members) for members in parts.values()) or number >= len(bumps):
            return parts
        number *= 2


def _fits(bumps: list[Bump]) -> bool:
    targets = {bump.target for bump in bumps}
    names = {bump.use.reference.image for bump in bumps}
    return len(names) == 1 or (
        len(names) <= _MOST_IMAGES and len(json.dumps(sorted(targets))) <= _MOST_CHARACTERS
    )
