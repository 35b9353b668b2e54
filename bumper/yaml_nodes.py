"""What a YAML or JSON text is made of: nodes with exact spans, to the character. Pure.

They resolve nothing: `1.20` stays text, merge keys and aliases stay where they are written, duplicate
keys stay both. What the nodes mean is the formats' business; `yaml_text` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bumper.mask import MASKED
from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.text import Lines

__all__ = [
    "Alias",
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Style",
    "nodes",
    "scalars",
]

# Up to here a look at every key is faster than a dict.
_FEW = 12


class Style(StrEnum):
    """How a scalar is written."""

    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    LITERAL = "literal"
    FOLDED = "folded"


@dataclass(slots=True, eq=False)
class _Spanned:
    """Where a node stands; its `Span` is made when asked for, as few are ever looked at."""

    start: int
    end: int

    @property
    def span(self) -> Span:
        """The characters of the node."""
        return Span(self.start, self.end)


@dataclass(slots=True, eq=False)
class Scalar(_Spanned):
    """A scalar: its value, and the span of what stands between its quotes or below its header.

    Where the text of the span is the value (no escape, no folding), it may be edited inside.
    """

    value: str
    style: Style

    @property
    def masked(self) -> bool:
        """Whether a template expression stands inside: its value is not known."""
        return MASKED in self.value


@dataclass(slots=True, eq=False)
class Mapping(_Spanned):
    """A mapping: its entries in the order of the text, duplicates and merge keys included."""

    entries: tuple[tuple[Node, Node], ...]
    _by_key: dict[str, Node] | None = field(default=None, init=False, repr=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """Keys and values in turn."""
        return tuple([part for entry in self.entries for part in entry])

    @property
    def keys(self) -> frozenset[str]:
        """The keys that are scalars."""
        return frozenset([name.value for name, _ in self.entries if isinstance(name, Scalar)])

    def get(self, key: str) -> Node | None:
        """Give the value of a key, aliases followed; the last wins, as in every YAML reader."""
        if len(self.entries) > _FEW:
            if self._by_key is None:
                self._by_key = {n.value: v for n, v in self.entries if isinstance(n, Scalar)}
            found = self._by_key.get(key)
            return found.target if isinstance(found, Alias) else found
        for name, value in reversed(self.entries):
            if isinstance(name, Scalar) and name.value == key:
                return value.target if isinstance(value, Alias) else value
        return None

    def scalar(self, key: str) -> Scalar | None:
        """Give the value of a key if it is a scalar."""
        value = self.get(key)
        return value if isinstance(value, Scalar) else None

    def mapping(self, key: str) -> Mapping | None:
        """Give the value of a key if it is a mapping."""
        value = self.get(key)
        return value if isinstance(value, Mapping) else None

    def sequence(self, key: str) -> Sequence | None:
        """Give the value of a key if it is a sequence."""
        value = self.get(key)
        return value if isinstance(value, Sequence) else None

    def text(self, key: str) -> str | None:
        """Give the value of a key if it is a scalar, as text."""
        scalar = self.scalar(key)
        return None if scalar is None else scalar.value


@dataclass(slots=True, eq=False)
class Sequence(_Spanned):
    """A sequence: its items in the order of the text."""

    items: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """The items, as a mapping has its keys and values."""
        return self.items


@dataclass(slots=True, eq=False)
class Alias(_Spanned):
    """`*name`, and the node it stands for; None if there is none before it."""

    name: str
    target: Node | None


Node = Scalar | Mapping | Sequence | Alias


@dataclass(slots=True, eq=False)
class Document:
    """One document of a text. Spans count from the start of the whole `text`; `index` from 0.

    `root` is None where the text is not YAML, or the document is empty. `embedded_in` counts the
    scalars around it. `neighbours` are the texts of
    files of the same folder that this one takes values from or gives values to, by name.
    """

    text: str
    lines: Lines
    root: Node | None = None
    index: int = 0
    embedded_in: int = 0
    neighbours: Dictionary[str, str] = field(default_factory=dict)


def nodes(node: Node | None) -> Iterator[Node]:
    """Yield a node and all below it, keys too, in the order of the text; aliases are not followed."""
    waiting: list[Node] = [] if node is None else [node]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, Mapping | Sequence):
            waiting += reversed(current.children)


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield every scalar below a node, keys too, in the order of the text; aliases are not followed."""
    return (one for one in nodes(node) if isinstance(one, Scalar))
