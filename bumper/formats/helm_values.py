"""Helm values in any file and any nesting, and every other YAML that names images as they do. Pure.

`repository` + `tag` (+ `registry`, `digest`), and whole references under `image`. An empty or null
tag means the chart's `appVersion`: there is nothing to edit, and it must stay empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import Place
from bumper.finding.walk import anywhere, passed_over
from bumper.yaml_nodes import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "helm-values"
# Keel's own list in a chart's values: paths to images, no images. Source: keel.sh, "Helm".
_KEEL = "keel.images["


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says nothing
    """Say yes to every mapping and sequence: the last in the order of claiming."""
    return isinstance(document.root, Mapping | Sequence)


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield every reference of the document."""
    root = document.root
    if root is None:
        return
    found = anywhere(Place(path, document, NAME), root, "")
    if isinstance(root, Mapping) and (root.get("openapi") or root.get("swagger")):
        found = passed_over(found, "schema", "an API description runs no image")
    if isinstance(root, Mapping) and root.mapping("keel") is not None:
        found = (one for one in found if not one.where.startswith(_KEEL))
    yield from found
