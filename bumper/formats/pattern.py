"""References at places that only their owner knows: regular expressions of the config. Pure.

The expression is the user's and bounded in time; what it catches must be a whole tag or digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import TextError
from bumper.finding.uses import Place, complete
from bumper.model import Part, Slot
from bumper.patterns import BadPatternError
from bumper.reference import DIGEST, TAG, Reference
from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bumper import patterns
    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["Pattern", "Patterns"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression, the paths it is for, and the image's name where it does not catch it."""

    is_for: Callable[[str], bool]
    expression: patterns.Pattern
    image: str | None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All expressions of a config, as one format."""

    members: tuple[Pattern, ...]
    NAME = "pattern"

    def claims(self, path: str, document: Document) -> bool:  # noqa: ARG002 - the Protocol's
        """Say whether an expression is for this path."""
        return any(member.is_for(path) for member in self.members)

    def find(self, path: str, document: Document) -> Iterator[ImageUse | Skip]:
        """Yield what the expressions catch; see `formats.base.Format`."""
        place = Place(path, document, self.NAME)
        for member in self.members:
            if member.is_for(path):
                yield from _caught(place, member)


def _caught(place: Place, member: Pattern) -> Iterator[ImageUse]:
    """Yield the uses of one expression.

    Raises:
        TextError: It takes longer than a second on this text.
    """
    try:
        for groups in member.expression.spans(place.document.text):
            use = _use(place, member, groups)
            if use is not None:
                yield use
    except BadPatternError as error:
        hint = "simplify `files.patterns` in the config"
        raise TextError(str(error), code="slow-pattern", hint=hint) from error


def _use(place: Place, member: Pattern, groups: dict[str, tuple[int, int]]) -> ImageUse | None:
    text = place.document.text
    spans = {name: Span(*bounds) for name, bounds in groups.items()}
    name = spans["image"].of(text) if "image" in spans else member.image
    parsed = complete(name) if name else None
    tag, digest = (spans[key].of(text) if key in spans else None for key in ("tag", "digest"))
    good = (not tag or TAG.fullmatch(tag)) and (not digest or DIGEST.fullmatch(digest))
    if parsed is None or name is None or not good or not (tag or digest):
        return None
    slots = tuple(
        Slot(part, spans[key])
        for part, key in ((Part.TAG, "tag"), (Part.DIGEST, "digest"))
        if key in spans
    )
    return place.use("match", Reference(name, tag or None, digest or None), slots)
