"""What a digest says: the one a file should have, whether it moved, which version it is.

Asks the registry by the answers it is given, and no more than what is proposed needs. What a failed
question leaves unknown stops nothing here: it is then as if nobody had asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bumper.errors import BumperError
from bumper.model import Bump, Current, Hold, Level

if TYPE_CHECKING:
    from bumper.model import Manifest, Ranking

__all__ = ["Answers", "ceiling", "for_file", "moved", "pinned"]

_SHORT = 19  # "sha256:" and twelve digits, as Docker shows it


class Answers(Protocol):
    """What registries say, each question asked once."""

    async def manifest(self, ranking: Ranking, reference: str) -> Manifest:
        """Describe a tag or digest of the ranking's repository."""
        ...

    async def digest(self, ranking: Ranking, reference: str) -> str:
        """Give the digest of a tag of the ranking's repository."""
        ...


async def for_file(ranking: Ranking, manifest: Manifest, answers: Answers) -> str | None:
    """Give the digest to write beside a tag: the index's, or a platform's where the file has one."""
    reference, wish = ranking.use.reference, ranking.policy.digest
    if wish == "strip" or (reference.digest is None and wish != "pin"):
        return None
    if reference.digest is None or not manifest.contents:
        return manifest.digest
    old = await _known(ranking, reference.digest, answers)
    if old is None or old.is_index or len(old.platforms) != 1:
        return manifest.digest
    return manifest.contents.get(old.platforms[0]) or manifest.digest


async def moved(ranking: Ranking, answers: Answers) -> Bump | Current | None:
    """Give what became of the same tag's digest; None where nothing is to change."""
    use, policy = ranking.use, ranking.policy
    reference = use.reference
    if reference.tag is None or (reference.digest is None and policy.digest != "pin"):
        return None
    if policy.digest == "strip":
        return _bump(ranking, None, "digest-stripped", "`digest: strip` wants no digest here")
    if await answers.digest(ranking, reference.tag) == reference.digest:
        return None
    manifest = await answers.manifest(ranking, reference.tag)
    wanted = await for_file(ranking, manifest, answers)
    if wanted == reference.digest:
        return None
    if reference.digest is None:
        reason = f"{reference.tag} is not pinned yet: its digest is {manifest.digest[:_SHORT]} now"
        return _bump(ranking, wanted, "newer-digest", reason, manifest)
    if await _same_images(ranking, reference.digest, manifest, answers):
        reason = f"{reference.tag} was pushed again with the same images for every platform in use"
        return Current(use, policy, "same-platforms", reason)
    reason = f"{reference.tag} was pushed again: its digest is {str(wanted)[:_SHORT]} now"
    return _bump(ranking, wanted, "newer-digest", reason, manifest)


async def pinned(ranking: Ranking, answers: Answers) -> Bump | Hold:
    """Give the version whose content a word tag has: what `policy: pin` writes in its place."""
    use, policy = ranking.use, ranking.policy
    reference = use.reference
    meant = reference.digest or await answers.digest(ranking, reference.tag or "latest")
    for tag in ranking.twins:
        if await _digest(ranking, tag, answers) != meant:
            continue
        manifest = await answers.manifest(ranking, tag)
        digest = await for_file(ranking, manifest, answers)
        reason = f"{tag} is what {reference.tag or 'latest'} points to, by its digest"
        return Bump(
            use, policy, tag, digest, Level.PATCH, "same-digest", reason, ranking.refused, manifest
        )
    reason = f"no version was found with the digest {meant[:_SHORT]} that is meant here"
    return Hold(use, policy, "no-version-has-it", reason)


async def ceiling(ranking: Ranking, answers: Answers) -> tuple[int, str]:
    """Give how many of the best candidates stand above `latest`, and the tag `latest` points to.

    All of them where it is the current one; none where nothing is known of it. `ranking.anchors` are
    the tags to compare, in the order in which they tell most.
    """
    if not ranking.anchors:
        return 0, ""
    newest = await _digest(ranking, "latest", answers)
    if newest is None:
        return 0, ""
    # Described, not only looked up: it is about to be proposed, so that one answer serves both.
    best = await _known(ranking, ranking.candidates[0].tag, answers)
    if best is None or best.digest == newest:
        return 0, ""
    for tag in ranking.anchors:
        if await _digest(ranking, tag, answers) != newest:
            continue
        if tag == ranking.use.reference.tag:
            return len(ranking.candidates), tag
        places = (n for n, one in enumerate(ranking.candidates) if one.tag == tag)
        return next(places, 0), tag
    return 0, ""


async def _digest(ranking: Ranking, tag: str, answers: Answers) -> str | None:
    if tag in ranking.digests:
        return ranking.digests[tag]
    try:
        return await answers.digest(ranking, tag)
    except BumperError:
        return None


async def _known(ranking: Ranking, reference: str, answers: Answers) -> Manifest | None:
    try:
        return await answers.manifest(ranking, reference)
    except BumperError:
        return None


async def _same_images(ranking: Ranking, old: str, new: Manifest, answers: Answers) -> bool:
    """Say whether an index moved and the image of no platform in use did."""
    before = await _known(ranking, old, answers)
    if before is None or not before.contents or not new.contents:
        return False
    used = ranking.policy.platforms or ranking.use.platforms or tuple(before.contents)
    return all(
        before.contents.get(platform) and before.contents[platform] == new.contents.get(platform)
        for platform in used
    )


def _bump(
    ranking: Ranking, digest: str | None, code: str, reason: str, manifest: Manifest | None = None
) -> Bump:
    use, policy = ranking.use, ranking.policy
    return Bump(use, policy, None, digest, Level.DIGEST, code, reason, ranking.refused, manifest)
