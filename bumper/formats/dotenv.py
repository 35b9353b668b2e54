"""`.env` files: the tag that a compose file beside takes by its variable, and `SIDE_IMAGE=…`. Pure.

One variable may serve several images: each is a use of its own, at the same place. A variable that
holds a version for something else than an image of a compose file beside is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.errors import TextError
from bumper.finding import services
from bumper.finding.uses import Place, complete, is_fixed, literal
from bumper.finding.variables import assemble, assignments
from bumper.model import Part, Slot
from bumper.yaml_nodes import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.finding.variables import Assignment
    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "dotenv"
_FILE = re.compile(r"\.env(?:\.[\w.-]+)?|[\w.-]+\.env", re.ASCII)
_IMAGE = re.compile(r"image|img", re.IGNORECASE)


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says all
    """Say whether the file is an environment file by its name."""
    return _FILE.fullmatch(path.rpartition("/")[2]) is not None


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield what compose files beside take from here, then the complete references."""
    place = Place(path, document, NAME)
    known = assignments(document.text)
    taken = set()
    for name, text in sorted(document.neighbours.items()):
        for use in _taken(place, name, text, known):
            taken |= {slot.span for slot in use.slots}
            yield use
    for name, given in known.items():
        parsed = complete(given.value) if _IMAGE.search(name) else None
        if parsed is not None and is_fixed(parsed):
            use = literal(place, parsed, given.start, name)
            if not any(slot.span in taken for slot in use.slots if slot.part is not Part.NAME):
                yield use


def _taken(
    place: Place, name: str, text: str, known: Dictionary[str, Assignment]
) -> Iterator[ImageUse]:
    """Yield the images of one compose file whose tag or digest stands here."""
    try:
        documents = yaml_text.read(text)
    except TextError:
        return
    for document in documents:
        if not services.claims(document) or not isinstance(document.root, Mapping):
            continue
        for where, service in services.services(document.root):
            image = service.scalar("image")
            if image is None or "$" not in image.value or service.get("build") is not None:
                continue
            assembled = assemble(image.value, known)
            if assembled is None or not all(variable for _, variable, _ in assembled.parts):
                continue
            slots = tuple(Slot(part, span) for part, _, span in assembled.parts)
            variable = assembled.parts[0][1]
            here = f"{variable} ({name} {where}.image)"
            yield place.use(here, assembled.reference, slots)
