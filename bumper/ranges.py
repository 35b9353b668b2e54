"""Version ranges in npm notation: `^1.2`, `~1.25`, `>=1.4 <3`, `1.x || 2.1 - 2.3`. Pure.

Compared part by part over numbers of any count, missing parts as zero; pre-releases are no business
of a range here (the policy says whether they may be taken).
Source of the notation: node-semver, "Advanced Range Syntax".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Range", "parse_range"]

_PARTIAL = r"[v=]*(?:\d+|[xX*])(?:\.(?:\d+|[xX*]))*"
_HYPHEN = re.compile(rf"\s*({_PARTIAL})\s+-\s+({_PARTIAL})\s*")
_COMPARATOR = re.compile(rf"(>=|<=|>|<|=|\^|~>?)?\s*({_PARTIAL})")
_Parts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Between:
    """From `low`, up to but not including `high`; None is no bound."""

    low: _Parts
    high: _Parts | None


@dataclass(frozen=True, slots=True)
class Range:
    """A set of versions: any of some alternatives, each all of some bounds."""

    text: str
    alternatives: tuple[tuple[_Between, ...], ...]

    def __contains__(self, parts: _Parts) -> bool:
        return any(all(_inside(parts, b) for b in bounds) for bounds in self.alternatives)


def parse_range(text: str) -> Range:
    """Read a range.

    Raises:
        ValueError: It is not one; the message quotes the part.
    """
    return Range(text, tuple(_alternative(part) for part in text.split("||")))


def _inside(parts: _Parts, between: _Between) -> bool:
    value = _trim(parts)
    return value >= between.low and (between.high is None or value < between.high)


def _alternative(text: str) -> tuple[_Between, ...]:
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen:
        low, high = _numbers(hyphen[1]), _numbers(hyphen[2])
        return (_Between(_trim(low), _next(high)),)
    bounds = []
    rest = text.strip().replace(",", " ")
    while rest:
        match = _COMPARATOR.match(rest)
        if match is None:
            raise ValueError(f"not a version range: {rest!r}")
        bounds.append(_comparator(match[1] or "", _numbers(match[2])))
        rest = rest[match.end() :].strip()
    if not bounds:
        raise ValueError("not a version range: it is empty")
    return tuple(bounds)


def _comparator(sign: str, parts: _Parts) -> _Between:
    if not parts:
        return _Between((), None)
    low, above = _trim(parts), _next(parts)
    lead = next((i for i, part in enumerate(parts) if part), len(parts) - 1)
    bounds = {
        ">=": _Between(low, None),
        ">": _Between(above or (), None),
        "<": _Between((), low),
        "<=": _Between((), above),
        "^": _Between(low, _next(parts[: lead + 1])),
        "~": _Between(low, _next(parts[:2])),
        "~>": _Between(low, _next(parts[:2])),
    }
    return bounds.get(sign, _Between(low, above))


def _numbers(text: str) -> _Parts:
    """Give the numbers of a partial version, up to the first `x`."""
    parts: list[int] = []
    for part in text.lstrip("v=").split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return tuple(parts)


def _next(parts: _Parts) -> _Parts | None:
    """Give the first version above everything that begins with these parts."""
    return _trim((*parts[:-1], parts[-1] + 1)) if parts else None


def _trim(parts: _Parts) -> _Parts:
    """Drop trailing zeros, so that 1.20 and 1.20.0 are equal."""
    end = len(parts)
    while end and parts[end - 1] == 0:
        end -= 1
    return parts[:end]
