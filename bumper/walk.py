"""Finding references in any nesting, by the names of keys and by complete values. Pure.

What Kubernetes objects, Helm values and unknown documents share: a key `image` (or one that ends in
`Image`) with a complete reference, and a mapping that splits one into repository, tag and digest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.model import ImageUse
from bumper.uses import Place, split, unset, whole
from bumper.yaml_text import Mapping, Scalar, Sequence, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import Skip
    from bumper.yaml_text import Node

__all__ = ["anywhere"]

# What the cluster wrote, what only describes, and what only looks like an image.
_NEVER = frozenset(
    {
        "status",
        "openAPIV3Schema",
        "kubectl.kubernetes.io/last-applied-configuration",
        "managedFields",
        "$schema",
        "$defs",
        "definitions",
    }
)
_WHOLE = re.compile(r"(?:.*[a-z0-9_-])?(?:image|Image|IMAGE)(?:Name|_NAME)?|image", re.ASCII)
_IMAGE_WORD = re.compile(r"image|container", re.IGNORECASE)
_BLOCK_HINT = re.compile(
    r"^\s*(?:-\s+)?[\w.\"'-]*(?:[iI]mage|IMAGE|tag|newTag)[\w\"']*\s*:", re.MULTILINE
)


def anywhere(place: Place, node: Node, where: str) -> Iterator[ImageUse | Skip]:
    """Yield every reference below a node, in the order of the text; aliases are not followed."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from anywhere(place, item, f"{where}[{index}]")
    elif isinstance(node, Scalar):
        yield from _inside(place, node, where)
    elif isinstance(node, Mapping):
        found = _split_mapping(place, node, where)
        if found is not None:
            yield found
        for key, value in node.entries:
            if isinstance(key, Scalar) and key.value not in _NEVER:
                yield from _entry(
                    place, key.value, value, f"{where}.{key.value}" if where else key.value
                )


def _entry(place: Place, key: str, value: Node, where: str) -> Iterator[ImageUse | Skip]:
    if isinstance(value, Scalar) and _WHOLE.fullmatch(key):
        found = whole(place, value, where)
        if found is not None and _believed(key, found):
            yield found
            return
    yield from anywhere(place, value, where)


def _believed(key: str, found: ImageUse | Skip) -> bool:
    """Say whether a value is a reference: under `image` always, under `fooImage` if it has a tag."""
    if key in {"image", "imageName"} or not isinstance(found, ImageUse):
        return key == "image" or isinstance(found, ImageUse)
    return found.reference.tag is not None or found.reference.digest is not None


def _inside(place: Place, scalar: Scalar, where: str) -> Iterator[ImageUse | Skip]:
    """Read YAML that stands in a block scalar, as in a ConfigMap or in `values: |`."""
    if "\n" not in scalar.value or not _BLOCK_HINT.search(scalar.value):
        return
    for document in embedded(place.document, scalar):
        if isinstance(document.root, Mapping | Sequence):
            yield from anywhere(Place(place.path, document, place.format), document.root, where)


def _split_mapping(place: Place, node: Mapping, where: str) -> ImageUse | Skip | None:
    """Read a mapping that holds a reference in pieces, as Helm values do."""
    tag = node.scalar("tag") or node.scalar("imageTag")
    digest = node.scalar("digest") or node.scalar("sha")
    if tag is None and digest is None:
        return None
    name = _name(node, where)
    if name is None or "://" in name:
        return None
    return split(place, where, name, tag, digest)


def _name(node: Mapping, where: str) -> str | None:
    """Give registry and repository joined as Helm charts join them; None if no repository is named."""
    repository = node.text("repository") or node.text("repo")
    if not repository:
        repository = node.text("image") or node.text("imageName")
    elif (tail := node.scalar("image")) is not None and not unset(tail):
        repository = f"{repository}/{tail.value}"
    if not repository and _IMAGE_WORD.search(where.rpartition(".")[2]):
        repository = node.text("name")
    registry = node.scalar("registry") or node.scalar("imageRegistry")
    if not repository or registry is None or unset(registry):
        return repository or None
    return f"{registry.value.rstrip('/')}/{repository}"
