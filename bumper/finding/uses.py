"""Image uses made of YAML scalars: one whole reference, or a name, a tag and a digest apart. Pure.

What formats share. A format says which scalars belong together; here they become a use, or a skip
with the reason why they are no use. Only literal text counts: a variable or a template expression
is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import reference
from bumper.errors import InvalidReferenceError
from bumper.model import ImageUse, Part, Setting, Skip, Slot
from bumper.reference import DIGEST, TAG, Reference
from bumper.text import Span
from bumper.yaml_nodes import Style

if TYPE_CHECKING:
    from bumper.yaml_nodes import Document, Scalar

__all__ = [
    "VARIABLE",
    "Place",
    "complete",
    "has_registry",
    "ignored",
    "is_fixed",
    "literal",
    "named",
    "split",
    "unset",
    "whole",
]

# `${VAR}`, `$VAR`, `$(VAR)`, `{{ … }}`, `%VAR%`, `<placeholder>`: a value that something else fills in.
VARIABLE = re.compile(r"\$[\w({]|\{\{|\{%|%\w|<[^>]*>|\{\w+\}")
# What says that there is no image, or only whether there is one.
_NOTHING = frozenset({"null", "~", "Null", "NULL", "true", "false", "True", "False", "yes", "no"})
# `REGISTRY/app`: a host by the grammar, and nobody's.
_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9_-]*(?:/|$)", re.ASCII)
_SCHEME = re.compile(r"(?:docker|oci)://")


class Place:
    """Where a format is looking: the file, the document and the format's name."""

    __slots__ = ("document", "format", "path")

    def __init__(self, path: str, document: Document, format_name: str) -> None:
        self.path = path
        self.document = document
        self.format = format_name

    def skip(self, scalar: Scalar, where: str, code: str, reason: str) -> Skip:
        """Give the skip of a scalar that looks like an image."""
        return self.skip_at(scalar.span, where, code, reason)

    def skip_at(self, span: Span, where: str, code: str, reason: str) -> Skip:
        """Give the skip of a stretch of the text that looks like an image."""
        line, column = self.document.lines.place(span.start)
        written = span.of(self.document.text)
        return Skip(self.path, line, column, self.format, where, written, code, reason)

    def use(
        self,
        where: str,
        parsed: Reference,
        slots: tuple[Slot, ...],
        platforms: tuple[str, ...] = (),
    ) -> ImageUse:
        """Give a use whose place is its tag, else its digest, else its name."""
        order = {slot.part: slot for slot in slots}
        named = order.get(Part.TAG) or order.get(Part.DIGEST) or slots[0]
        line, column = self.document.lines.place(named.span.start)
        return ImageUse(
            self.path, line, column, self.format, where, parsed, slots, (), tuple(platforms)
        )

    def exact(self, scalar: Scalar) -> bool:
        """Say whether the scalar's text is its value: no escape and no folding inside."""
        return scalar.span.of(self.document.text) == scalar.value


def whole(
    place: Place, scalar: Scalar, where: str, platforms: tuple[str, ...] = ()
) -> ImageUse | Skip | None:
    """Read one scalar that should be a complete reference; None where nothing is written.

    `docker://` and `oci://` before it are no part of the reference.
    """
    value = scalar.value.strip()
    if not value or value in _NOTHING:
        return None
    if scalar.masked or VARIABLE.search(value):
        return place.skip(scalar, where, "templated", "a variable or a template fills this in")
    if _PLACEHOLDER.match(value):
        return place.skip(
            scalar, where, "placeholder", "a word in capitals stands for something else"
        )
    scheme = _SCHEME.match(value)
    written = value[scheme.end() :] if scheme else value
    try:
        parsed = reference.parse(written)
    except InvalidReferenceError as error:
        return place.skip(scalar, where, "not-a-reference", error.message)
    start = _start(place, scalar, value)
    if start is None:
        return place.skip(scalar, where, "escaped", "written with escapes or folded over lines")
    return literal(place, parsed, start + len(value) - len(written), where, platforms)


def literal(
    place: Place, parsed: Reference, start: int, where: str, platforms: tuple[str, ...] = ()
) -> ImageUse:
    """Give the use of a reference that stands in the text from `start` on, as it is."""
    position = start + len(parsed.name)
    slots = [Slot(Part.NAME, Span(start, position))]
    for part, text in ((Part.TAG, parsed.tag), (Part.DIGEST, parsed.digest)):
        if text is not None:
            slots.append(Slot(part, Span(position + 1, position + 1 + len(text))))
            position += 1 + len(text)
    return place.use(where, parsed, tuple(slots), platforms)


