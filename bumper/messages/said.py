"""The hidden line by which a comment of ours is known again, so that nothing is said twice. Pure.

As the marker of a pull request it is data, not authority: believing it can only keep us silent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["plain", "read", "write"]

_LINE = re.compile(r"<!-- bumper-said ([\w :.]{1,120}) -->", re.ASCII)


def plain(key: str) -> str:
    """Give a key as it can stand in a comment."""
    return re.sub(r"[^\w :.]", "_", key, flags=re.ASCII)[:120]


def write(text: str, keys: Iterable[str]) -> str:
    """Give a comment with the keys of what it says."""
    return "\n".join((*(f"<!-- bumper-said {plain(key)} -->" for key in keys), text))


def read(text: str) -> tuple[str, ...]:
    """Give the keys of what a comment says; none where it is not ours."""
    return tuple(_LINE.findall(text))
