"""The tags of one repository, read as far as one use needs them. Pure.

Only tags of the current one's shape are read; what was read is kept for the next use of the same
image, and no more than a few lists' worth, since a run sees a thousand of them.
"""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bumper import verdicts
from bumper.patterns import compile_pattern
from bumper.schemes.base import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bumper.model import Complete, Policy
    from bumper.patterns import Pattern
    from bumper.schemes.base import Piece, Scheme

__all__ = [
    "ByGroup",
    "ByTime",
    "Group",
    "alike",
    "everything",
    "forget",
    "is_word",
    "reader",
    "unpacked",
    "version_of",
]

_MOST_KEPT = 60_000  # versions, of all lists together
_GROUPS = ("order", "version", "compare")


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


def version_of(tag: str | None, policy: Policy, scheme: Scheme) -> Version | None:
    """Read the current tag; a word such as `latest` is no version, where `tags:` does not name words.

    Only schemes that need no number can compare these: `alphabetical` and `newest`.
    """
    named = policy.tags is not None and policy.scheme in {"alphabetical", "newest"}
    return None if tag is None or (is_word(tag) and not named) else scheme.parse(tag)


def is_word(tag: str) -> bool:
    """Say whether a tag has no number at all."""
    return not any(char in "0123456789" for char in tag)


def reader(listing: Complete, policy: Policy, scheme: Scheme) -> Scheme:
    """Give what reads the tags: the scheme, or what a group of `tags:` or the push times say."""
    if scheme.NAME == "newest":
        return ByTime(scheme, listing.pushed, free=policy.tags is not None)
    pattern = compile_pattern(policy.tags) if policy.tags else None
    if pattern is not None and ByGroup.wanted(pattern):
        return ByGroup(pattern, scheme)
    return scheme


def forget() -> None:
    """Drop what was kept."""
    _kept.clear()


@dataclass(frozen=True)
class ByGroup:
    """A scheme that reads what a named group of `tags:` gives: `order`, `version` or Keel's `compare`.

    A text of digits alone is a count; any other is read by the scheme behind.
    """

    NAME = "group"
    pattern: Pattern
    scheme: Scheme

    @staticmethod
    def wanted(pattern: Pattern | None) -> bool:
        """Say whether an expression names such a group."""
        return pattern is not None and any(f"(?P<{name}>" in pattern.text for name in _GROUPS)

    def parse(self, tag: str) -> Version | None:
        """Read the group's text; None if the expression is not found."""
        text = self._text(tag)
        if text.isdecimal() and text.isascii():
            return Version(tag, "count", "", "#", (int(text[:4000]),), ((int(text[:4000]),), ()))
        version = self.scheme.parse(text) if text else None
        if version is not None:
            version.tag = tag
        return version

    def _text(self, tag: str) -> str:
        groups = self.pattern.groups(tag) or {}
        return next((groups[name] for name in _GROUPS if groups.get(name)), "")

    def pieces(self, tag: str) -> tuple[Piece, ...]:
        """Give the parts of the group's text."""
        return self.scheme.pieces(self._text(tag))

    def alike(self, tag: str) -> Callable[[str], Version | None]:
        """Give a reader of the same kind and shape; see `schemes.base.Scheme`."""
        model = self.parse(tag)

        def read(other: str) -> Version | None:
            version = self.parse(other)
            same = version and model and (version.kind, version.shape) == (model.kind, model.shape)
            return version if same else None

        return read


class ByTime:
    """A scheme whose order is the time of the push, as far as the list holds it.

    With `free`, the user named the tags by `tags:`, and all of these compare whatever their shape.
    """

    NAME = "newest"

    def __init__(self, scheme: Scheme, pushed: Mapping[str, datetime], *, free: bool) -> None:
        self.scheme = scheme
        self.pushed = pushed
        self.free = free
        self.key = (id(pushed), free)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByTime) and self.pushed is other.pushed and self.free == other.free

    def parse(self, tag: str) -> Version | None:
        """Read a tag; None if the list does not say when it was pushed."""
        return self._timed(self.scheme.parse(tag))

    def pieces(self, tag: str) -> tuple[Piece, ...]:
        """Give the parts as the scheme behind does."""
        return self.scheme.pieces(tag)

    def alike(self, tag: str) -> Callable[[str], Version | None]:
        """Give a reader of the same shape, of any shape where the user named the tags."""
        read = self.scheme.parse if self.free else self.scheme.alike(tag)
        return lambda other: self._timed(read(other))

    def _timed(self, version: Version | None) -> Version | None:
        when = self.pushed.get(version.tag) if version is not None else None
        if version is None or when is None:
            return None
        version.order = (when.timestamp(),)
        version.shape = "" if self.free else version.shape
        return version
