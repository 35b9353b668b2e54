"""The entries of a Kustomization's `images:`, in its own file or inside a Flux object. Pure.

`name` only says which images of the manifests are meant; what is pulled is `newName`, or `name`
where there is none. A `digest` wins over `newTag` when the image is pulled, so both move together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import named, split, unset
from bumper.yaml_nodes import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.finding.uses import Place
    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Sequence

__all__ = ["images"]


def images(place: Place, node: Sequence, where: str) -> Iterator[ImageUse | Skip]:
    """Yield the reference of every entry, in the order of the text."""
    for index, entry in enumerate(node.items):
        if isinstance(entry, Mapping):
            yield from _entry(place, entry, f"{where}[{index}]")


def _entry(place: Place, entry: Mapping, where: str) -> Iterator[ImageUse | Skip]:
    new_name = entry.scalar("newName")
    name = entry.text("newName") or entry.text("name")
    tag, digest = entry.scalar("newTag"), entry.scalar("digest")
    if not name:
        return
    found = split(place, where, name, tag, digest)
    if found is None and new_name is not None and not unset(new_name):
        # A new name alone leaves the tag to the manifests: seen, and nothing to change here.
        found = named(place, new_name, where)
    if found is not None:
        yield found
