"""Kubernetes objects, built in or custom: every reference of every container kind. Pure.

Read as any nesting of `image` keys and split references, so that new custom resources need no new
code. Not read: what the cluster reports (`status`, the last applied configuration), and schemas
(a CustomResourceDefinition describes images, it runs none).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import Place, ignored
from bumper.finding.walk import anywhere, passed_over
from bumper.yaml_nodes import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "kubernetes"


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says nothing
    """Say whether the document has an `apiVersion` and a `kind`."""
    root = document.root
    return isinstance(root, Mapping) and bool(root.text("apiVersion") and root.text("kind"))


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield every reference of the object, or of every object in a List."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    found = anywhere(Place(path, document, NAME), root, "")
    if root.text("kind") == "CustomResourceDefinition":
        found = passed_over(found, "schema", "a schema describes images, it runs none")
    if root.text("kind") == "ImageUpdater":
        found = (ignored(one, "what another updater looks for, none runs") for one in found)
    yield from found
