"""What a scheme is: how the tags of a repository are read as versions. Pure.

A scheme only reads; which version may be taken is decided in `decide`, the same for all schemes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Scheme", "Version"]

Order = tuple[object, ...]


@dataclass(slots=True, eq=False)
class Version:
    """A parsed tag.

    Two versions compare only if `kind` and `shape` are equal. `parts` are the numbers whose positions
    give the level; `order` compares whole versions and begins with them. `environment` holds the
    numbers of operating systems and runtimes, in the order of the tag. `prerelease` is true below a
    release; `padded` gives the width of each part that has leading zeros, 0 elsewhere.
    """

    tag: str
    kind: str
    prefix: str
    shape: str
    parts: tuple[int, ...]
    order: Order
    environment: tuple[tuple[int, ...], ...] = ()
    prerelease: bool = False
    widths: tuple[int, ...] = ()
    padded: bool = False


class Scheme(Protocol):
    """One way to read tags."""

    NAME: str

    def parse(self, tag: str) -> Version | None:
        """Read a tag; None if it has no version in this scheme."""
        ...
