"""A tag taken apart: which of its numbers are the version, and what the others are. Pure.

Left to right: the first number that is no environment's is the version; a known word right behind a
number is a pre-release; every other number is an environment's, a counter, or part of a hash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.schemes.base import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.schemes.words import Words

__all__ = ["HASH", "ISO", "date_of", "numbers", "take_apart"]

HASH = r"(?:sha-|g)[0-9a-f]{7,40}|(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}"
ISO = r"(?:19|20)[0-9]{2}-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])(?:T[0-9]{2}-[0-9]{2}-[0-9]{2}Z)?"
_TOKEN = re.compile(
    rf"""
      (?<![A-Za-z0-9])(?P<hash>{HASH})(?![A-Za-z0-9])
    | (?P<iso>{ISO})(?![0-9])
    | (?P<number>[0-9]+(?:\.[0-9]+)*)
    | (?P<text>[^0-9a-fgs]+|.)
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_DATE = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])"
    r"(?P<t>(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?)?"
)
_WORD_BEFORE = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)?)([-_.]?)\Z")
# Tags that CI makes of branches and commits: their numbers count no version. A lone number of
# seven digits and more that is no date may be a short hash; `scheme: numeric` reads it.
_BRANCH = re.compile(
    r"(?:pr|mr|pull|feature|feat|fix|bugfix|hotfix|issue|branch|dependabot|renovate)[-_/]"
    rf"|(?!{_DATE.pattern}\Z)[0-9]{{7,}}\Z",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 128  # OCI distribution-spec 1.1: no tag is longer


def take_apart(tag: str, words: Words) -> tuple[Piece, ...]:
    """Give the pieces of a tag; () if no number in it is a version."""
    if len(tag) > _LONGEST or _BRANCH.match(tag) or not any(char in "0123456789" for char in tag):
        return ()
    tokens = list(_tokens(tag))
    pieces: list[Piece] = []
    found = pre = waiting = False
    for index, (kind, text) in enumerate(tokens):
        if kind == "text":
            end, word = 0, ""
            if found and not pre:
                end, word = words.opening(text, number_follows=index + 1 < len(tokens))
            if end:
                late = words.rank[word] >= 100
                pieces.append(Piece("post-release" if late else "pre-release", text[:end]))
            if text[end:]:
                pieces.append(Piece("variant" if found else "prefix", text[end:]))
            pre, waiting = pre or bool(end), 0 < end == len(text)
            continue
        if waiting:
            pieces[-1] = Piece(pieces[-1].part, pieces[-1].text + text)
            waiting = False
            continue
        before = tokens[index - 1][1] if index else ""
        part = "hash" if kind == "hash" else _part(kind, text, before, words, found=found)
        found = found or part in {"version", "date"}
        pieces.append(Piece(part, text))
    return tuple(pieces) if found else ()


def _tokens(tag: str) -> Iterator[tuple[str, str]]:
    """Split a tag into numbers, dates, hashes and the text between, text joined."""
    pending = ""
    for match in _TOKEN.finditer(tag):
        kind = match.lastgroup or "text"
        if kind == "text":
            pending += match[0]
            continue
        if pending:
            yield "text", pending
            pending = ""
        yield kind, match[0]
    if pending:
        yield "text", pending


def _part(kind: str, text: str, before: str, words: Words, *, found: bool) -> str:
    """Say what a number is, by what stands before it."""
    dated = date_of(kind, text) is not None
    if not dated and _is_environment(before, words, found=found):
        return "environment"
    if found:
        return "counter"
    return "date" if dated else "version"


def _is_environment(before: str, words: Words, *, found: bool) -> bool:
    """Say whether the text before a number is the name of an operating system or a runtime."""
    match = _WORD_BEFORE.search(before)
    if match is None:
        return False
    name = match[1].lower()
    if name not in words.environment and name.rpartition("-")[2] not in words.environment:
        return False
    # `jdk-17` alone is a version with a prefix; `alpine3.20` alone is an environment.
    return found or not match[2]


def numbers(text: str) -> tuple[int, ...]:
    """Give the numbers of a text, whatever stands between them."""
    return tuple(int(part) for part in re.findall(r"[0-9]+", text))


def date_of(kind: str, text: str) -> tuple[int, ...] | None:
    """Give year, month, day (and time) of a date, None if it is none."""
    if kind == "iso" or "-" in text:
        return numbers(text)
    match = _DATE.fullmatch(text) if len(text) in {8, 12, 14} else None
    if match is None:
        return None
    time = match["t"] or ""
    return (int(match["y"]), int(match["m"]), int(match["d"]), *((int(time),) if time else ()))
