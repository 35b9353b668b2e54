"""What stands beside an image in its file: comments, labels, annotations, the container's name. Pure.

The document is read once more, and only where a dialect's word was found in it. What the words mean
is the dialects' business.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.errors import TextError
from bumper.marks import Mark, entries, lookup, marks
from bumper.text import Lines
from bumper.yaml_text import Mapping, Scalar, Sequence, Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse
    from bumper.yaml_text import Document, Node

__all__ = ["Beside", "beside"]

_COMMENT = re.compile(r"(?:^|(?<=\s))#(?P<words>[^\r\n]*)")
_MOST_COMMENT_LINES = 10
_CONTAINERS = {"containers", "initContainers", "ephemeralContainers", "volumes"}
_VALUES = re.compile(r"(?:[a-z][A-Za-z]*)?([aA]nnotations|[lL]abels)", re.ASCII)
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
    try:
        documents = yaml_text.read(text)
    except TextError:
        documents = ()
    lines = documents[0].lines if documents else Lines(text)
    inner: dict[int, tuple[Document, ...]] = {}
    found = []
    for use in uses:
        steps = _steps(documents, use.slots[0].span.start, inner) if use.slots else []
        found.append(_Finder(path, text, lines, steps).beside(use))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Step:
    """A node on the way to a use: the key or index that led to it, and where that key stands."""

    key: str
    node: Node
    start: int


def _steps(
    documents: tuple[Document, ...], offset: int, inner: dict[int, tuple[Document, ...]]
) -> list[_Step]:
    """Give the nodes around an offset, from the root to the innermost; block scalars are entered."""
    roots = [(document.root, document) for document in documents if document.root is not None]
    index = bisect_right([root.span.start for root, _ in roots], offset) - 1
    if index < 0:
        return []
    root, document = roots[index]
    steps = [_Step("", root, root.span.start)]
    while (deeper := _deeper(steps[-1].node, offset)) is not None:
        steps.append(deeper)
        node = deeper.node
        if isinstance(node, Scalar) and node.style is Style.LITERAL and "\n" in node.value:
            if node.span.start not in inner:
                inner[node.span.start] = yaml_text.embedded(document, node)
            steps += _steps(inner[node.span.start], offset, inner)
            break
    return steps


def _deeper(node: Node, offset: int) -> _Step | None:
    if isinstance(node, Mapping):
        index = bisect_right(node.entries, offset, key=lambda entry: entry[0].span.start) - 1
        if index >= 0:
            key, value = node.entries[index]
            name = key.value if isinstance(key, Scalar) else ""
            return _Step(name, value, key.span.start)
    elif isinstance(node, Sequence):
        index = bisect_right(node.items, offset, key=lambda item: item.span.start) - 1
        if index >= 0:
            item = node.items[index]
            return _Step(str(index), item, item.span.start)
    return None


class _Finder:
    """One use's way through its document."""

    def __init__(self, path: str, text: str, lines: Lines, steps: list[_Step]) -> None:
        self.path = path
        self.text = text
        self.lines = lines
        self.steps = steps

    def beside(self, use: ImageUse) -> Beside:
        """Put together what was found on the way."""
        labels: list[Mark] = []
        annotations: list[Mark] = []
        mappings = [step.node for step in reversed(self.steps) if isinstance(step.node, Mapping)]
        root = self.steps[0].node if self.steps else None
        services = isinstance(root, Mapping) and root.mapping("services") is not None
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
            use, container, role, names, tuple(self._comments(use)), tuple(labels),
            tuple(annotations), root, self.lines,
        )  # fmt: skip

    def _service(self, node: Mapping) -> Iterator[Mark]:
        yield from self._marks(node, "labels", "label", dollars=True)
        deploy = lookup(node, "deploy")
        if isinstance(deploy, Mapping):
            yield from self._marks(deploy, "labels", "label", dollars=True)

    def _values(self, node: Mapping, labels: list[Mark], annotations: list[Mark]) -> None:
        """Read `podAnnotations` and its like, as charts' values name them."""
        for key, _ in node.entries:
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
            everyone = self.steps[1].node
            names = [key.value for key, _ in entries(everyone) if isinstance(key, Scalar)]
            return self.steps[2].key, "services", tuple(names)
        for above, step in zip(self.steps[-2::-1], self.steps[:0:-1], strict=True):
            if isinstance(above.node, Sequence) and above.key in _CONTAINERS:
                parent = self.steps[self.steps.index(above) - 1].node
                name = step.node.text("name") if isinstance(step.node, Mapping) else None
                return name or "", above.key, tuple(_names(parent))
        return "", "", ()

    def _comments(self, use: ImageUse) -> Iterator[Mark]:
        """Yield the comments on the lines of the reference's parts, then those right above."""
        starts = [slot.span.start for slot in use.slots]
        starts += [start for start in self._pieces() if start is not None]
        numbers = sorted({self.lines.place(start)[0] for start in starts} or {use.line})
        for number in numbers:
            line = self.lines.bounds(number).of(self.text)
            match = None if line.lstrip().startswith("#") else _COMMENT.search(line)
            if match is not None:
                yield Mark("", match["words"].strip(), self.path, number, "comment")
        for number in numbers:
            for above in range(number - 1, max(number - 1 - _MOST_COMMENT_LINES, 0), -1):
                line = self.lines.bounds(above).of(self.text).strip()
                if not line.startswith("#"):
                    break
                yield Mark("", line[1:].strip(), self.path, above, "comment")

    def _pieces(self) -> Iterator[int | None]:
        """Yield where the parts of a split reference begin, and the key that holds them all."""
        for step in reversed(self.steps):
            node = step.node
            if isinstance(node, Mapping):
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
