"""Ask the registries to vouch for what was ranked: the first candidate that is really there.

Really there: it exists, it is an image, it has every platform that the current one has or that the
file asks for, each of them can be pulled, and it is old enough. Nothing is asked that will not be
proposed; equal questions are asked once.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from bumper import vouch
from bumper.ages import Ages
from bumper.errors import BumperError
from bumper.judging import digests
from bumper.model import Bump, Current, Failure, Hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bumper.ages import Age
    from bumper.model import Candidate, Manifest, Outcome, Ranking
    from bumper.registries.base import Registry

__all__ = ["at_rest", "confirm", "unconfirmed"]


# So many candidates are asked for; who has that many tags without an image has another trouble.
_MOST_TRIED = 12


async def confirm(
    rankings: Sequence[Ranking],
    registry_for: Callable[[str], Registry],
    ages: Ages | None = None,
) -> tuple[Outcome, ...]:
    """Give the outcome of every ranking, in their order; `ages` are those of their image."""
    answers = _Answers(registry_for)
    known = ages or Ages()
    return tuple(await asyncio.gather(*(_outcome(one, answers, known) for one in rankings)))


def unconfirmed(ranking: Ranking) -> Bump:
    """Give the bump to the best candidate as if the registry had vouched for it; none was asked."""
    best = ranking.candidates[0]
    reason = f"{best.tag} is the newest tag that {ranking.policy.written} allows"
    return Bump(
        ranking.use, ranking.policy, best.tag, None, best.level, "newer-tag", reason, ranking.refused
    )  # fmt: skip


class _Answers:
    """What was asked in this run, so that equal questions share one answer."""

    def __init__(self, registry_for: Callable[[str], Registry]) -> None:
        self._registry_for = registry_for
        self._manifests: dict[tuple[str, str], asyncio.Future[Manifest]] = {}
        self._digests: dict[tuple[str, str], asyncio.Future[str]] = {}

    async def manifest(self, ranking: Ranking, reference: str) -> Manifest:
        """Describe a tag or digest of the ranking's repository."""
        image = ranking.use.reference
        key = (image.image, reference)
        if key not in self._manifests:
            registry = self._registry_for(image.registry)
            asked = registry.manifest(image.repository, reference)
            self._manifests[key] = asyncio.ensure_future(asked)
        return await self._manifests[key]

    def seen(self, ranking: Ranking) -> Manifest | None:
        """Give what the file names now, if it was described already; nothing is asked for it."""
        image = ranking.use.reference
        for name in (image.digest, image.tag):
            asked = self._manifests.get((image.image, name)) if name is not None else None
            if asked is not None and asked.done() and asked.exception() is None:
                return asked.result()
        return None

    async def digest(self, ranking: Ranking, reference: str) -> str:
        """Give the digest of a tag of the ranking's repository."""
        image = ranking.use.reference
        key = (image.image, reference)
        if key in self._manifests:
            return (await self._manifests[key]).digest
        if key not in self._digests:
            registry = self._registry_for(image.registry)
            self._digests[key] = asyncio.ensure_future(registry.digest(image.repository, reference))
        return await self._digests[key]


async def _outcome(ranking: Ranking, answers: _Answers, ages: Ages) -> Outcome:
    outcome = await _decided(ranking, answers, ages)
    return replace(outcome, before=answers.seen(ranking)) if isinstance(outcome, Bump) else outcome


