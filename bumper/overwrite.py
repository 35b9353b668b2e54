"""Bumps that somebody else decided: what `set` was told, for every use it means. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import reference
from bumper.errors import InvalidReferenceError, UsageError
from bumper.model import Bump, Current, Level, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import ImageUse, Outcome
    from bumper.reference import Reference

__all__ = ["Target", "overwrite", "target", "targets"]

_NEW = re.compile(
    r"(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@(?P<digest>sha256:[a-f0-9]{64}))?", re.ASCII
)
# Ten digits at most: the rest of a number nobody wrote.
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """An image, at one tag or at any (None), and the tag and digest it shall have (None: as it is)."""

    image: Reference
    tag: str | None
    digest: str | None


def target(text: str) -> Target:
    """Read `IMAGE[:CURRENT]=[TAG][@DIGEST]`.

    Raises:
        UsageError: It is not of that form.
    """
    name, equals, new = text.partition("=")
    match = _NEW.fullmatch(new)
    if not equals or not new or match is None:
        raise UsageError(
            f"{text!r}: not of the form IMAGE[:CURRENT]=[TAG][@DIGEST]", code="bad-target"
        )
    try:
        return Target(reference.parse(name), match["tag"], match["digest"])
    except InvalidReferenceError as error:
        raise UsageError(f"{text!r}: {error.message}", code="bad-target") from error


def targets(texts: Iterable[str]) -> tuple[Target, ...]:
    """Read every target.

    Raises:
        UsageError: One is not of the form, or two of them want the same uses to become different ones.
    """
    found: dict[str, Target] = {}
    for text in texts:
        one = target(text)
        means = f"{one.image.image}:{one.image.tag or ''}@{one.image.digest or ''}"
        first = found.setdefault(means, one)
        if (first.tag, first.digest) != (one.tag, one.digest):
            raise UsageError(
                f"{text!r}: the same image is set to something else before", code="bad-target"
            )
    return tuple(found.values())


def overwrite(uses: Iterable[ImageUse], targets: Sequence[Target]) -> tuple[Outcome, ...]:
    """Give the outcome of every use that a target means; the first target counts."""
    found = ((use, next((one for one in targets if _means(one, use)), None)) for use in uses)
    return tuple(_outcome(use, one) for use, one in found if one is not None)


def _means(one: Target, use: ImageUse) -> bool:
    if one.image.image != use.reference.image:
        return False
    if one.image.digest is not None and one.image.digest != use.reference.digest:
        return False
    return one.image.tag is None or one.image.tag == use.reference.tag


def _outcome(use: ImageUse, one: Target) -> Outcome:
    policy = Policy(written="set", rule="the command line")
    same_tag = one.tag is None or one.tag == use.reference.tag
    if same_tag and (one.digest is None or one.digest == use.reference.digest):
        return Current(use, policy, "up-to-date", "has it already")
    level = Level.DIGEST if same_tag else _level(use.reference.tag or "", one.tag or "")
    return Bump(use, policy, one.tag, one.digest, level, "set", "set by the command line")


def _level(old: str, new: str) -> Level:
    """Give how far two tags are apart by the numbers they begin with; a patch where those say nothing."""
    numbers = (_NUMBER.findall(tag.partition("-")[0]) for tag in (old, new))
    steps = (int(before) != int(after) for before, after in zip(*numbers, strict=False))
    levels = zip(steps, (Level.MAJOR, Level.MINOR, Level.PATCH), strict=False)
    return next((level for differs, level in levels if differs), Level.PATCH)
