"""The scheme `calver`: only dates are versions, `24.04` and `2024.3.1` too. Pure.

A year of two digits counts only beside a month, `YY.MM` or `YY.0M`; everything else in the tag is
read as `auto` reads it.
Source of the forms: calver.org, "Scheme".
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bumper.schemes import pieces as parts
from bumper.schemes import shapes, sieve
from bumper.schemes.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.schemes.base import Version

__all__ = ["NAME", "alike", "parse", "pieces"]

NAME = "calver"
pieces = partial(parts.take_apart, words=WORDS)


def parse(tag: str) -> Version | None:
    """Read a tag; None if its version is no date."""
    return _dated(shapes.parse(tag, WORDS))


def alike(tag: str) -> Callable[[str], Version | None]:
    """Give a quick reader of the same shape; see `schemes.base.Scheme`."""
    read = sieve.alike(tag, WORDS)
    return lambda other: _dated(read(other))


def _dated(version: Version | None) -> Version | None:
    if version is None or version.kind == "date":
        return version
    short = len(version.parts) > 1 and 6 <= version.parts[0] <= 99 and 1 <= version.parts[1] <= 12
    return replace(version, kind="date") if short else None
