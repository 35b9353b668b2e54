"""Kustomize: the `images:` of a Kustomization or a Component. Pure.

`name` only says which images of the manifests are meant; what is pulled is `newName`, or `name`
where there is none. A `digest` wins over `newTag` when the image is pulled, so both move together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.uses import Place, split
from bumper.walk import anywhere
from bumper.yaml_text import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_text import Document

__all__ = ["NAME", "claims", "find"]

NAME = "kustomize"
_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def claims(path: str, document: Document) -> bool:
    """Say whether the document says it is a Kustomization, or its name does where it says nothing."""
    root = document.root
    if not isinstance(root, Mapping):
        return False
    group = (root.text("apiVersion") or "").split("/")[0]
    if group:
        return group == "kustomize.config.k8s.io"
    return path.rpartition("/")[2] in _FILES


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield every entry of `images:`, then what the inline Helm values and patches hold."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    place = Place(path, document, NAME)
    for key, value in root.entries:
        name = key.value if isinstance(key, Scalar) else ""
        if name == "images" and isinstance(value, Sequence):
            for index, entry in enumerate(value.items):
                if isinstance(entry, Mapping):
                    yield from _entry(place, entry, f"images[{index}]")
        elif name in {"helmCharts", "patches", "patchesStrategicMerge"}:
            yield from anywhere(place, value, name)


def _entry(place: Place, entry: Mapping, where: str) -> Iterator[ImageUse | Skip]:
    name = entry.text("newName") or entry.text("name")
    tag, digest = entry.scalar("newTag"), entry.scalar("digest")
    found = split(place, where, name, tag, digest) if name else None
    if found is not None:
        yield found
