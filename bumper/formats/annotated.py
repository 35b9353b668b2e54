"""A version whose image a comment names, in any text: `# bumper: image=…`, `# renovate: …`. Pure.

The comment stands on the line above, or, ours, behind the value. What the value belongs to is said by
the comment alone: an `appVersion`, a variable, a line of a script. Renovate's markers count where
they say `datasource=docker`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding.uses import Place, complete
from bumper.model import Part, Slot
from bumper.reference import Reference
from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "annotated"
_COMMENT = re.compile(
    r"(?:#|//|--|<!--|;)[ \t]*(?P<tool>bumper|renovate):[ \t]*(?P<words>[^\r\n]*)", re.ASCII
)
_IMAGE = {
    "bumper": re.compile(r"(?:^|\s)image=[\"']?(?P<image>[^\s\"']+)"),
    "renovate": re.compile(r"(?:^|\s)(?:depName|packageName|lookupName)=(?P<image>[^\s\"']+)"),
}
_PACKAGE = re.compile(r"(?:^|\s)packageName=(?P<image>[^\s\"']+)")
_DOCKER = re.compile(r"(?:^|\s)datasource=docker(?:\s|$)")
# The last thing on a line that may be a tag: behind `:`, `=`, a dash or blanks, quoted or not.
_VALUE = re.compile(
    r"^(?P<before>.*?[:=\s-][ \t]*|[ \t]*)(?P<quote>[\"']?)"
    r"(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})(?:@(?P<digest>sha256:[a-f0-9]{64}))?(?P=quote)"
    r"[ \t]*[,;)]?[ \t]*(?:(?:#|//)[^\r\n]*)?$",
    re.ASCII,
)


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; any text may have such a comment
    """Say whether there is a comment of either kind at all."""
    return "renovate:" in document.text or "bumper:" in document.text


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the use of every value that a comment gives an image to."""
    place = Place(path, document, NAME)
    text = document.text
    for match in _COMMENT.finditer(text):
        name = _named(match["tool"], match["words"])
        if name is None:
            continue
        line = document.lines.place(match.start())[0]
        here = document.lines.bounds(line)
        alone = not text[here.start : match.start()].strip()
        span = document.lines.bounds(line + 1) if alone else Span(here.start, match.start())
        value = _VALUE.match(span.of(text).rstrip())
        if value is not None:
            yield _use(place, name, value, span.start)


def _named(tool: str, words: str) -> str | None:
    """Give the image that the words of a comment name; None if they name none."""
    if tool == "renovate" and not _DOCKER.search(words):
        return None
    match = (_PACKAGE.search(words) if tool == "renovate" else None) or _IMAGE[tool].search(words)
    if (
        match is None
        or complete(match["image"]) is None
        or ":" in match["image"].rpartition("/")[2]
    ):
        return None
    return match["image"]


def _use(place: Place, name: str, value: re.Match[str], start: int) -> ImageUse:
    # Only YAML may read a new value as something else than text.
    plain = place.document.root is not None and not value["quote"] and value["digest"] is None
    slots = [Slot(Part.TAG, Span(start + value.start("tag"), start + value.end("tag")), plain)]
    if value["digest"] is not None:
        first = start + value.start("digest")
        slots.append(Slot(Part.DIGEST, Span(first, first + len(value["digest"]))))
    where = value["before"].strip().rstrip(":= \t-").strip("\"'")
    return place.use(where or "value", Reference(name, value["tag"], value["digest"]), tuple(slots))
