"""A YAML or JSON text as nodes with exact spans: what stands where, to the character. Pure.

It resolves nothing: `1.20` stays text, merge keys and aliases stay where they are written, duplicate
keys stay both. It is made from the C parser's events, never from its composer, which crashes on deep
nesting. What the nodes mean is the formats' business.

Three readers, the first that can: the C parser; the C parser on a text whose template expressions
are masked (`mask`); the pure parser, which knows some YAML 1.2 that libyaml refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from _ruamel_yaml import CParser  # type: ignore[import-not-found] # the C extension has no types
from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

from bumper.errors import TextError
from bumper.mask import MASKED, mask
from bumper.text import Lines, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Alias",
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Style",
    "embedded",
    "read",
    "scalars",
]

MOST_CHARACTERS = 5 * 1024 * 1024
MOST_NODES = 1_000_000
DEEPEST = 200
# The pure parser is quadratic in open brackets and a twentieth as fast: only small, flat texts.
_PURE_CHARACTERS = 300_000
_PURE_OPENERS = 2_000
_PREFIX = re.compile(r"(?:[&!][^\s]*(?:[ \t\r\n]|#[^\r\n]*)*)+")
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
class Scalar:
    """A scalar: its value, and the span of what stands between its quotes or below its header.

    Where the text of the span is the value (no escape, no folding), it may be edited inside.
    """

    value: str
    span: Span
    style: Style

    @property
    def masked(self) -> bool:
        """Whether a template expression stands inside: its value is not known."""
        return MASKED in self.value


@dataclass(slots=True, eq=False)
class Mapping:
    """A mapping: its entries in the order of the text, duplicates and merge keys included."""

    entries: tuple[tuple[Node, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """Give the value of a key, aliases followed; the last wins, as in every YAML reader."""
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
class Sequence:
    """A sequence: its items in the order of the text."""

    items: tuple[Node, ...]
    span: Span


@dataclass(slots=True, eq=False)
class Alias:
    """`*name`, and the node it stands for; None if there is none before it."""

    name: str
    target: Node | None
    span: Span


Node = Scalar | Mapping | Sequence | Alias


@dataclass(slots=True, eq=False)
class Document:
    """One document of a text. Spans count from the start of the whole `text`; `index` from 0.

    `root` is None where the text is not YAML, or the document is empty.
    """

    text: str
    lines: Lines
    root: Node | None = None
    index: int = 0


@dataclass(slots=True, eq=False)
class _Open:
    """A collection that is still being read."""

    is_mapping: bool
    start: int
    anchor: str | None
    children: list[Node] = field(default_factory=list)

    def close(self, end: int) -> Mapping | Sequence:
        """Give the finished node, `end` being where its last character was read."""
        span = Span(self.start, end)
        if not self.is_mapping:
            return Sequence(tuple(self.children), span)
        pairs = iter(self.children)
        return Mapping(tuple(zip(pairs, pairs, strict=True)), span)


def read(text: str) -> tuple[Document, ...]:
    """Read every document of a YAML or JSON text, in order.

    Raises:
        TextError: The text is no YAML even with its template expressions masked, or it is larger
            (5 Mi characters, a million nodes) or deeper (200 levels) than anything real.
    """
    _bound(text)
    lines = Lines(text)
    # libyaml drops the byte order mark and counts from behind it.
    shift = 1 if text.startswith("\ufeff") else 0
    try:
        return _build(text, lines, _c_events(text), shift)
    except YAMLError as error:
        first = error
    masked = mask(text)
    if masked != text:
        try:
            return _build(masked, lines, _c_events(masked), shift, original=text)
        except YAMLError:
            pass
    elif len(text) < _PURE_CHARACTERS and text.count("[") + text.count("{") < _PURE_OPENERS:
        try:
            return _build(text, lines, YAML(typ="safe", pure=True).parse(text), 0)
        except (YAMLError, ValueError, RecursionError):
            pass
    raise _unreadable(first)


def embedded(document: Document, scalar: Scalar) -> tuple[Document, ...]:
    """Read the YAML inside a block scalar, spans counted in the whole text; () if it is none.

    The lines of a literal block share an indent that YAML ignores, so they are read as they stand.
    """
    if scalar.style is not Style.LITERAL:
        return ()
    inner = scalar.span.of(document.text)
    try:
        _bound(inner)
        return _build(document.text, document.lines, _c_events(mask(inner)), scalar.span.start)
    except (YAMLError, TextError):
        return ()


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield every scalar below a node, keys too, in the order of the text; aliases are not followed."""
    waiting: list[Node] = [] if node is None else [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Scalar):
            yield current
        elif isinstance(current, Mapping):
            waiting += [part for entry in reversed(current.entries) for part in reversed(entry)]
        elif isinstance(current, Sequence):
            waiting += reversed(current.items)


