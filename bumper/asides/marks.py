"""Keys and values that stand in a document: labels and annotations, as maps or as lists. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.yaml_nodes import Alias, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.text import Lines
    from bumper.yaml_nodes import Node

__all__ = ["Mark", "entries", "lookup", "marks"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A key and its value as written beside an image; `kind` is comment, label, annotation or value."""

    key: str
    value: str
    path: str
    line: int
    kind: str

    @property
    def source(self) -> str:
        """The place, as `explain` prints it."""
        named = f" {self.key}" if self.key else ""
        return f"{self.path}:{self.line} ({self.kind}{named})"


def marks(
    node: Node, path: str, lines: Lines, kind: str, *, dollars: bool = False
) -> Iterator[Mark]:
    """Yield the pairs of a mapping, or of a list of `key=value`, as marks.

    `dollars` reads `$$` as Compose does. Source: the Compose specification, "labels", "Interpolation".
    """

    def mark(key: str, value: str, start: int) -> Mark:
        value = value.replace("$$", "$") if dollars else value
        return Mark(key.strip(), value.strip(), path, lines.place(start)[0], kind)

    if isinstance(node, Mapping):
        for key, value in entries(node):
            if isinstance(key, Scalar) and isinstance(value, Scalar):
                yield mark(key.value, value.value, key.span.start)
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar):
                name, _, said = item.value.partition("=")
                yield mark(name, said, item.span.start)


def lookup(node: Node, key: str, depth: int = 0) -> Node | None:
    """Give the value of a key, aliases and merge keys followed."""
    found = None
    if isinstance(node, Mapping):
        found = node.get(key)
        if found is None and depth < 8:
            merged = node.get("<<")
            sources = merged.items if isinstance(merged, Sequence) else (merged,)
            for source in sources:
                held = source.target if isinstance(source, Alias) else source
                if found is None and held is not None:
                    found = lookup(held, key, depth + 1)
    return found


def entries(node: Node) -> Iterator[tuple[Node, Node]]:
    """Yield the entries of a mapping with aliases followed, merged ones first."""
    if not isinstance(node, Mapping):
        return
    for key, value in node.entries:
        held = value.target if isinstance(value, Alias) else value
        if isinstance(key, Scalar) and key.value == "<<" and isinstance(held, Mapping):
            yield from ((k, v) for k, v in held.entries if isinstance(v, Scalar))
        elif held is not None:
            yield key, held
