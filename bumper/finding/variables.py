"""References put together from variables: which piece stands where. Pure.

Shared by what fills variables in: compose files, `.env` files beside them, Dockerfiles. A tag that is
glued together from several places is nobody's to change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.finding.interpolation import fill
from bumper.finding.uses import complete, is_fixed, whole
from bumper.model import Part, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bumper.finding.uses import Place
    from bumper.model import ImageUse, Skip
    from bumper.reference import Reference
    from bumper.text import Span
    from bumper.yaml_nodes import Scalar

__all__ = ["Assembled", "Assignment", "assemble", "assignments", "written"]

_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"
    r"(?:\"(?P<double>[^\"\r\n\\]*)\"|'(?P<single>[^'\r\n]*)'|(?P<plain>[^\s#\"'][^\r\n]*?)??)"
    r"[ \t]*(?:[ \t]#[^\r\n]*)?\r?$",
    re.MULTILINE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The value of a variable and where it stands in its own text."""

    value: str
    start: int


@dataclass(frozen=True, slots=True)
class Assembled:
    """A reference and the place of its parts: the variable (None: the text itself) and the span there."""

    reference: Reference
    parts: tuple[tuple[Part, str | None, Span], ...]


def assignments(text: str) -> dict[str, Assignment]:
    """Read the lines `NAME=value` of a `.env` file; the last of a name wins, as when it is loaded."""
    found = {}
    for match in _LINE.finditer(text):
        kind = next(
            (name for name in ("double", "single", "plain") if match[name] is not None), None
        )
        if kind is not None:
            found[match["name"]] = Assignment(match[kind], match.start(kind))
    return found


def assemble(written: str, known: Mapping[str, Assignment]) -> Assembled | None:
    """Fill in a reference; None where a variable has no value, or nothing in it may be changed."""
    filled = fill(written, {name: given.value for name, given in known.items()})
    parsed = complete(filled.text) if filled else None
    if filled is None or parsed is None or not is_fixed(parsed):
        return None
    parts = []
    for part, start, value in _places(parsed):
        piece = filled.span(start, start + len(value))
        if piece is None:
            return None
        name, span = piece
        parts.append((part, name, span if name is None else span.shift(known[name].start)))
    return Assembled(parsed, tuple(parts))


def written(
    place: Place,
    scalar: Scalar,
    where: str,
    platforms: tuple[str, ...] = (),
    known: Mapping[str, Assignment] | None = None,
    source: str = "",
) -> ImageUse | Skip | None:
    """Read a scalar that should be a reference once its variables are filled in.

    `known` are the variables that `source`, another file, gives a value to: what stands there is
    changed there.
    """
    assembled = None
    if "$" in scalar.value and place.exact(scalar):
        assembled = assemble(scalar.value, known or {})
    if assembled is None:
        return whole(place, scalar, where, platforms)
    elsewhere = sorted({name for _, name, _ in assembled.parts if name})
    if elsewhere:
        reason = f"{' and '.join(elsewhere)} stands in {source}"
        return place.skip(scalar, where, "set-elsewhere", reason)
    slots = [Slot(part, span.shift(scalar.span.start)) for part, _, span in assembled.parts]
    return place.use(where, assembled.reference, tuple(slots), platforms)


def _places(parsed: Reference) -> Iterator[tuple[Part, int, str]]:
    """Yield the part, its place in the reference and its text, of tag and digest."""
    position = len(parsed.name)
    for part, text in ((Part.TAG, parsed.tag), (Part.DIGEST, parsed.digest)):
        if text is not None:
            yield part, position + 1, text
            position += 1 + len(text)