def _c_events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    while parser.check_event():
        yield parser.get_event()


def _bound(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise TextError(f"larger than {MOST_CHARACTERS // 1024} KiB", code="too-large")
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    # A crude depth, strings and comments included: an unclosed bracket costs the parser quadratic
    # time (200,000 of them two minutes), so it must not see them.
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth += 1 if match[0] in "[{" else -1
        if depth > 4 * DEEPEST:
            raise TextError("nested too deeply", code="too-deep")


def _unreadable(error: YAMLError) -> TextError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    line = None if mark is None else mark.line + 1
    return TextError(f"cannot be read as YAML: {problem}", line=line, code="bad-yaml")


def _build(
    text: str, lines: Lines, stream: Iterator[Any], shift: int, *, original: str | None = None
) -> tuple[Document, ...]:
    """Turn events into documents, without recursion; `shift` is added to every offset."""
    documents: list[Document] = []
    builder = _Builder(text, shift)
    for event in stream:
        kind = type(event)
        if kind is events.DocumentStartEvent:
            builder = _Builder(text, shift, builder.nodes)
        elif kind is events.DocumentEndEvent:
            documents.append(Document(original or text, lines, builder.root, len(documents)))
        else:
            builder.take(kind, event)
    return tuple(documents)


class _Builder:
    """One document while its events come in."""

    __slots__ = ("anchors", "nodes", "root", "shift", "stack", "text")

    def __init__(self, text: str, shift: int, nodes: int = 0) -> None:
        self.text = text
        self.shift = shift
        self.nodes = nodes
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}

    def take(self, kind: type, event: Any) -> None:  # noqa: ANN401 - ruamel's events are untyped
        """Take one event of this document; stream events mean nothing here."""
        if kind is events.ScalarEvent:
            self.add(_scalar(self.text, event, self.shift), event.anchor)
        elif kind is events.MappingStartEvent or kind is events.SequenceStartEvent:
            is_mapping = kind is events.MappingStartEvent
            start = event.start_mark.index + self.shift
            self.stack.append(_Open(is_mapping, start, event.anchor))
            if len(self.stack) > DEEPEST:
                raise TextError("nested too deeply", code="too-deep")
        elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
            opened = self.stack.pop()
            self.add(opened.close(event.end_mark.index + self.shift), opened.anchor)
        elif kind is events.AliasEvent:
            start, end = event.start_mark.index + self.shift, event.end_mark.index + self.shift
            self.add(Alias(event.anchor, self.anchors.get(event.anchor), Span(start, end)), None)

    def add(self, node: Node, anchor: str | None) -> None:
        """Put a finished node where it belongs."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise TextError("more than a million nodes", code="too-large")
        if anchor:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node


def _scalar(text: str, event: Any, shift: int) -> Scalar:  # noqa: ANN401 - ruamel's events are untyped
    start, end = event.start_mark.index + shift, event.end_mark.index + shift
    style = _STYLES.get(event.style or "", Style.PLAIN)
    # The start of a scalar with `&anchor` or `!tag` is the start of those.
    if (event.anchor or event.tag) and text[start : start + 1] in {"&", "!"}:
        prefix = _PREFIX.match(text, start, end)
        start = prefix.end() if prefix else start
    if style is Style.PLAIN:
        if not event.value:
            return Scalar("", Span(start, start), style)
        return Scalar(event.value, Span(start, end), style)
    if style in {Style.SINGLE, Style.DOUBLE}:
        return Scalar(event.value, Span(start + 1, end - 1), style)
    header = _BLOCK_HEADER.match(text, start, end)
    return Scalar(event.value, Span(header.end() if header else start, end), style)
