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
from bumper.answers import Answers
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
    answers = Answers(registry_for)
    known = ages or Ages()
    return tuple(await asyncio.gather(*(_outcome(one, answers, known) for one in rankings)))


def unconfirmed(ranking: Ranking) -> Bump:
    """Give the bump to the best candidate as if the registry had vouched for it; none was asked."""
    best = ranking.candidates[0]
    reason = f"{best.tag} is the newest tag that {ranking.policy.written} allows"
    return Bump(
        ranking.use, ranking.policy, best.tag, None, best.level, "newer-tag", reason, ranking.refused
    )  # fmt: skip


async def _outcome(ranking: Ranking, answers: Answers, ages: Ages) -> Outcome:
    outcome = await _decided(ranking, answers, ages)
    if isinstance(outcome, Bump):
        outcome = replace(outcome, before=answers.seen(ranking))
    if isinstance(outcome, Bump | Hold):
        lag = ages.lag(ranking.use.reference.tag, outcome.new_tag)
        return replace(outcome, lag_seconds=lag)
    return outcome


async def _decided(ranking: Ranking, answers: Answers, ages: Ages) -> Outcome:
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


async def _first_good(ranking: Ranking, answers: Answers, ages: Ages) -> Outcome:
    """Give the bump to the best candidate that the registry vouches for, else a hold.

    Where no digest is written and no age counts, what was vouched for lately need not be asked again:
    the tag is listed now.
    """
    lately = answers.lately()
    needed, note = await vouch.needed_platforms(ranking, answers if ranking.unlisted else lately)
    vouched = answers if _content_counts(ranking, ages) else lately
    above, anchor = await digests.ceiling(ranking, vouched)
    faults = [("above-latest", f"{ranking.candidates[0].tag} is above {anchor}, `latest`")][:above]
    tried = 0
    # One after the other: those behind the best are lined up only if somebody asks for them.
    for candidate in islice(ranking.candidates, above, None):
        verdict = await vouch.judge(ranking, candidate, needed, vouched, ages)
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


def _content_counts(ranking: Ranking, ages: Ages) -> bool:
    """Say whether a tag's content decides something, not only that it is there."""
    policy = ranking.policy
    pins = ranking.use.reference.digest is not None or policy.digest == "pin"
    return pins or policy.min_age_seconds > 0 or ages.ledger is not None


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
    early = age.free and age.is_under(bump.policy.min_age_seconds)
    wanted = "; it is younger than `min-age`, and a person wants it now" if early else ""
    more = f"{wanted}; {note}" if note else wanted
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
