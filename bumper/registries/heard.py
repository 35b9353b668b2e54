"""What an answer says beside its content: a warning, why it refuses, what time it is. Pure.

Shown to the user, never acted on, and of any length and content: whatever is given here is short, of
printable characters and no command to a CI runner.
Source: OCI distribution-spec 1.1, "Warnings" and "Error Codes"; RFC 9110, "Date".
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from bumper.harmless import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["moment", "refusal", "warnings"]

_LONGEST = 200
_MOST_WARNING_BYTES = 4096
# Code 299 and agent `-`, without a date: what the specification lets a registry send.
_WARNING = re.compile(r'299 - "((?:[^"\\]|\\.)*)"(?:\s*,\s*|\Z)')


def warnings(header: str) -> tuple[str, ...]:
    """Give the texts of a `Warning` header; none where any part of it is of another form."""
    if len(header) > _MOST_WARNING_BYTES or not header.isprintable():
        return ()
    found, at = [], 0
    while at < len(header):
        match = _WARNING.match(header, at)
        if match is None:
            return ()
        found.append(_short(re.sub(r"\\(.)", r"\1", match[1])))
        at = match.end()
    return tuple(text for text in found if text)


def refusal(body: bytes) -> str:
    """Give what a registry says of a refusal, "" where it says nothing in words."""
    document: object = None
    with suppress(ValueError, RecursionError):
        document = json.loads(body)
    return next(_messages(document), "")


# A second's answers all say the same.
@lru_cache(maxsize=64)
def moment(header: str) -> datetime | None:
    """Give the time of a `Date` header, None where it is none."""
    try:
        found = parsedate_to_datetime(header)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _messages(document: object) -> Iterator[str]:
    """Yield the messages of an error's body: the specification's list, or a vendor's own words."""
    if not isinstance(document, dict):
        return
    errors = document.get("errors")
    told = errors[:10] if isinstance(errors, list) else []
    for entry in (*told, document):
        for key in ("message", "details", "detail") if isinstance(entry, dict) else ():
            text = entry.get(key)
            if isinstance(text, str) and text.strip():
                yield _short(text)


def _short(text: str) -> str:
    flat = printable(" ".join(text[: 4 * _LONGEST].split()))
    # A runner takes these for commands, and where a line of a table begins is chance.
    flat = re.sub(r"(?<=:)(?=:)|(?<=#)(?=#?\[)", " ", flat)
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
