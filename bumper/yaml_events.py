"""From a parser's events to documents of nodes, bounded and without recursion. Pure.

It knows no parser: who reads which text with which one is `yaml_text`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import events

from bumper.errors import TextError
from bumper.yaml_nodes import Alias, Document, Mapping, Scalar, Sequence, Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.text import Lines
    from bumper.yaml_nodes import Node

    # Gives the next event of a parser, None behind the last; ruamel has no types.
    Events = Callable[[], Any]

__all__ = ["DEEPEST", "build"]

MOST_NODES = 250_000
MOST_DOCUMENTS = 5_000
DEEPEST = 100
# A text in a text is read again as a whole: less deep, so that nobody's recursion ends before ours.
_DEEPEST_EMBEDDED = 50
_PREFIX = re.compile(r"(?:[&!][^\s]*(?:[ \t\r\n\ufeff]|#[^\r\n]*)*)+")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n|$)")
_STYLES = {"'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.FOLDED}


def build(
    text: str,
    lines: Lines,
    event: Events,
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


def _root(text: str, event: Events, shift: int, limits: tuple[int, int]) -> tuple[Node | None, int]:
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
