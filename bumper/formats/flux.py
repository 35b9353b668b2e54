"""Flux: OCI sources, the images of a Kustomization, the values of a HelmRelease. Pure.

The tag of an `OCIRepository` is an OCI tag and moves as any other; its `semver` is a range and stays.
A `GitRepository`, a `HelmRepository` and a chart's version name no image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding import kustomization
from bumper.finding.uses import Place, split
from bumper.finding.walk import anywhere
from bumper.yaml_nodes import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "flux"
_GROUP = "toolkit.fluxcd.io"
_NO_IMAGE = frozenset({"GitRepository", "HelmRepository", "HelmChart", "Bucket"})


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says nothing
    """Say whether the object is of one of Flux's groups."""
    root = document.root
    return isinstance(root, Mapping) and _GROUP in (root.text("apiVersion") or "")


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the reference of an OCI source, or every reference of any other object."""
    root = document.root
    if not isinstance(root, Mapping) or root.text("kind") in _NO_IMAGE:
        return
    place = Place(path, document, NAME)
    spec = root.mapping("spec")
    if root.text("kind") == "OCIRepository" and spec is not None:
        yield from _source(place, spec)
        return
    images = spec.sequence("images") if spec is not None else None
    if root.text("kind") == "Kustomization" and images is not None:
        yield from kustomization.images(place, images, "spec.images")
    yield from anywhere(place, root, "")


def _source(place: Place, spec: Mapping) -> Iterator[ImageUse | Skip]:
    url, reference = spec.text("url") or "", spec.mapping("ref")
    if not url.startswith("oci://") or reference is None:
        return
    name = url.removeprefix("oci://")
    found = split(place, "spec.ref", name, reference.scalar("tag"), reference.scalar("digest"))
    if found is not None:
        yield found
