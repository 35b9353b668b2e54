"""A YAML or JSON text as nodes with exact spans: what stands where, to the character. Pure.

It resolves nothing: `1.20` stays text, merge keys and aliases stay where they are written, duplicate
keys stay both. It is made from the C parser's events, never from its composer, which crashes on deep
nesting. What the nodes mean is the formats' business.

Three readers, the first that can: the C parser; the C parser on a text whose template expressions
are masked (`mask`); the pure parser, which knows some YAML 1.2 that libyaml refuses.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from _ruamel_yaml import CParser  # type: ignore[import-not-found] # the C extension has no types
from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

from bumper.errors import TextError
from bumper.mask import MASKED, mask
from bumper.text import Lines, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Dictionary

    # Gives the next event of a parser, None behind the last; ruamel has no types.
    _Events = Callable[[], Any]

__all__ = [
    "Alias",
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Style",
    "embedded",
    "is_yaml",
    "nodes",
    "read",
    "remembering",
    "scalars",
]

MOST_CHARACTERS = 5 * 1024 * 1024
MOST_NODES = 250_000
MOST_DOCUMENTS = 5_000
DEEPEST = 100
# A text in a text in a text, each read again as a whole: fewer levels, and each less deep, so that
# nobody's recursion ends before ours.
_DEEPEST_EMBEDDED = 50
_MOST_EMBEDDED = 3
# Brackets that stay open, strings and comments included.
_MOST_OPEN = 800
# Each handle is compared with every other: 100,000 of them take minutes.
_MOST_HANDLES = 100
# The pure parser is quadratic in open brackets and a twentieth as fast: only small, flat texts.
_PURE_CHARACTERS = 300_000
_PURE_OPENERS = 2_000
# Up to here a look at every key is faster than a dict.
_FEW = 12
_ENDINGS = (
    ".yaml",
    ".yml",
    ".json",
    ".gotmpl",
    ".tpl",
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".dist",
)
# What was read within `remembering`, by text.
_REMEMBERED: ContextVar[dict[str, tuple[Document, ...]] | None] = ContextVar(
    "remembered", default=None
)
_PREFIX = re.compile(r"(?:[&!][^\s]*(?:[ \t\r\n\ufeff]|#[^\r\n]*)*)+")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n|$)")


class Style(StrEnum):
    """How a scalar is written."""

    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    LITERAL = "literal"
    FOLDED = "folded"


_STYLES = {"'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.FOLDED}


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


def is_yaml(path: str) -> bool:
    """Say whether a path names a YAML or JSON text, or a template of one."""
    return path.endswith(_ENDINGS) or path.rpartition("/")[2] == "Kustomization"


@contextmanager
def remembering() -> Iterator[None]:
    """Read each text once within the block, however often it is asked for."""
    mark = _REMEMBERED.set({})
    try:
        yield
    finally:
        _REMEMBERED.reset(mark)


def read(text: str) -> tuple[Document, ...]:
    """Read every document of a YAML or JSON text, in order.

    Raises:
        TextError: The text is no YAML even with its template expressions masked, or it is larger
            (5 Mi characters, 250,000 nodes, 5,000 documents) or deeper (100 levels) than anything real.
    """
    known = _REMEMBERED.get()
    if known is None:
        return _read(text)
    if text not in known:
        known[text] = _read(text)
    return known[text]


def _read(text: str) -> tuple[Document, ...]:
    _bound(text)
    lines = Lines(text)
    # libyaml drops the byte order mark and counts from behind it.
    shift = 1 if text.startswith("\ufeff") else 0
    try:
        return _build(text, lines, CParser(text).get_event, shift)
    except YAMLError as error:
        first = error
    masked = mask(text)
    if masked != text:
        try:
            return _build(masked, lines, CParser(masked).get_event, shift, original=text)
        except YAMLError:
            pass
    elif len(text) < _PURE_CHARACTERS and text.count("[") + text.count("{") < _PURE_OPENERS:
        try:
            return _build(
                text, lines, partial(next, YAML(typ="safe", pure=True).parse(text), None), 0
            )
        except (YAMLError, ValueError, RecursionError):
            pass
    raise _unreadable(first)


def embedded(document: Document, scalar: Scalar) -> tuple[Document, ...]:
    """Read the YAML or JSON inside a scalar, spans counted in the whole text; () if it is none.

    The lines of a literal block share an indent that YAML ignores, so they are read as they stand;
    quoted text only where it is its own value.
    """
    inner = scalar.span.of(document.text)
    depth = document.embedded_in + 1
    if depth > _MOST_EMBEDDED or (scalar.style is not Style.LITERAL and inner != scalar.value):
        return ()
    try:
        _bound(inner)
        start, event = scalar.span.start, CParser(mask(inner)).get_event
        return _build(document.text, document.lines, event, start, embedded_in=depth)
    except (YAMLError, TextError):
        return ()


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


def _bound(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise TextError(f"larger than {MOST_CHARACTERS // 1024} KiB", code="too-large")
    if "%TAG" in text and text.count("%TAG") > _MOST_HANDLES:
        raise TextError(f"more than {_MOST_HANDLES} tag handles", code="too-large")
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    # A crude depth, strings and comments included: an unclosed bracket costs the parser quadratic
    # time (200,000 of them two minutes), so it must not see them.
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth += 1 if match[0] in "[{" else -1
        if depth > _MOST_OPEN:
            raise TextError("nested too deeply", code="too-deep")


def _unreadable(error: YAMLError) -> TextError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    line = None if mark is None else mark.line + 1
    return TextError(f"cannot be read as YAML: {problem}", line=line, code="bad-yaml")


def _build(
    text: str,
    lines: Lines,
    event: _Events,
    shift: int,
    *,
    original: str | None = None,
    embedded_in: int = 0,
) -> tuple[Document, ...]:
    """Turn events into documents; `shift` is added to every offset."""
    documents: list[Document] = []
    nodes = 0
    deepest = _DEEPEST_EMBEDDED if embedded_in else DEEPEST
    while (current := event()) is not None:
        if type(current) is events.DocumentStartEvent:
            root, count = _root(text, event, shift, (MOST_NODES - nodes, deepest))
            documents.append(Document(original or text, lines, root, len(documents), embedded_in))
            nodes += count
            if len(documents) > MOST_DOCUMENTS:
                raise TextError(f"more than {MOST_DOCUMENTS:,} documents", code="too-large")
    return tuple(documents)


def _root(
    text: str, event: _Events, shift: int, limits: tuple[int, int]
) -> tuple[Node | None, int]:
    """Read one document up to its end, without recursion; give its root and how many nodes it has.

    `limits` are the most nodes and the most levels. A hot loop, a million turns for 20 MB: hence the local names and the one long function.
    """
    children: list[Node] = []
    stack: list[tuple[list[Node], int, str | None]] = []
    anchors: dict[str, Node] = {}
    count = 0
    most, deepest = limits
    while True:
        current = event()
        kind = type(current)
        if kind is events.ScalarEvent:
            node: Node = _scalar(text, current, shift)
            anchor = current.anchor
        elif kind is events.MappingStartEvent or kind is events.SequenceStartEvent:
            stack.append((children, current.start_mark.index + shift, current.anchor))
            if len(stack) > deepest:
                raise TextError("nested too deeply", code="too-deep")
            children = []
            continue
        elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
            inside = children
            children, start, anchor = stack.pop()
            end = current.end_mark.index + shift
            if kind is events.SequenceEndEvent:
                node = Sequence(start, end, tuple(inside))
            else:
                node = Mapping(start, end, tuple(zip(inside[::2], inside[1::2], strict=True)))
        elif kind is events.AliasEvent:
            start, end = current.start_mark.index + shift, current.end_mark.index + shift
            node, anchor = Alias(start, end, current.anchor, anchors.get(current.anchor)), None
        else:
            return (children[0] if children else None), count
        count += 1
        if count > most:
            raise TextError(f"more than {MOST_NODES:,} nodes", code="too-large")
        if anchor:
            anchors[anchor] = node
        children.append(node)


def _scalar(text: str, event: Any, shift: int) -> Scalar:  # noqa: ANN401 - ruamel's events are untyped
    start, end = event.start_mark.index + shift, event.end_mark.index + shift
    # The start of a scalar with `&anchor` or `!tag` is the start of those.
    if (event.anchor or event.tag) and text[start : start + 1] in {"&", "!"}:
        prefix = _PREFIX.match(text, start, end)
        start = prefix.end() if prefix else start
    style = event.style
    if not style:
        return Scalar(start, end if event.value else start, event.value, Style.PLAIN)
    if style in {"'", '"'}:
        return Scalar(start + 1, end - 1, event.value, _STYLES[style])
    header = _BLOCK_HEADER.match(text, start, end)
    return Scalar(header.end() if header else start, end, event.value, _STYLES[style])
