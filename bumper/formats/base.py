"""What a format is: a module that finds image uses in one YAML document or one text. Pure.

A format is a module (no class, no state) that fits `Format`. It is registered in `catalog.FORMATS`;
the order there is the order of claiming: the first format that claims a document reads it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["Format"]


class Format(Protocol):
    """A place where image references stand."""

    NAME: str

    def claims(self, path: str, document: Document) -> bool:
        """Say whether this document is of this format, by its content before its path."""
        ...

    def find(self, path: str, document: Document) -> Iterator[ImageUse | Skip]:
        """Yield what looks like an image, in the order of the text: a use, or a skip with its reason."""
        ...
