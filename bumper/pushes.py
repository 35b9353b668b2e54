"""What was pushed, read from the payload of a registry, a forge or a pipeline. Pure.

A payload is a hint: it says which images to look up, never where. A sender is told by the shape of what
it sends; see `senders`. Here is what wraps a payload: CloudEvents, a dispatch of Actions, Pub/Sub.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from bumper.errors import BumperError, UsageError
from bumper.senders import READERS, Pushed

if TYPE_CHECKING:
    from bumper.senders import Table

__all__ = ["MOST_BYTES", "Pushed", "read"]

MOST_BYTES = 1024 * 1024
_MOST_IMAGES = 100


def read(content: bytes) -> tuple[Pushed, ...] | None:
    """Give the images of a payload, () where it speaks of none (a ping, a deletion), None if unknown.

    Raises:
        UsageError: It is no JSON object of a sane size, or names no image where it should.
    """
    if len(content) > MOST_BYTES:
        raise UsageError("the event is larger than a mebibyte", code="bad-event")
    try:
        document = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UsageError("the event is no JSON", code="bad-event") from None
    try:
        found = _images(document, 0)
        return None if found is None else tuple(dict.fromkeys(found))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, BumperError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError("the event names no image where its kind does", code="bad-event") from None


def _no_number(text: str) -> float:
    raise ValueError(text)


def _images(document: Any, depth: int) -> list[Pushed] | None:  # noqa: ANN401 - whatever was sent
    if isinstance(document, list):
        several = [_images(one, depth + 1) for one in document[:_MOST_IMAGES]] if depth < 3 else []
        known = [found for found in several if found is not None]
        return [one for found in known for one in found] if known else None
    if not isinstance(document, dict):
        raise UsageError("the event is no JSON object", code="bad-event")
    inner = _unwrapped(document)
    if inner is not None:
        return _images(inner, depth + 1) if depth < 3 else None
    for claims, reader in READERS:
        if claims(document):
            return list(reader(document))[:_MOST_IMAGES]
    return None


def _unwrapped(document: Table) -> Any:  # noqa: ANN401 - whatever was sent
    """Give what an envelope holds: CloudEvents, a dispatch of Actions, Pub/Sub; None if it is none."""
    if "specversion" in document:
        data = document.get("data")
        if "data_base64" in document:
            data = json.loads(_decoded(document["data_base64"]))
        return data if isinstance(data, dict) else {}
    if isinstance(document.get("client_payload"), dict):
        payload = document["client_payload"]
        return payload.get("images") if isinstance(payload.get("images"), list) else payload
    if isinstance(document.get("inputs"), dict) and document["inputs"].get("image"):
        return document["inputs"]
    message = document.get("message")
    if isinstance(message, dict) and "data" in message:
        return json.loads(_decoded(message["data"]))
    return None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
