"""Kustomize: the `images:` of a Kustomization or a Component, inline Helm values and patches. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding import kustomization
from bumper.finding.uses import Place
from bumper.finding.walk import anywhere
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "kustomize"
_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_INLINE = frozenset(
    {
        "helmCharts",
        "helmChartInflationGenerator",
        "patches",
        "patchesJson6902",
        "patchesStrategicMerge",
        "configMapGenerator",
        "secretGenerator",
    }
)


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
            yield from kustomization.images(place, value, name)
        elif name in _INLINE:
            yield from anywhere(place, value, name)
