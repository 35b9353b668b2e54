"""Ask the registries to vouch for what was ranked: the first candidate that is really there.

Really there: it exists, it is an image, and it has every platform that the current one has or that
the file asks for. Nothing is asked that will not be proposed; equal questions are asked once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bumper import digests
from bumper.errors import BumperError, NotFoundError
from bumper.model import Bump, Current, Failure, Hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bumper.model import Candidate, Manifest, Outcome, Ranking
    from bumper.registries.base import Registry

__all__ = ["at_rest", "confirm", "unconfirmed"]


async def confirm(
    rankings: Sequence[Ranking], registry_for: Callable[[str], Registry]
) -> tuple[Outcome, ...]:
    """Give the outcome of every ranking, in their order."""
    answers = _Answers(registry_for)
    return tuple(await asyncio.gather(*(_outcome(ranking, answers) for ranking in rankings)))


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


async def _outcome(ranking: Ranking, answers: _Answers) -> Outcome:
    use, policy = ranking.use, ranking.policy
    try:
        if ranking.candidates:
            return await _first_good(ranking, answers)
        if ranking.twins:
            return await digests.pinned(ranking, answers)
        moved = await digests.moved(ranking, answers)
    except BumperError as error:
        return Failure(use, policy, error.code, error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - a stranger's answer must cost one image, not the run
        reason = f"{use.reference.image}: an answer that cannot be read ({type(error).__name__})"
        return Failure(use, policy, "odd-answer", reason)
    if isinstance(moved, Bump):
        return moved
    return at_rest(ranking, moved)


def at_rest(ranking: Ranking, current: Current | None = None) -> Hold | Current:
    """Give the outcome of a ranking that moves nothing: what is held, else that all is well."""
    use, policy = ranking.use, ranking.policy
    if ranking.hold is not None:
        held = ranking.hold
        return Hold(use, policy, held.code, f"{held.tag}: {held.reason}", held.tag)
    return current or Current(use, policy, "up-to-date", _why_current(ranking))


async def _first_good(ranking: Ranking, answers: _Answers) -> Outcome:
    """Give the bump to the best candidate that the registry vouches for, else a hold."""
    needed = await _needed_platforms(ranking, answers)
    above, anchor = await digests.ceiling(ranking, answers)
    first_fault = f"{ranking.candidates[0].tag} is above {anchor}, `latest`" if above else ""
    for candidate in ranking.candidates[above:]:
        try:
            manifest = await answers.manifest(ranking, candidate.tag)
        except NotFoundError as error:
            first_fault = first_fault or f"{candidate.tag}: {error.message}"
            continue
        missing = [platform for platform in needed if platform not in manifest.platforms]
        if not missing:
            digest = await digests.for_file(ranking, manifest, answers)
            return _bump(ranking, candidate, manifest, digest, first_fault)
        lost = ", ".join(missing)
        first_fault = first_fault or f"{candidate.tag} lacks the platform {lost}"
    best = ranking.candidates[0]
    code = "above-latest" if above == len(ranking.candidates) else "not-confirmed"
    reason = first_fault or "the registry has none of the candidates"
    return Hold(ranking.use, ranking.policy, code, reason, best.tag, best.level)


async def _needed_platforms(ranking: Ranking, answers: _Answers) -> tuple[str, ...]:
    """Give the platforms a new image must have: those asked for, else those of the current one."""
    asked = ranking.policy.platforms or ranking.use.platforms
    if asked:
        return asked
    reference = ranking.use.reference
    try:
        return (
            await answers.manifest(ranking, reference.digest or reference.tag or "latest")
        ).platforms
    except NotFoundError:
        return ()  # the current one is gone: all the more reason to move


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
