"""A YAML or JSON text as nodes with exact spans: what stands where, to the character. Pure.

They are made from the C parser's events, never from its composer, which crashes on deep nesting.

Three readers, the first that can: the C parser; the C parser on a text whose template expressions
are masked (`mask`); the pure parser, which knows some YAML 1.2 that libyaml refuses.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING

from _ruamel_yaml import CParser  # type: ignore[import-not-found] # the C extension has no types
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bumper.errors import TextError
from bumper.mask import mask
from bumper.text import Lines
from bumper.yaml_events import DEEPEST, build
from bumper.yaml_nodes import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.yaml_nodes import Document, Scalar

__all__ = ["embedded", "is_yaml", "read", "remembering"]

MOST_CHARACTERS = 5 * 1024 * 1024
# A text in a text in a text, each read again as a whole.
_MOST_EMBEDDED = 3
# Brackets that stay open, strings and comments included.
_MOST_OPEN = 800
# Each handle is compared with every other: 100,000 of them take minutes.
_MOST_HANDLES = 100
# The pure parser is quadratic in open brackets and a twentieth as fast: only small, flat texts.
_PURE_CHARACTERS = 300_000
_PURE_OPENERS = 2_000
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
        return build(text, lines, CParser(text).get_event, shift)
    except YAMLError as error:
        first = error
    masked = mask(text)
    if masked != text:
        try:
            return build(masked, lines, CParser(masked).get_event, shift, original=text)
        except YAMLError:
            pass
    elif len(text) < _PURE_CHARACTERS and text.count("[") + text.count("{") < _PURE_OPENERS:
        try:
            return build(
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
        return build(document.text, document.lines, event, start, embedded_in=depth)
    except (YAMLError, TextError):
        return ()


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