def named(place: Place, scalar: Scalar, where: str) -> ImageUse | Skip:
    """Read the name of an image whose tag stands nowhere near it: it is seen, never changed."""
    if scalar.masked or VARIABLE.search(scalar.value):
        return place.skip(scalar, where, "templated", "a variable or a template fills this in")
    try:
        parsed = reference.parse_name(scalar.value)
    except InvalidReferenceError as error:
        return place.skip(scalar, where, "not-a-reference", error.message)
    return place.use(where, parsed, (Slot(Part.IMAGE, scalar.span),))


def ignored(found: ImageUse | Skip, why: str) -> ImageUse | Skip:
    """Give a use that stays as it is unless somebody beside it says otherwise; a skip stays one."""
    if isinstance(found, Skip):
        return found
    return replace(
        found, settings=(Setting("policy", "ignore", f"{found.path}:{found.line} ({why})"),)
    )


def complete(text: str) -> Reference | None:
    """Give the reference that a text is, from its first character to its last; None if it is none."""
    try:
        return reference.parse(text)
    except InvalidReferenceError:
        return None


def is_fixed(parsed: Reference) -> bool:
    """Say whether a reference names a tag or a digest."""
    return parsed.tag is not None or parsed.digest is not None


def has_registry(parsed: Reference) -> bool:
    """Say whether a name begins with a host that is written out, such as `ghcr.io/`."""
    first, slash, _ = parsed.name.partition("/")
    return bool(slash) and ("." in first or ":" in first)


def split(
    place: Place, where: str, name: str, tag: Scalar | None, digest: Scalar | None = None
) -> ImageUse | Skip | None:
    """Read a reference whose name, tag and digest stand apart; the tag may carry `@digest` itself.

    `name` is what the file says of registry and repository together. None where there is neither a
    tag nor a digest to change.
    """
    tag = None if tag is None or unset(tag) else tag
    digest = None if digest is None or unset(digest) else digest
    spoken = tag or digest
    if spoken is None:
        return None
    if any(s is not None and (s.masked or VARIABLE.search(s.value)) for s in (tag, digest)):
        return place.skip(spoken, where, "templated", "a variable or a template fills this in")
    if VARIABLE.search(name):
        return place.skip(spoken, where, "templated", "a variable or a template fills the name in")
    slots = _tag_slots(place, tag) + _digest_slots(place, digest)
    if not slots:
        return place.skip(spoken, where, "not-a-tag", f"not a tag: {spoken.value!r}")
    parts = {slot.part: slot.span.of(place.document.text) for slot in slots}
    try:
        reference.parse_name(name)
    except InvalidReferenceError as error:
        return place.skip(spoken, where, "not-a-reference", error.message)
    parsed = Reference(name, parts.get(Part.TAG), parts.get(Part.DIGEST))
    return place.use(where, parsed, tuple(slots))


def unset(scalar: Scalar) -> bool:
    """Say whether a scalar stands for nothing: empty, or a plain null."""
    return not scalar.value.strip() or (
        scalar.style is Style.PLAIN and scalar.value in {"null", "~", "Null", "NULL"}
    )


def _start(place: Place, scalar: Scalar, value: str) -> int | None:
    """Find where the value begins in the text; None if it does not stand there as it is."""
    written = scalar.span.of(place.document.text)
    if written == value:
        return scalar.span.start
    # Block scalars and padded quotes: the value stands there once, with blanks around it.
    return scalar.span.start + written.index(value) if written.strip() == value else None


def _tag_slots(place: Place, tag: Scalar | None) -> list[Slot]:
    """Give the slots of a scalar that is `tag` or `tag@digest`; none if it is neither."""
    if tag is None or not place.exact(tag):
        return []
    text, at, digest = tag.value.partition("@")
    if not TAG.fullmatch(text) or (at and not DIGEST.fullmatch(digest)):
        return []
    start, end = tag.span.start, tag.span.start + len(text)
    slots = [Slot(Part.TAG, Span(start, end), tag.style is Style.PLAIN and not at)]
    if at:
        slots.append(Slot(Part.DIGEST, Span(end + 1, tag.span.end)))
    return slots


def _digest_slots(place: Place, digest: Scalar | None) -> list[Slot]:
    if digest is None or not place.exact(digest) or not DIGEST.fullmatch(digest.value):
        return []
    return [Slot(Part.DIGEST, digest.span)]
