"""One shape, compiled: of a long list only the tags that fit are read at all. Pure.

One match a tag says whether its shape is the current one's; the version is read from the match
itself, unless it could be taken apart in another way. Then it is read in full.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.schemes.base import RELEASE, Version
from bumper.schemes.pieces import HASH, ISO, date_of, numbers, take_apart
from bumper.schemes.shapes import parse, version

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.schemes.base import Piece
    from bumper.schemes.words import Words

__all__ = ["alike"]

_NUMBERED = frozenset({"version", "date", "environment", "counter"})
_HEX_BEFORE = re.compile(r"(?:^|[^A-Za-z0-9])(?:g|sha-|[a-f]+)\Z")
_HEX_BEHIND = re.compile(r"[a-f]+(?:[^A-Za-z0-9]|\Z)")
_HAS_ISO = re.compile(ISO)
_LONGEST = 128  # characters; OCI distribution-spec 1.1, the grammar of a tag


def alike(tag: str, words: Words) -> Callable[[str], Version | None]:
    """Give a quick reader of the tags of this tag's kind and shape; see `schemes.base.Scheme`."""
    pieces = take_apart(tag, words)
    if not pieces:
        return lambda _: None
    return _Sieve(version(tag, pieces, words), pieces, words).read


class _Sieve:
    """One shape, compiled: what does not fit has another shape.

    What fits is read from the match itself, unless it has a pre-release or something that could be
    taken apart in another way; then it is read in full.
    """

    def __init__(self, model: Version, pieces: tuple[Piece, ...], words: Words) -> None:
        self.model = model
        self.words = words
        self.roles: list[str] = []
        self.match = re.compile(self._pattern(pieces), re.ASCII).fullmatch
        plain = [piece for piece in pieces if piece.part not in {"pre-release", "post-release"}]
        # Three numbers joined by dashes may be a date; letters beside a number may be a hash.
        self.may_be_date = sum(piece.part in _NUMBERED for piece in plain) > 2
        self.may_be_hash = any(
            _HEX_BEFORE.search(text) or _HEX_BEHIND.match(text)
            for part, text in plain
            if part in {"prefix", "variant"}
        )
        # A date is a counter also where another number would be a system's (`-debian-20240105`).
        self.may_be_system = any(
            part == "counter" and date_of("", text) is not None for part, text in plain
        )

    def _pattern(self, pieces: tuple[Piece, ...]) -> str:
        rest = rf"(?:[0-9][0-9.]*|{ISO}|{HASH})"
        pre = rf"((?i:{self.words.head.pattern}){rest}?)?".replace("([-_.+~]?)(", "(?:[-_.+~]?)(?:")
        found, text = "", False
        for part, written in pieces:
            if part in {"pre-release", "post-release"}:
                continue
            if part in {"prefix", "variant"}:
                found += re.escape(written)
                continue
            text = text or part in {"version", "date"}
            found += self._number(part, written)
            if text:
                self.roles.append("pre")
                found += pre
        return found

    def _number(self, part: str, text: str) -> str:
        if part == "hash":
            return rf"(?<![A-Za-z0-9])(?:{HASH})(?![A-Za-z0-9])"
        self.roles.append(part)
        if "-" in text:
            return rf"({ISO})"
        return rf"([0-9]+(?:\.[0-9]+){{{text.count('.')}}})"

    def read(self, tag: str) -> Version | None:
        """Read a tag; None if it is of another kind or shape, or longer than any tag may be."""
        match = self.match(tag) if len(tag) <= _LONGEST else None
        if match is None:
            return None
        environment, counters = [], []
        parts: tuple[int, ...] = ()
        widths: tuple[int, ...] = ()
        for role, text in zip(self.roles, match.groups(), strict=True):
            if role == "pre":
                if text is not None:
                    return self._in_full(tag)
            elif role == "counter":
                counters.append(_quick(text))
            elif role == "environment":
                if len(text) > 7:
                    return self._in_full(tag)
                environment.append(_quick(text))
            elif role == "date" or (len(text) > 6 and "." not in text):
                return self._in_full(tag)  # a date, or digits that may be a hash
            else:
                parts = _quick(text)
                widths = tuple(map(len, text.split(".")))
        return self._made(tag, parts, widths, environment, counters)

    def _made(
        self,
        tag: str,
        parts: tuple[int, ...],
        widths: tuple[int, ...],
        environment: list[tuple[int, ...]],
        counters: list[tuple[int, ...]],
    ) -> Version | None:
        model = self.model
        dated = len(parts) > 1 and 1990 <= parts[0] <= 2099
        doubtful = self.may_be_hash or self.may_be_system
        doubtful = doubtful or bool(self.may_be_date and _HAS_ISO.search(tag))
        if dated != (model.kind == "date") or doubtful:
            return self._in_full(tag)
        padded = not dated and any(
            width > 1 and part < 10 ** (width - 1)
            for width, part in zip(widths, parts, strict=True)
        )
        order = (parts, RELEASE, tuple(environment), tuple(counters))
        return Version(
            tag, model.kind, model.prefix, model.shape, parts, order,
            tuple(environment), "", () if dated else widths, padded,
        )  # fmt: skip

    def _in_full(self, tag: str) -> Version | None:
        found = parse(tag, self.words)
        model = self.model
        if found is None or (found.kind, found.shape) != (model.kind, model.shape):
            return None
        return found


def _quick(text: str) -> tuple[int, ...]:
    if text.isdigit():
        return (int(text),)
    return tuple(map(int, text.replace("-", ".").split("."))) if "T" not in text else numbers(text)
