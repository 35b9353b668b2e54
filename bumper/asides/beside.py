"""What stands beside an image in its file: comments, labels, annotations, the container's name. Pure.

The document is read once more, and only where a dialect's word was found in it. What the words mean
is the dialects' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.asides.comments import of_lines
from bumper.asides.marks import lookup, marks
from bumper.asides.way import Reader
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.asides.marks import Mark
    from bumper.model import ImageUse
    from bumper.text import Lines
    from bumper.yaml_nodes import Node

__all__ = ["Beside", "beside"]

_CONTAINERS = {"containers", "initContainers", "ephemeralContainers", "volumes"}
_VALUES = re.compile(r"(?:[a-z][A-Za-z]*)?([aA]nnotations|[lL]abels)", re.ASCII)
# A mapping of more keys is a list of things, not one; and all its images together must not look at
# all its keys each.
_MOST_KEYS = 200
# The keys that hold a part of a reference written in pieces.
_PIECES = frozenset(
    {
        "registry", "imageRegistry", "repository", "repo", "image", "imageName", "name", "newName",
        "tag", "imageTag", "newTag", "digest", "sha",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One use and everything that stands beside it, the nearest first.

    `container` is the name of its service or container, "" where it has none; `role` the list a
    Kubernetes container stands in; `names` those of all containers it stands among. `comments` have
    the words after `#` as their value. `root` is the document's.
    """

    use: ImageUse
    container: str = ""
    role: str = ""
    names: tuple[str, ...] = ()
    comments: tuple[Mark, ...] = ()
    labels: tuple[Mark, ...] = ()
    annotations: tuple[Mark, ...] = ()
    root: Node | None = None
    lines: Lines | None = None


def beside(path: str, text: str, uses: tuple[ImageUse, ...]) -> tuple[Beside, ...]:
    """Give what stands beside each use, in their order."""
    reader = Reader(path, text)
    return tuple(_Finder(reader, use).beside() for use in uses)


class _Finder:
    """One use's way through its document."""

    def __init__(self, reader: Reader, use: ImageUse) -> None:
        self.reader = reader
        self.use = use
        self.path = reader.path
        self.lines = reader.lines
        self.steps = reader.steps(use.slots[0].span.start) if use.slots else []

    def beside(self) -> Beside:
        """Put together what was found on the way."""
        labels: list[Mark] = []
        annotations: list[Mark] = []
        root = self.steps[0].node if self.steps else None
        services = isinstance(root, Mapping) and root.mapping("services") is not None
        # Not the root and not all services: those say nothing of one.
        inner = self.steps[2:] if services and self.steps[1:] else self.steps
        mappings = [step.node for step in reversed(inner) if isinstance(step.node, Mapping)]
        if services and self.steps[1].key != "services" and isinstance(self.steps[1].node, Mapping):
            mappings.append(self.steps[1].node)
        for depth, node in enumerate(mappings):
            if services:
                labels += self._service(node)
            if (metadata := lookup(node, "metadata")) is not None:
                labels += self._marks(metadata, "labels", "label")
                annotations += self._marks(metadata, "annotations", "annotation")
            elif depth < 2 and not services:
                self._values(node, labels, annotations)
        container, role, names = self._container(services=services)
        return Beside(
            self.use, container, role, names, tuple(self._comments()), tuple(labels),
            tuple(annotations), root, self.lines,
        )  # fmt: skip

    def _service(self, node: Mapping) -> Iterator[Mark]:
        yield from self._marks(node, "labels", "label", dollars=True)
        deploy = lookup(node, "deploy")
        if isinstance(deploy, Mapping):
            yield from self._marks(deploy, "labels", "label", dollars=True)

    def _values(self, node: Mapping, labels: list[Mark], annotations: list[Mark]) -> None:
        """Read `podAnnotations` and its like, as charts' values name them."""
        for key, _ in node.entries if len(node.entries) <= _MOST_KEYS else ():
            match = _VALUES.fullmatch(key.value) if isinstance(key, Scalar) else None
            if match is not None and isinstance(key, Scalar):
                kind = match[1].lower().removesuffix("s")
                found = labels if kind == "label" else annotations
                found += self._marks(node, key.value, kind)

    def _marks(self, node: Node, key: str, kind: str, *, dollars: bool = False) -> Iterator[Mark]:
        held = lookup(node, key)
        if held is not None:
            yield from marks(held, self.path, self.lines, kind, dollars=dollars)

    def _container(self, *, services: bool) -> tuple[str, str, tuple[str, ...]]:
        """Give the name of the container or service, the list it is in, and the names around it."""
        if services and len(self.steps) > 2 and self.steps[1].key == "services":
            names = self.reader.service_names(self.steps[1].node)
            return self.steps[2].key, "services", names
        for above, step in zip(self.steps[-2::-1], self.steps[:0:-1], strict=True):
            if isinstance(above.node, Sequence) and above.key in _CONTAINERS:
                parent = self.steps[self.steps.index(above) - 1].node
                name = step.node.text("name") if isinstance(step.node, Mapping) else None
                return name or "", above.key, tuple(_names(parent))
        return "", "", ()

    def _comments(self) -> Iterator[Mark]:
        """Yield the comments on the lines of the reference's parts, and those right above."""
        starts = [slot.span.start for slot in self.use.slots]
        starts += [start for start in self._pieces() if start is not None]
        numbers = [self.lines.place(start)[0] for start in starts] or [self.use.line]
        return of_lines(self.path, self.reader.text, self.lines, numbers)

    def _pieces(self) -> Iterator[int | None]:
        """Yield where the parts of a split reference begin, and the key that holds them all."""
        for step in reversed(self.steps):
            node = step.node
            if isinstance(node, Mapping):
                if len(node.entries) > _MOST_KEYS:
                    return
                keys = [key for key, _ in node.entries if isinstance(key, Scalar)]
                if not {"tag", "newTag", "imageTag", "digest"} & {key.value for key in keys}:
                    return
                yield from (key.span.start for key in keys if key.value in _PIECES)
                yield None if step.key.isdecimal() else step.start
                return


def _names(parent: Node) -> Iterator[str]:
    for key in ("containers", "initContainers", "ephemeralContainers"):
        held = lookup(parent, key)
        for item in held.items if isinstance(held, Sequence) else ():
            name = item.text("name") if isinstance(item, Mapping) else None
            if name:
                yield name
