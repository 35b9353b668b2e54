"""Whether the registry vouches for one candidate: it is there, whole, for every platform, old enough.

Asks by the answers it is given, no more than this candidate needs.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import platforms
from bumper.errors import NotFoundError

if TYPE_CHECKING:
    from bumper.ages import Age, Ages
    from bumper.judging.digests import Answers
    from bumper.model import Candidate, Manifest, Policy, Ranking

__all__ = ["Verdict", "judge", "needed_platforms", "youth"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A candidate's manifest and age, or the fault that stands against it, as a code and a sentence.

    `asked` is true if the registry was asked for it.
    """

    manifest: Manifest | None
    age: Age
    code: str = ""
    fault: str = ""
    asked: bool = True


async def judge(
    ranking: Ranking, candidate: Candidate, needed: tuple[str, ...], answers: Answers, ages: Ages
) -> Verdict:
    """Judge one candidate; one that is too young by the list alone is not asked for."""
    told, image = ages.of_tag(candidate.tag), ranking.use.reference.image
    young = youth(ranking.policy, told)
    if told.source is not None and young and not ages.may_be_free(image, candidate.tag):
        return Verdict(None, told, "too-young", young, asked=False)
    manifest, fault = await _vouched(ranking, candidate, needed, answers)
    if manifest is None:
        return Verdict(None, told, "not-confirmed", fault)
    age = ages.of(image, candidate.tag, manifest.digest)
    if young := youth(ranking.policy, age):
        return Verdict(None, age, "too-young", young)
    return Verdict(manifest, age)


async def needed_platforms(ranking: Ranking, answers: Answers) -> tuple[tuple[str, ...], str]:
    """Give the platforms a new image must have, those asked for, else the current one's; and a note.

    The note says that what the file names is gone from the registry: all the more reason to move.
    """
    asked = ranking.policy.platforms or ranking.use.platforms
    if asked:
        return asked, ""
    reference = ranking.use.reference
    names = [name for name in (reference.digest, reference.tag) if name is not None] or ["latest"]
    note = ""
    for name in names:
        try:
            return (await answers.manifest(ranking, name)).platforms, note
        except NotFoundError:
            note = f"{name[:19]}, which the file names, is gone from the registry"
    return (), note


def youth(policy: Policy, age: Age) -> str:
    """Say why a content must wait, "" if it need not."""
    least = policy.min_age_seconds
    return age.told(least) if age.is_under(least) and not age.free else ""


async def _vouched(
    ranking: Ranking, candidate: Candidate, needed: tuple[str, ...], answers: Answers
) -> tuple[Manifest | None, str]:
    """Give the manifest of a candidate that can be deployed, else None and why not."""
    try:
        manifest = await answers.manifest(ranking, candidate.tag)
    except NotFoundError as error:
        return None, error.message
    lost = platforms.missing(needed, manifest.platforms)
    if lost:
        return None, f"lacks the platform {', '.join(lost)}"
    parts = set(platforms.contents(needed, manifest.contents).values()) - {manifest.digest}
    there = await asyncio.gather(*(_is_there(ranking, digest, answers) for digest in sorted(parts)))
    if not all(there):
        return None, "its index names images that the registry does not have"
    return manifest, ""


async def _is_there(ranking: Ranking, digest: str, answers: Answers) -> bool:
    try:
        await answers.digest(ranking, digest)
    except NotFoundError:
        return False
    return True
