"""Rank the tags an image use may move to, and say of every other tag why not. Pure.

No network, no clock. Whether a tag really exists, and for which platforms, is asked by `confirm`.
The rules are the same for every scheme: propose only what is strictly greater, of the same kind and
shape, allowed by the policy. Guards that only a person may lift become a hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import patterns, readers
from bumper.judging import lineup, tables, verdicts
from bumper.judging.verdicts import Lazy
from bumper.model import Failure, Ignored, Incomplete, Level, Ranking, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Complete, ImageUse, Listing, Policy
    from bumper.schemes.base import Scheme, Version

__all__ = ["idle", "needs_tags", "rank", "screen"]

_MOST_TWINS = 24  # each costs a question to the registry


def screen(use: ImageUse, policy: Policy) -> Ignored | Failure | None:
    """Give the outcome of a use that needs no look-up at all; None for every other.

    A word tag (`latest`, `main`) without a digest has nothing to compare, unless `tags:` names what
    it may become, or `policy: pin` wants the version that it is.
    """
    reference = use.reference
    if policy.level is None:
        return Ignored(use, policy, "policy-ignore", f"{policy.rule} says {policy.written}")
    if reference.digest is not None or policy.tags is not None or policy.digest == "pin":
        return None
    if reference.tag is None and not policy.pin:
        return Ignored(use, policy, "no-tag", "no tag: it means latest, which has no version")
    return None


def needs_tags(use: ImageUse, policy: Policy) -> bool:
    """Say whether the tag list matters: a digest-only policy compares digests alone."""
    if policy.pin:
        return True
    if policy.level is Level.DIGEST:
        return False
    return use.reference.tag is not None or policy.tags is not None


def rank(
    use: ImageUse, listing: Listing | None, policy: Policy, scheme: Scheme
) -> Ranking | Ignored | Failure:
    """Rank the tags of a listing, best first; None stands for a list that was not needed.

    A ranking without a candidate is still to be confirmed: its digest may have moved.
    """
    if isinstance(listing, Incomplete):
        return Failure(use, policy, listing.code, listing.reason, listing.hint)
    if listing is not None and not listing.tags:
        # What is up to date has a tag that is listed: an outage may look like this.
        reason = f"{use.reference.image}: the registry lists no tag of it at all"
        return Failure(use, policy, "no-tags", reason, "check the name; a mirror may hide the list")
    try:
        return _rank(use, listing, policy, scheme)
    except patterns.BadPatternError as error:
        return Failure(use, policy, "slow-pattern", str(error), "simplify `tags` or `deny`")


def _rank(
    use: ImageUse, listing: Complete | None, policy: Policy, scheme: Scheme
) -> Ranking | Ignored | Failure:
    current = use.reference.tag
    reader = scheme if listing is None else readers.reader(listing, policy, scheme)
    parsed = readers.version_of(current, policy, reader)
    if parsed is None and policy.pin and listing is not None:
        twins = _twins(listing, scheme)
        refused = idle(use, listing, scheme, "by-digest")
        return Ranking(use, policy, (), refused, twins=twins, digests=dict(listing.digests))
    if listing is not None and policy.scheme == "newest" and not listing.pushed:
        reason = "the registry does not say when tags were pushed, which `scheme: newest` needs"
        return Failure(use, policy, "no-push-times", reason, "use another scheme for this image")
    if parsed is None and policy.tags is None:
        if use.reference.digest is not None or policy.digest == "pin" or current is None:
            refused = idle(use, listing, scheme, "no-comparison") if listing else ()
            return Ranking(use, policy, (), refused)
        reason = f"{current} is no version: it means whatever was pushed last"
        return Ignored(use, policy, "floating-tag", reason)
    if listing is None:
        return Ranking(use, policy, (), ())
    return lineup.LineUp(use, listing, policy, scheme).ranking()


def idle(use: ImageUse, listing: Complete, scheme: Scheme, code: str) -> Sequence[Refusal]:
    """Give the verdict on every tag where none is compared: one code for all that are versions."""
    tags, current = listing.tags, use.reference.tag

    def one(tag: str) -> Refusal:
        said = code
        if tag == current:
            said = "current"
        elif verdicts.is_artifact(tag):
            said = "not-an-image"
        elif scheme.parse(tag) is None:
            said = "no-version"
        return Refusal(tag, said, verdicts.sentence(said, None, None))

    return Lazy(lambda: map(one, tags))


def _twins(listing: Complete, scheme: Scheme) -> tuple[str, ...]:
    """Give versions that a word tag may stand for, the most exact and plainest shapes first."""
    groups = tables.everything(listing, scheme)
    groups.sort(key=lambda group: _exactness(group.versions[0]))
    newest = [[v.tag for v in reversed(group.versions) if not v.pre] for group in groups]
    if listing.digests:
        return tuple(tag for tags in newest for tag in tags)
    found = [tags[place] for place in range(6) for tags in newest if place < len(tags)]
    return tuple(found[:_MOST_TWINS])


def _exactness(version: Version) -> tuple[object, ...]:
    return -len(version.parts), len(version.shape), version.shape
