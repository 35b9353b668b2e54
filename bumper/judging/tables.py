"""The tags of one repository, read as far as one use needs them. Pure.

Only tags of the current one's shape are read; what was read is kept for the next use of the same
image, and no more than a few lists' worth, since a run sees a thousand of them.
"""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bumper.judging import verdicts

if TYPE_CHECKING:
    from bumper.model import Complete
    from bumper.schemes.base import Scheme, Version

__all__ = ["Group", "alike", "everything", "forget", "unpacked"]

_MOST_KEPT = 15_000  # tags, of all lists together


class Group:
    """Versions of one kind and shape, lowest first."""

    def __init__(self, tags: tuple[str, ...], versions: list[Version]) -> None:
        self.tags = tags
        self.versions = sorted(versions, key=lambda v: (v.order, v.tag))

    @cached_property
    def majors(self) -> tuple[int, ...]:
        """The first parts that occur, lowest first."""
        return tuple(sorted({v.parts[0] for v in self.versions if v.parts}))

    @cached_property
    def listed(self) -> frozenset[str]:
        """All tags of the list, of any shape."""
        return frozenset(self.tags)

    @cached_property
    def packed(self) -> str:
        """All tags in one text, which is a fifth of their size; see `unpacked`."""
        return "\n".join(self.tags)

    @cached_property
    def has_plain(self) -> bool:
        """Whether the list has versions like these without a variant behind them."""
        if not self.versions:
            return False
        one = self.versions[0]
        more = rf"{{{max(len(one.parts) - 1, 0)}}}"
        plain = re.compile(rf"{re.escape(one.prefix)}[0-9]+(?:\.[0-9]+){more}", re.ASCII)
        return any(plain.fullmatch(tag) for tag in self.tags)

    @cached_property
    def newest_release(self) -> Version | None:
        """The highest version that is no pre-release."""
        return next((v for v in reversed(self.versions) if not v.pre), None)


_kept: OrderedDict[tuple[Any, ...], Group] = OrderedDict()


def alike(listing: Complete, scheme: Scheme, current: Version) -> Group:
    """Give the versions that compare with the current one."""
    tags = listing.tags
    key = (id(tags), scheme, current.kind, current.shape)
    group = _kept.get(key)
    # The group holds its list, so that the list's identity stays its own.
    if group is None or group.tags is not tags:
        read = scheme.alike(current.tag)
        found = (read(tag) for tag in tags if not verdicts.is_artifact(tag))
        group = _kept[key] = Group(tags, [version for version in found if version is not None])
    _kept.move_to_end(key)
    while len(_kept) > 1 and sum(len(one.tags) for one in _kept.values()) > _MOST_KEPT:
        _kept.popitem(last=False)
    return group


def everything(listing: Complete, scheme: Scheme) -> list[Group]:
    """Give all groups of a list, the largest first; for a use without a version of its own."""
    groups: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for tag in listing.tags:
        version = None if verdicts.is_artifact(tag) else scheme.parse(tag)
        if version is not None:
            groups[version.kind, version.shape].append(version)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Group(listing.tags, versions) for _, versions in ordered]


@lru_cache(maxsize=4)
def unpacked(text: str) -> tuple[str, ...]:
    """Give the tags of a packed list."""
    return tuple(text.split("\n")) if text else ()


def forget() -> None:
    """Drop what was kept."""
    _kept.clear()
