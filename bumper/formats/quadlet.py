"""Quadlet units of Podman: `Image=` of `.container`, `.image` and `.volume` files. Pure.

`Image=name.image` and `Image=name.build` point at another unit. Source: podman-systemd.unit(5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding.uses import VARIABLE, Place, complete, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "quadlet"
_FILES = (".container", ".image", ".volume", ".container.j2", ".image.j2")
_SECTION = re.compile(r"^\[(?:Container|Image|Volume)\]", re.MULTILINE)
_IMAGE = re.compile(r"^[ \t]*Image[ \t]*=[ \t]*(?P<value>\S+)[ \t]*\r?$", re.MULTILINE | re.ASCII)
_UNITS = (".image", ".build")


def claims(path: str, document: Document) -> bool:
    """Say whether the file is a Quadlet unit, by its name and its section."""
    return path.endswith(_FILES) and _SECTION.search(document.text) is not None


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the image of every `Image=`."""
    place = Place(path, document, NAME)
    for match in _IMAGE.finditer(document.text):
        value = match["value"]
        parsed = None if VARIABLE.search(value) or value.endswith(_UNITS) else complete(value)
        if parsed is not None:
            yield literal(place, parsed, match.start("value"), "Image")
