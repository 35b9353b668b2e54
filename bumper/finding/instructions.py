"""The instructions of a Dockerfile that name an image: `FROM`, `COPY --from`, `ARG` defaults. Pure.

Stages, `scratch` and what a build argument fills in from outside are no images of anybody's. Where
`FROM ${BASE}` takes the default of an `ARG` before the first `FROM`, that default is the place to
change. Source: the Dockerfile reference, "FROM", "ARG", "COPY --from", "RUN --mount".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding.uses import complete, literal
from bumper.finding.variables import Assignment, assemble
from bumper.model import Slot
from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bumper.finding.uses import Place
    from bumper.model import ImageUse, Skip

__all__ = ["instructions"]

_INSTRUCTION = re.compile(
    r"^[ \t]*(?P<name>FROM|ARG|COPY|ADD|RUN)(?=[ \t\\`])(?P<rest>[^\r\n]*)",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_FROM = re.compile(
    r"(?:\s|[\\`]\r?\n)*(?:--\S+(?:\s|[\\`]\r?\n)+)*(?P<quote>[\"']?)(?P<image>[^\s\"']+)(?P=quote)"
    r"(?:(?:\s|[\\`]\r?\n)+AS(?:\s|[\\`]\r?\n)+(?P<stage>\S+))?",
    re.IGNORECASE | re.ASCII,
)
_SYNTAX = re.compile(r"(?:#[^\r\n]*\r?\n)*?#[ \t]*syntax[ \t]*=[ \t]*(?P<image>\S+)", re.IGNORECASE)
_ARG = re.compile(r"\s+(?P<name>\w+)=(?P<quote>[\"']?)(?P<value>[^\s\"']*)(?P=quote)", re.ASCII)
_SOURCE = re.compile(r"(?:--from=|--mount=\S*?\bfrom=)(?P<image>[^\s,]+)", re.ASCII)
_HEREDOC = re.compile(r"<<-?[\"']?(?P<end>\w+)", re.ASCII)


def instructions(place: Place, span: Span, where: str = "") -> Iterator[ImageUse | Skip]:
    """Yield the references of the Dockerfile that stands in a stretch of text, in its order."""
    text = place.document.text
    end = min(span.end, len(text))
    stages: set[str] = set()
    arguments: dict[str, Assignment] = {}
    before_first = True
    position = span.start
    prefix = f"{where}." if where else ""
    syntax = _SYNTAX.match(text, span.start, end)
    if syntax is not None:
        yield from _image(place, syntax["image"], syntax.start("image"), {}, f"{prefix}syntax")
    while match := _INSTRUCTION.search(text, position, end):
        position = match.end()
        name, start = match["name"].upper(), match.start("rest")
        if name == "ARG" and before_first:
            _remember(arguments, text, start, end)
        elif name == "FROM" and (found := _FROM.match(text, start, end)):
            before_first = False
            position = max(position, found.end())
            if found["image"].lower() not in stages and found["image"] != "scratch":
                yield from _image(
                    place, found["image"], found.start("image"), arguments, f"{prefix}FROM"
                )
            if found["stage"]:
                stages.add(found["stage"].lower())
        elif name in {"COPY", "ADD", "RUN"}:
            for source in _SOURCE.finditer(match["rest"]):
                image = source["image"]
                if image.lower() not in stages and not image.isdigit():
                    here = f"{prefix}{name} --from"
                    yield from _image(place, image, start + source.start("image"), {}, here)
            position = max(position, _after_heredoc(text, match["rest"], position, end))


def _remember(arguments: dict[str, Assignment], text: str, start: int, end: int) -> None:
    match = _ARG.match(text, start, end)
    if match is not None:
        arguments[match["name"]] = Assignment(match["value"], match.start("value"))


def _image(
    place: Place, written: str, start: int, known: Mapping[str, Assignment], where: str
) -> Iterator[ImageUse | Skip]:
    """Read the image of one instruction, its variables filled in from the defaults."""
    span = Span(start, start + len(written))
    if "$" not in written:
        parsed = complete(written)
        if parsed is not None:
            yield literal(place, parsed, start, where)
        else:
            yield place.skip_at(span, where, "not-a-reference", "not an image reference")
        return
    assembled = assemble(written, known)
    if assembled is None:
        reason = "a build argument fills this in, or the tag is put together from several places"
        yield place.skip_at(span, where, "templated", reason)
    else:
        slots = [
            Slot(part, span.shift(start) if name is None else span)
            for part, name, span in assembled.parts
        ]
        yield place.use(where, assembled.reference, tuple(slots))


def _after_heredoc(text: str, rest: str, position: int, end: int) -> int:
    """Give the end of a here-document that begins on a line; its text holds no instructions."""
    match = _HEREDOC.search(rest)
    if match is None:
        return position
    closing = re.compile(rf"^\t*{re.escape(match['end'])}\s*$", re.MULTILINE).search(
        text, position, end
    )
    return closing.end() if closing else position
