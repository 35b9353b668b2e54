"""The nodes on the way from the root of a document to a place in its text. Pure.

Block scalars that hold YAML are entered, so that what is written in a ConfigMap is found too.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.asides.marks import entries
from bumper.errors import TextError
from bumper.text import Lines
from bumper.yaml_nodes import Mapping, Scalar, Sequence, Style

if TYPE_CHECKING:
    from bumper.yaml_nodes import Document, Node

__all__ = ["Reader", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """A node on the way to a use: the key or index that led to it, and where that key stands."""

    key: str
    node: Node
    start: int


class Reader:
    """A text that was read once for all its uses."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        try:
            documents = yaml_text.read(text)
        except TextError:
            documents = ()
        self.lines = documents[0].lines if documents else Lines(text)
        self._roots = _roots(documents)
        self._inner: dict[int, list[tuple[Node, Document]]] = {}
        self._services: dict[int, tuple[str, ...]] = {}

    def steps(self, offset: int) -> list[Step]:
        """Give the nodes around an offset, from the root inwards; block scalars are entered."""
        return self._steps(self._roots, offset)

    def _steps(self, roots: list[tuple[Node, Document]], offset: int) -> list[Step]:
        index = bisect_right(roots, offset, key=lambda one: one[0].span.start) - 1
        if index < 0:
            return []
        root, document = roots[index]
        steps = [Step("", root, root.span.start)]
        while (deeper := _deeper(steps[-1].node, offset)) is not None:
            steps.append(deeper)
            node = deeper.node
            if isinstance(node, Scalar) and node.style is Style.LITERAL and "\n" in node.value:
                if node.span.start not in self._inner:
                    self._inner[node.span.start] = _roots(yaml_text.embedded(document, node))
                steps += self._steps(self._inner[node.span.start], offset)
                break
        return steps

    def service_names(self, services: Node) -> tuple[str, ...]:
        """Give the names of all services, read once."""
        start = services.span.start
        if start not in self._services:
            keys = (key for key, _ in entries(services))
            self._services[start] = tuple(key.value for key in keys if isinstance(key, Scalar))
        return self._services[start]


def _roots(documents: tuple[Document, ...]) -> list[tuple[Node, Document]]:
    return [(document.root, document) for document in documents if document.root is not None]


def _deeper(node: Node, offset: int) -> Step | None:
    if isinstance(node, Mapping):
        index = bisect_right(node.entries, offset, key=lambda entry: entry[0].span.start) - 1
        if index >= 0:
            key, value = node.entries[index]
            name = key.value if isinstance(key, Scalar) else ""
            return Step(name, value, key.span.start)
    elif isinstance(node, Sequence):
        index = bisect_right(node.items, offset, key=lambda item: item.span.start) - 1
        if index >= 0:
            item = node.items[index]
            return Step(str(index), item, item.span.start)
    return None
