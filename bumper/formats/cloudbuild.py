"""Google Cloud Build: the image of every step is its `name`. Pure.

`images:` at the top names what the build makes: nothing to look up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import Place, whole
from bumper.yaml_nodes import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "cloudbuild"


def claims(path: str, document: Document) -> bool:
    """Say whether the file has steps and says Cloud Build by its name."""
    root = document.root
    is_named = "cloudbuild" in path.rpartition("/")[2]
    return is_named and isinstance(root, Mapping) and root.sequence("steps") is not None


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the image of every step."""
    root = document.root
    steps = root.sequence("steps") if isinstance(root, Mapping) else None
    place = Place(path, document, NAME)
    for index, step in enumerate(steps.items if steps is not None else ()):
        name = step.scalar("name") if isinstance(step, Mapping) else None
        found = None if name is None else whole(place, name, f"steps[{index}].name")
        if found is not None:
            yield found
