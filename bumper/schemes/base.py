"""What a scheme is: how the tags of a repository are read as versions. Pure.

A scheme only reads; which version may be taken is decided in `decide`, the same for all schemes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["RELEASE", "Order", "Piece", "Scheme", "Version"]

Order = tuple[object, ...]

# How a release compares with its pre-releases (0, …) and with what follows it (2, …).
RELEASE: tuple[int, int, tuple[int, ...]] = (1, 0, ())


class Piece(NamedTuple):
    """One part of a tag; the texts of all pieces together are the tag.

    `part` is prefix, version, date, pre-release, post-release, variant, environment, counter or hash.
    """

    part: str
    text: str


@dataclass(slots=True, eq=False)
class Version:
    """A parsed tag.

    Two versions compare only if `kind` and `shape` are equal. `parts` are the numbers whose positions
    give the level; `order` compares whole versions and begins with them. `environment` holds the
    numbers of operating systems and runtimes, in the order of the tag. `pre` is the text that makes
    it a pre-release, empty for a release; `release` is the order without environment and counters;
    `widths` gives the digits of each part, and `padded` says whether one has a leading zero.
    """

    tag: str
    kind: str
    prefix: str
    shape: str
    parts: tuple[int, ...]
    order: Order
    environment: tuple[tuple[int, ...], ...] = ()
    pre: str = ""
    widths: tuple[int, ...] = ()
    padded: bool = False

    @property
    def release(self) -> Order:
        """The order without environment and counters; all of it where there are no parts."""
        return self.order[:2] if self.parts else self.order


class Scheme(Protocol):
    """One way to read tags."""

    NAME: str

    def parse(self, tag: str) -> Version | None:
        """Read a tag; None if it has no version in this scheme."""
        ...

    def pieces(self, tag: str) -> tuple[Piece, ...]:
        """Give the parts of a tag as this scheme reads them, () if it has no version."""
        ...

    def alike(self, tag: str) -> Callable[[str], Version | None]:
        """Give a quick reader of the tags of the same kind and shape as this one.

        It gives None for every other tag, and for these the same as `parse`.
        """
        ...