async def _decided(ranking: Ranking, answers: _Answers, ages: Ages) -> Outcome:
    use, policy = ranking.use, ranking.policy
    try:
        if ranking.candidates:
            return await _first_good(ranking, answers, ages)
        if ranking.twins:
            return await digests.pinned(ranking, answers)
        moved = await digests.moved(ranking, answers)
    except BumperError as error:
        return Failure(use, policy, error.code, error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - a stranger's answer must cost one image, not the run
        reason = f"{use.reference.image}: an answer that cannot be read ({type(error).__name__})"
        return Failure(use, policy, "odd-answer", reason)
    if isinstance(moved, Bump):
        return _aged(moved, ages)
    return at_rest(ranking, moved)


def at_rest(ranking: Ranking, current: Current | None = None) -> Hold | Current:
    """Give the outcome of a ranking that moves nothing: what is held, else that all is well."""
    use, policy = ranking.use, ranking.policy
    if ranking.hold is not None:
        held = ranking.hold
        return Hold(use, policy, held.code, f"{held.tag}: {held.reason}", held.tag)
    return current or Current(use, policy, "up-to-date", _why_current(ranking))


async def _first_good(ranking: Ranking, answers: _Answers, ages: Ages) -> Outcome:
    """Give the bump to the best candidate that the registry vouches for, else a hold."""
    needed, note = await vouch.needed_platforms(ranking, answers)
    above, anchor = await digests.ceiling(ranking, answers)
    faults = [("above-latest", f"{ranking.candidates[0].tag} is above {anchor}, `latest`")][:above]
    tried = 0
    # One after the other: those behind the best are lined up only if somebody asks for them.
    for candidate in islice(ranking.candidates, above, None):
        verdict = await vouch.judge(ranking, candidate, needed, answers, ages)
        if verdict.manifest is not None:
            digest = await digests.for_file(ranking, verdict.manifest, answers)
            bump = _bump(
                ranking, candidate, verdict.manifest, digest, faults[0][1] if faults else ""
            )
            return _dated(bump, verdict.age, note)
        faults.append((verdict.code, f"{candidate.tag} {verdict.fault}"))
        tried += verdict.asked
        if tried >= _MOST_TRIED:
            break
    best = ranking.candidates[0]
    code, reason = (
        faults[0] if above in {0, len(ranking.candidates)} else ("not-confirmed", faults[0][1])
    )
    return Hold(ranking.use, ranking.policy, code, reason, best.tag, best.level)


def _aged(bump: Bump, ages: Ages) -> Bump | Hold:
    """Give a moved digest with the age of its content; a hold while that is too young."""
    reference = bump.use.reference
    if bump.new_digest is None or bump.manifest is None or reference.tag is None:
        return bump
    age = ages.of(reference.image, reference.tag, bump.manifest.digest)
    if young := vouch.youth(bump.policy, age):
        reason = f"{bump.reason}; {young}"
        return Hold(bump.use, bump.policy, "too-young", reason, None, bump.level)
    return _dated(bump, age, "")


def _dated(bump: Bump, age: Age, note: str) -> Bump:
    again = (
        ""
        if not age.again or bump.new_tag is None
        else "; its content was replaced since it was first seen"
    )
    more = f"; {note}" if note else ""
    return replace(
        bump, reason=f"{bump.reason}{again}{more}", age_seconds=age.seconds, age_source=age.source
    )


def _bump(
    ranking: Ranking, candidate: Candidate, manifest: Manifest, digest: str | None, fault: str
) -> Bump:
    use, policy = ranking.use, ranking.policy
    reason = f"{candidate.tag} is the newest tag that {policy.written} allows"
    if fault:
        reason = f"{reason} ({fault})"
    if ranking.hold is not None:
        reason = f"{reason}; {ranking.hold.tag} is held: {ranking.hold.reason}"
    if ranking.unlisted:
        reason = f"{reason}; {use.reference.tag} is no longer listed"
    return Bump(
        use, policy, candidate.tag, digest, candidate.level, "newer-tag", reason, ranking.refused, manifest
    )  # fmt: skip


def _why_current(ranking: Ranking) -> str:
    if ranking.use.reference.tag is None:
        return "a digest alone: there is no tag to compare"
    reason = f"nothing newer that {ranking.policy.written} allows"
    if ranking.unlisted:
        reason = f"{reason}; {ranking.use.reference.tag} is no longer listed"
    return reason
