"""What the maker of an image says of its releases: which of them lie between two tags. Pure.

A release's tag is read for its numbers alone: `v1.2.3`, `release-1.2.3` and `web-1.2.3` are 1.2.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Notes", "Release", "between", "breaking", "compared", "numbers", "reaches"]

# Numbers with dots between them, else a date, else a number: `jq1-1.7.1` is 1.7.1.
_NUMBERS = tuple(
    re.compile(text, re.ASCII)
    for text in (
        r"\d{1,18}(?:\.\d{1,18})+",
        r"\d{4}-\d\d-\d\d(?:T\d\d-\d\d-\d\d)?",
        r"\d{1,18}",
    )
)
_PRE = re.compile(r"(?i)(?:^|[-._\d])(?:alpha|beta|rc|pre|preview|dev|nightly|canary|snapshot)")
_BREAKING = re.compile(
    r"(?i)\bbreaking\b|\bmigrat(?:e|ion|ions|ing)\b|\bdeprecat\w*|\bincompatib\w*|\bno longer\b"
    r"|\bmanual(?:ly)? (?:step|action|intervention)|\baction required\b|⚠"
)
_MOST_LIFTED = 8
_MOST_READ = 50_000


@dataclass(frozen=True, slots=True)
class Release:
    """One release as its maker describes it; every text is a stranger's.

    `published` is a date such as 2026-03-01, "" where unknown.
    """

    tag: str
    name: str = ""
    published: str = ""
    text: str = ""
    url: str = ""
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class Notes:
    """What was found for one image: releases, newest first, and pages to look at.

    `source` is the repository's page, `compare` the page with the changes between two commits or tags,
    `page` one that a setting names; each "" where there is none. `why` says what was found instead, or
    why nothing was looked for.
    """

    source: str = ""
    releases: tuple[Release, ...] = ()
    compare: str = ""
    page: str = ""
    why: str = ""


def numbers(tag: str) -> tuple[int, ...]:
    """Give the first numbers of a tag; () where there are none."""
    match = _found(tag)
    return tuple(int(part) for part in re.split(r"\D", match[0])) if match is not None else ()


def between(releases: Iterable[Release], old: str, new: str) -> tuple[Release, ...]:
    """Give the releases after the old tag up to the new one, newest first.

    Of a repository that releases several things only those count whose tags are spelled as the new
    one's; pre-releases only where the new tag is one.
    """
    low, high = numbers(old), numbers(new)
    if not low or not high:
        return ()
    pre = _PRE.search(new) is not None
    found = [
        (numbers(one.tag), one)
        for one in releases
        if pre or not (one.prerelease or _PRE.search(one.tag))
    ]
    fit = [(at, one) for at, one in found if at and _above(at, low) and not _above(at, high)]
    spelled = {_before(one.tag) for at, one in fit if at[: len(high)] == high}
    spelled = {""} & spelled or spelled
    if spelled:
        fit = [(at, one) for at, one in fit if _before(one.tag) in spelled]
    unique = {one.tag: (at, one) for at, one in fit}
    return tuple(one for _, one in sorted(unique.values(), key=_place, reverse=True))


def reaches(releases: Iterable[Release], old: str) -> bool:
    """Say whether a list that begins with the newest goes back to the old tag."""
    return not numbers(old) or bool(_tagged(releases, old))


def compared(
    pages: str, releases: Iterable[Release], found: Sequence[Release], old: str, new: str
) -> str:
    """Give the page that compares the old release with the new one; "" where one is missing.

    `pages` is the address below which the repository's pages are.
    """
    after = _tagged(found, new)
    before = [tag for tag in _tagged(releases, old) if after and _before(tag) == _before(after[0])]
    if not before:
        return ""
    return f"{pages}/compare/{quote(before[0], safe='')}...{quote(after[0], safe='')}"


def breaking(releases: Iterable[Release]) -> tuple[tuple[str, str], ...]:
    """Give the lines that ask for attention, each with its release's tag; the first few of them."""
    found = [
        (one.tag, line.strip())
        for one in releases
        for line in one.text[:_MOST_READ].splitlines()
        if _BREAKING.search(line) and not line.lstrip().startswith(("#", "<!--"))
    ]
    return tuple(dict.fromkeys(found))[:_MOST_LIFTED]


def _tagged(releases: Iterable[Release], tag: str) -> list[str]:
    """Give the releases' tags with the numbers of a tag, as far as it has numbers."""
    meant = numbers(tag)
    return [one.tag for one in releases if meant and numbers(one.tag)[: len(meant)] == meant]


def _found(tag: str) -> re.Match[str] | None:
    found = (pattern.search(tag[:200]) for pattern in _NUMBERS)
    return next((match for match in found if match is not None), None)


def _before(tag: str) -> str:
    """Give what stands before the numbers, without a `v`."""
    match = _found(tag)
    return tag[: match.start()].rstrip("vV.") if match is not None else ""


def _above(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Compare as far as the other says: 1.27.3 is not above 1.27."""
    length = len(other)
    return (*one, *(0,) * length)[:length] > other


def _place(found: tuple[tuple[int, ...], Release]) -> tuple[tuple[int, ...], str]:
    return found[0], found[1].tag
