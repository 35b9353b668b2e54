"""How one text is read: by every format, with what the dialects say beside it.

Which texts there are, and what was found in them earlier, is asked in `reading`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from bumper import attach, catalog, discover
from bumper.errors import TextError
from bumper.model import Problem, Scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.formats.base import Format
    from bumper.model import ImageUse

__all__ = ["Finder", "search"]


@dataclass(frozen=True, slots=True)
class Finder:
    """How the texts of one repository are read: with what reads beside the formats, and the neighbours.

    `unread` names the dialects that the config leaves unread.
    """

    pointers: Mapping[str, Format]
    neighbours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def found(self, path: str, text: str) -> discover.Found:
        """Find what stands in a text.

        Raises:
            TextError: It cannot be read at all.
        """
        near = self.neighbours.get(path)
        return discover.read(path, text, catalog.FORMATS, self.pointers, near)

    def uses_of(self, path: str, text: str) -> tuple[ImageUse, ...]:
        """Give the uses of a text."""
        return self.found(path, text).uses

    def key(self, path: str) -> str:
        """Give what the finding in this file hangs on beside its own bytes, as a short text."""
        near = self.neighbours.get(path)
        own: object = (near, self.pointers["pattern"]) if "pattern" in self.pointers else near
        own = (own, self.unread) if self.unread else own
        return blake2b(repr(own).encode(), digest_size=8).hexdigest() if own else ""


def search(path: str, content: bytes | None, finder: Finder) -> Scan:
    """Find what stands in one file, with the settings beside it."""
    if content is None:
        hint = "exclude it under `files:` if no image stands in it"
        return Scan(problems=(Problem(path, None, "too-large", "larger than 5 MiB", hint),))
    speaks = _speaks(content, finder)
    if "pattern" not in finder.pointers and not discover.worth_reading(content):
        return Scan(speaks=speaks)
    spoken = [one for name, one in catalog.DIALECTS.items() if name not in finder.unread]
    try:
        text = discover.decode(content)
        found = finder.found(path, text)
        uses, complaints = attach.attach(path, text, found.uses, spoken)
    except TextError as broken:
        return Scan(problems=(_problem(path, broken),))
    except RecursionError:
        return Scan(problems=(Problem(path, None, "too-deep", "nested too deeply"),))
    partly = () if found.problem is None else (_problem(path, found.problem),)
    return Scan(uses, found.skips, (*partly, *complaints), speaks=speaks)


def _speaks(content: bytes, finder: Finder) -> tuple[str, ...]:
    """Give the dialects for other files that stand in a file; none in what is no text."""
    found = tuple(
        marked
        for name, one in catalog.FAR_DIALECTS.items()
        if name not in finder.unread and (marked := attach.far(one, content))
    )
    try:
        return found if found and discover.decode(content) else ()
    except TextError:
        return ()


def _problem(path: str, broken: TextError) -> Problem:
    return Problem(path, broken.line, broken.code, broken.message, broken.hint)
