"""How much more or less is pulled, in few words: `154 → 161 MB (+5 %)`. Pure.

Units are those of registries and of Docker: a MB is a million bytes.
"""

from __future__ import annotations

__all__ = ["told"]

_UNITS = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1))
_GLUE = "\u00a0"  # a cell breaks no line between a number and its unit


def told(old: int, new: int) -> str:
    """Say the step of two numbers of bytes; the new one alone where the old is not known, else nothing."""
    if not new:
        return ""
    unit, size = next((one for one in _UNITS if max(old, new) >= one[1]), _UNITS[-1])
    after = f"{_number(new, size)}{_GLUE}{unit}"
    if not old:
        return after
    percent = round(100 * (new - old) / old)
    change = f"{percent:+d}{_GLUE}%" if percent else f"±0{_GLUE}%"
    before = _number(old, size)
    same = before == _number(new, size)
    return f"{after} ({change})" if same else f"{before} → {after} ({change})"


def _number(count: int, size: int) -> str:
    """Give three digits, or all before the point."""
    value = count / size
    places = 0 if value >= 100 or size == 1 else 1 if value >= 10 else 2
    return f"{value:.{places}f}"
