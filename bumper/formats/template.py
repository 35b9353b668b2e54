"""Text that looks like YAML and is none: templates, drafts, JSON with comments. Pure.

Read by its lines, and only where no parser could: whatever stands there literally is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.lines import scan
from bumper.finding.uses import Place
from bumper.text import Span
from bumper.yaml_text import is_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "template"


def claims(path: str, document: Document) -> bool:
    """Say whether a text with the name of YAML has no structure that a parser could read."""
    return document.root is None and is_yaml(path)


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the literal references, line by line."""
    yield from scan(Place(path, document, NAME), Span(0, len(document.text)), "")
