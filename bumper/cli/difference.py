"""The work of `diff`: two images looked up, their settings compared, shown as text or JSON."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from bumper import platforms, reference, settings_inside
from bumper.cli import output, session
from bumper.errors import UsageError
from bumper.harmless import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.cli.options import Options
    from bumper.model import Manifest
    from bumper.reference import Reference
    from bumper.registries.base import Registry
    from bumper.settings_inside import Difference

__all__ = ["show"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two images: as it was asked for, its index or manifest, and the one image that is compared."""

    reference: Reference
    whole: Manifest
    image: Manifest
    platform: str


def show(options: Options, before: str, after: str, platform: str | None) -> int:
    """Print the differences; give the exit code."""
    first = reference.parse(before)
    second = _second(first, after)
    work = session.Session(replace(options, no_cache=True))
    sides = asyncio.run(_sides(work, first, second, platform))
    found = settings_inside.differences(*(side.image.settings for side in sides))
    if output.style(options) == "json":
        output.result(
            json.dumps(_document(sides, found), indent=2, ensure_ascii=False) + "\n", options
        )
    else:
        output.result("".join(f"{printable(line)}\n" for line in _lines(sides, found)), options)
    return 0


def _second(first: Reference, after: str) -> Reference:
    """Read the second image; a word alone is a tag of the first."""
    parsed = reference.parse(after)
    if parsed.tag is None and parsed.digest is None and "/" not in after:
        return replace(first, tag=after, digest=None)
    return parsed


async def _sides(
    work: session.Session, first: Reference, second: Reference, platform: str | None
) -> tuple[Side, Side]:
    async with work.registries() as registry_for:
        registries = [registry_for(one.registry) for one in (first, second)]
        names = [one.digest or one.tag or "latest" for one in (first, second)]
        wholes = [
            await registry.manifest(one.repository, name)
            for registry, one, name in zip(registries, (first, second), names, strict=True)
        ]
        chosen = platform or _common(*wholes)
        images = [
            await _image(registry, one, whole, chosen)
            for registry, one, whole in zip(registries, (first, second), wholes, strict=True)
        ]
    shown = chosen or ", ".join(images[1].platforms)
    return Side(first, wholes[0], images[0], shown), Side(second, wholes[1], images[1], shown)


def _common(first: Manifest, second: Manifest) -> str:
    """Choose a platform: the first of the old image that the new one has, "" where neither says."""
    there = [one for one in first.platforms if one in second.platforms or not second.platforms]
    return next(iter((*there, *first.platforms, *second.platforms)), "")


async def _image(registry: Registry, asked: Reference, whole: Manifest, platform: str) -> Manifest:
    """Give the image for a platform, with what its config says.

    Raises:
        UsageError: It has no such platform.
    """
    name = platforms.alike(platform, whole.platforms)
    if name is None and whole.platforms:
        hint = f"it has {', '.join(whole.platforms)}"
        raise UsageError(f"{asked}: not for {platform}", code="no-platform", hint=hint)
    digest = whole.contents.get(name or platform)
    return await registry.manifest(asked.repository, digest or whole.digest)


def _lines(sides: tuple[Side, Side], found: tuple[Difference, ...]) -> Iterator[str]:
    before, after = sides
    yield f"{before.reference} -> {after.reference}  {after.platform}".rstrip()
    yield f"  digest {before.whole.digest[:19]} -> {after.whole.digest[:19]}"
    for name, moved in _moved(before, after).items():
        if moved:
            yield f"  platforms {name}: {', '.join(moved)}"
    if not (before.image.settings or after.image.settings):
        yield "  the registry shows no config of either image"
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        change = f"{one.before or '(none)'} -> {one.after or '(none)'}"
        change = {"(none) -> yes": "new", "yes -> (none)": "gone"}.get(change, change)
        yield f"  {one.name:{width}}  {change}" + (f"  ! {one.means}" if one.means else "")
    told = sum(1 for one in found if one.means)
    differ = "1 setting differs" if len(found) == 1 else f"{len(found)} settings differ"
    yield f"{differ}, {told} to look at" if found else "no setting differs"


def _moved(before: Side, after: Side) -> dict[str, list[str]]:
    old, new = before.whole.platforms, after.whole.platforms
    if not (old and new):
        return {"lost": [], "gained": []}
    return {
        "lost": [one for one in old if one not in new],
        "gained": [one for one in new if one not in old],
    }


def _document(sides: tuple[Side, Side], found: tuple[Difference, ...]) -> dict[str, Any]:
    before, after = sides
    return {
        "schema_version": 1,
        "before": {"image": str(before.reference), "digest": before.whole.digest},
        "after": {"image": str(after.reference), "digest": after.whole.digest},
        "platform": after.platform,
        "platforms": _moved(before, after),
        "differences": [asdict(one) for one in found],
    }
