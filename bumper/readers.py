"""What reads the tags of one use: its scheme, or what a group of `tags:` or the push times say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.patterns import compile_pattern
from bumper.schemes.base import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bumper.model import Complete, Policy
    from bumper.patterns import Pattern
    from bumper.schemes.base import Piece, Scheme

__all__ = ["ByGroup", "ByTime", "is_word", "reader", "version_of"]

_GROUPS = ("order", "version", "compare")


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
