"""What was found in one file, as bytes to keep and back. Pure.

Written from the records' own fields, so that a new field needs nothing here; a new record inside
one does. Never pickle: bytes from a cache are only data.
"""

from __future__ import annotations

import json
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from bumper.errors import TextError
from bumper.model import ImageUse, Part, Problem, Scan, Setting, Skip, Slot
from bumper.reference import Reference
from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["dump", "load"]

_RECORDS = (ImageUse, Skip, Problem, Reference, Slot, Setting, Span)
_VALUES: dict[type, Callable[[Any], Any]] = {
    record: attrgetter(*(field.name for field in fields(record))) for record in _RECORDS
}
_PARTS = {part.value: part for part in Part}
_PLACE = {field.name: index for index, field in enumerate(fields(ImageUse))}
_PATH, _REFERENCE, _SLOTS, _SETTINGS, _PLATFORMS = (
    _PLACE[name] for name in ("path", "reference", "slots", "settings", "platforms")
)


def dump(scan: Scan) -> bytes:
    """Give what was found in one file as bytes; b"" for nothing."""
    if not (scan.uses or scan.skips or scan.problems or scan.speaks):
        return b""
    return _encode((scan.uses, scan.skips, scan.problems, scan.speaks)).encode("utf-8")


def load(path: str, kept: bytes) -> Scan:
    """Give back what `dump` was given for the file at this path.

    Raises:
        TextError: The bytes are not what `dump` gives.
    """
    if not kept:
        return Scan()
    try:
        uses, skips, problems, speaks = json.loads(kept)
        return Scan(
            tuple([_use(path, row) for row in uses]),
            tuple([Skip(path, *row[1:]) for row in skips]),
            tuple([Problem(path, *row[1:]) for row in problems]),
            speaks=tuple(speaks),
        )
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise TextError("not what was kept", code="bad-cache") from error


def _values(record: object) -> Any:  # noqa: ANN401 - what the JSON encoder wants
    return _VALUES[type(record)](record)


_encode = json.JSONEncoder(
    default=_values, check_circular=False, ensure_ascii=True, separators=(",", ":")
).encode


def _use(path: str, row: list[Any]) -> ImageUse:
    row[_PATH] = path
    row[_REFERENCE] = Reference(*row[_REFERENCE])
    row[_SLOTS] = tuple([_slot(*slot) for slot in row[_SLOTS]])
    row[_SETTINGS] = tuple([Setting(*setting) for setting in row[_SETTINGS]])
    row[_PLATFORMS] = tuple(row[_PLATFORMS])
    return ImageUse(*row)


def _slot(part: str, span: list[int], *others: Any) -> Slot:  # noqa: ANN401 - whatever else a slot has
    return Slot(_PARTS[part], Span(*span), *others)
