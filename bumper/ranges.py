"""Version ranges in npm notation: `^1.2`, `~1.25`, `>=1.4 <3`, `1.x || 2.1 - 2.3`. Pure.

Compared part by part over numbers of any count, missing parts as zero; further parts than the range
names belong to the version it names (`<=4.9.0` holds 4.9.0.12). A pre-release is inside only where the
range names one of the same version, unless the reader is lenient (node-semver's includePrerelease).
Source of the notation: node-semver, "Ranges"; its own tables are in the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Range", "parse_range"]

_PART = r"(?:[0-9]+|[xX*])"
_PARTIAL = (
    rf"[v=\s]*(?P<parts>{_PART}(?:\.{_PART})*)"
    r"(?:-?(?P<pre>(?<=-)[0-9A-Za-z.-]+|(?<=[0-9])[A-Za-z][0-9A-Za-z.-]*))?(?:\+[0-9A-Za-z.-]*)?"
)
_ONE = re.compile(rf"(?P<sign>>=|<=|>|<|=|\^|~>?)?\s*{_PARTIAL}(?=[\s,]|\Z)", re.ASCII)
_HYPHEN = re.compile(r"\s+-\s+")
_IDENTIFIER = re.compile(r"[0-9]+|[A-Za-z]+")
_Parts = tuple[int, ...]
# A version as it compares: its parts, then (0,) below all its pre-releases, (0, …) one, (1,) itself.
_Point = tuple[_Parts, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class _Between:
    """From `low`, up to `high`; None is no bound. `named` has a pre-release's version, if any."""

    low: _Point
    high: _Point | None
    above_low: bool = False
    with_high: bool = False
    named: _Parts | None = None

    def holds(self, point: _Point) -> bool:
        if point < self.low or (self.above_low and point == self.low):
            return False
        return self.high is None or point < self.high or (self.with_high and point == self.high)


@dataclass(frozen=True, slots=True)
class Range:
    """A set of versions: any of some alternatives, each all of some bounds."""

    text: str
    alternatives: tuple[tuple[_Between, ...], ...]

    def admits(self, parts: _Parts, prerelease: str = "", *, lenient: bool = False) -> bool:
        """Say whether a version is inside; `prerelease` is its text, with or without separators."""
        point = (_trim(parts), _pre(prerelease))
        for bounds in self.alternatives:
            told = lenient or not prerelease or any(b.named == point[0] for b in bounds)
            if told and all(bound.holds(point) for bound in bounds):
                return True
        return False

    def __contains__(self, parts: _Parts) -> bool:
        return self.admits(parts)


def parse_range(text: str) -> Range:
    """Read a range.

    Raises:
        ValueError: It is not one; the message quotes the part.
    """
    return Range(text, tuple(_alternative(part.strip()) for part in text.split("||")))


def _alternative(text: str) -> tuple[_Between, ...]:
    sides = _HYPHEN.split(text)
    if len(sides) == 2:
        low, high = (_match(side) for side in sides)
        if low["sign"] or high["sign"]:
            raise ValueError(f"not a version range: {text!r}")
        return (_comparator(">=", low), _comparator("<=", high))
    bounds, position = [], 0
    while position < len(text):
        match = _match(text, position)
        bounds.append(_comparator(match["sign"] or "=", match))
        position = match.end()
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
    return tuple(bounds)


def _match(text: str, position: int = 0) -> re.Match[str]:
    match = _ONE.match(text, position)
    if match is None:
        raise ValueError(f"not a version range: {text[position:]!r}")
    return match


def _comparator(sign: str, match: re.Match[str]) -> _Between:
    parts, full = _numbers(match["parts"])
    if not parts:
        nothing = _Between(((), (0,)), ((), (0,)))
        return nothing if sign in {"<", ">"} else _Between(((), (0,)), None)
    if match["pre"] and full:
        return _around_prerelease(sign, parts, _pre(match["pre"]))
    here: _Point = (_trim(parts), (1,) if full else (0,))
    behind = _behind(parts)
    bounds = {
        ">=": _Between(here, None),
        ">": _Between(behind, None),
        "<": _Between(((), (0,)), here),
        "<=": _Between(((), (0,)), behind),
        "=": _Between(here, behind),
    }
    return bounds.get(sign) or _Between(here, _limit(sign, parts))


def _around_prerelease(sign: str, parts: _Parts, pre: tuple[object, ...]) -> _Between:
    start: _Point = ((), (0,))
    named = _trim(parts)
    here: _Point = (named, pre)
    bounds = {
        ">=": _Between(here, None, named=named),
        ">": _Between(here, None, above_low=True, named=named),
        "<": _Between(start, here, named=named),
        "<=": _Between(start, here, with_high=True, named=named),
        "=": _Between(here, here, with_high=True, named=named),
    }
    return bounds.get(sign) or _Between(here, _limit(sign, parts), named=named)


def _limit(sign: str, parts: _Parts) -> _Point:
    """Give the first version that a caret or a tilde no longer allows."""
    if sign == "^":
        lead = next((i for i, part in enumerate(parts) if part), len(parts) - 1)
        return _behind(parts[: lead + 1])
    return _behind(parts[:2])


def _numbers(text: str) -> tuple[_Parts, bool]:
    """Give the numbers of a partial version up to the first `x`, and whether it names three."""
    parts: list[int] = []
    for part in text.split("."):
        if not part.isdigit():
            break
        parts.append(int(part[:1000]))
    return tuple(parts), len(parts) > 2


def _behind(parts: _Parts) -> _Point:
    """Give the first point above everything that begins with these parts."""
    return _trim((*parts[:-1], parts[-1] + 1)), (0,)


def _pre(text: str) -> tuple[object, ...]:
    """Give how a pre-release compares; `rc1` is `rc.1`."""
    if not text:
        return (1,)
    found = _IDENTIFIER.findall(text)
    return (0, *((0, int(one[:1000]), "") if one.isdigit() else (1, 0, one) for one in found))


def _trim(parts: _Parts) -> _Parts:
    """Drop trailing zeros, so that 1.20 and 1.20.0 are equal."""
    end = len(parts)
    while end and parts[end - 1] == 0:
        end -= 1
    return parts[:end]
