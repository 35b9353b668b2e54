"""What a dialect is: settings that people wrote into the files, beside the images. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bumper.model import ImageUse, Problem

__all__ = ["Dialect"]


class Dialect(Protocol):
    """One way to write settings into the files."""

    NAME: str

    def settle(
        self, path: str, text: str, uses: tuple[ImageUse, ...]
    ) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
        """Give the uses of one file with the settings that stand beside them.

        What cannot be read is a problem with its line; the other uses keep theirs.
        """
        ...
