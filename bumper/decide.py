"""Rank the tags an image use may move to, and say of every other tag why not. Pure.

No network, no clock. Whether a tag really exists, and for which platforms, is asked by `confirm`.
The rules are the same for every scheme: propose only what is strictly greater, of the same kind and
shape, allowed by the policy. Guards that only a person may lift become a hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from bumper import images, patterns, verdicts
from bumper.model import (
    Candidate,
    Failure,
    Ignored,
    Incomplete,
    Level,
    Ranking,
    Refusal,
)
from bumper.ranges import parse_range
from bumper.verdicts import Lazy

if TYPE_CHECKING:
    from bumper.model import Complete, ImageUse, Listing, Policy
    from bumper.schemes.base import Scheme, Version

__all__ = ["needs_tags", "rank", "screen"]

# How far above the highest contiguous major a major may be before it is another scheme's.
_WIDEST_GAP = 5


class Table:
    """The tags of one repository, each read once; versions grouped by kind and shape, in order."""

    __slots__ = ("groups", "tags", "versions")

    def __init__(self, tags: tuple[str, ...], scheme: Scheme) -> None:
        self.tags = tags
        self.versions = {tag: scheme.parse(tag) for tag in tags if not verdicts.is_artifact(tag)}
        groups: dict[tuple[str, str], list[Version]] = defaultdict(list)
        for version in self.versions.values():
            if version is not None:
                groups[version.kind, version.shape].append(version)
        self.groups = {
            key: sorted(group, key=lambda v: (v.order, v.environment, v.tag))
            for key, group in groups.items()
        }


@lru_cache(maxsize=256)
def _table(tags: tuple[str, ...], scheme: Scheme) -> Table:
    return Table(tags, scheme)


def screen(use: ImageUse, policy: Policy) -> Ignored | Failure | None:
    """Give the outcome of a use that needs no look-up at all; None for every other.

    A word tag (`latest`, `main`) without a digest has nothing to compare, unless `tags:` names what
    it may become.
    """
    reference = use.reference
    if policy.level is None:
        return Ignored(use, policy, "policy-ignore", f"{policy.rule} says {policy.written}")
    if reference.digest is not None or policy.tags is not None or policy.digest == "pin":
        return None
    if reference.tag is None:
        return Ignored(use, policy, "no-tag", "no tag: it means latest, which has no version")
    return None


def needs_tags(use: ImageUse, policy: Policy) -> bool:
    """Say whether the tag list matters: a digest-only policy compares digests alone."""
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
    current = use.reference.tag
    parsed = scheme.parse(current) if current is not None else None
    fixed = use.reference.digest is not None or policy.digest == "pin"
    if parsed is None and policy.tags is None:
        if fixed or current is None:
            return Ranking(use, policy, (), ())
        reason = f"{current} is no version: it means whatever was pushed last"
        return Ignored(use, policy, "floating-tag", reason)
    if listing is None:
        return Ranking(use, policy, (), ())
    try:
        return _Choice(use, listing, policy, scheme, parsed).ranking()
    except patterns.BadPatternError as error:
        return Failure(use, policy, "slow-pattern", str(error), "simplify `tags` or `deny`")


class _Choice:
    """One use in front of one list of tags."""

    __slots__ = ("allow", "current", "deny", "policy", "range", "table", "top", "use")

    def __init__(
        self,
        use: ImageUse,
        listing: Complete,
        policy: Policy,
        scheme: Scheme,
        current: Version | None,
    ) -> None:
        self.use = use
        self.policy = policy
        self.current = current
        self.range = parse_range(policy.range) if policy.range else None
        self.allow = patterns.compile_pattern(policy.tags) if policy.tags else None
        self.deny = tuple(patterns.compile_pattern(text) for text in policy.deny)
        self.table = self._extracted(listing, scheme) or _table(listing.tags, scheme)  # type: ignore[arg-type] # a module hashes
        self.top = self._highest_major()

    def _extracted(self, listing: Complete, scheme: Scheme) -> Table | None:
        """Read the tags by the named group `order` or `version` of `tags:`, where it has one."""
        if self.allow is None or not any(
            f"(?P<{n}>" in self.allow.text for n in ("order", "version")
        ):
            return None
        table = Table(listing.tags, _Extract(self.allow, scheme))
        if self.use.reference.tag is not None:
            self.current = _Extract(self.allow, scheme).parse(self.use.reference.tag)
        return table

    def ranking(self) -> Ranking:
        """Give the candidates best first, the refusals lazily, and the hold if there is one."""
        allowed = [version for version in self._newer() if self.refuse(version) is None]
        candidates = tuple(
            Candidate(version.tag, self._level(version)) for version in self._stepped(allowed)
        )
        chosen = {candidate.tag for candidate in candidates}
        refused = Lazy(lambda: [self.verdict(tag) for tag in self.table.tags if tag not in chosen])
        return Ranking(self.use, self.policy, candidates, refused, self._hold(allowed))

    def _newer(self) -> list[Version]:
        """Give the versions above the current one that compare with it, highest first."""
        if self.current is None:
            # Nothing to compare with: among the tags that `tags` means, the shape most of them have.
            matched = [
                [version for version in group if self.refuse(version) is None]
                for group in self.table.groups.values()
            ]
            largest = max(
                matched,
                key=lambda g: (len(g), g[0].kind, g[0].shape) if g else (0, "", ""),
                default=[],
            )
            return largest[::-1]
        group = self.table.groups.get((self.current.kind, self.current.shape), [])
        start = bisect_right(group, self.current.order, key=lambda version: version.order)
        return group[start:][::-1]

    def refuse(self, version: Version) -> str | None:
        """Give the code that refuses a greater version of the same shape, None if nothing does."""
        current = self.current
        if self.allow is not None and self.allow.groups(version.tag) is None:
            return "not-allowed"
        if any(pattern.groups(version.tag) is not None for pattern in self.deny):
            return "denied"
        if self.range is not None and version.parts not in self.range:
            return "out-of-range"
        if current is None:
            return "pre-release" if version.prerelease and not self.policy.prerelease else None
        if (version.padded or current.padded) and version.widths[1:] != current.widths[1:]:
            return "other-precision"
        if not self._environment_fits(version):
            return "other-environment"
        if version.prerelease and not self._prerelease_fits(version):
            return "pre-release"
        if self.policy.level is not None and self._level(version).rank > self.policy.level.rank:
            return "above-policy"
        return "scheme-jump" if self.top is not None and version.parts[0] > self.top else None

    def _environment_fits(self, version: Version) -> bool:
        """Say whether operating system and runtime stay, or only rise where they may."""
        assert self.current is not None  # noqa: S101 - asked only beside a current version
        if version.environment == self.current.environment:
            return True
        pairs = zip(version.environment, self.current.environment, strict=True)
        return self.policy.environment == "follow" and all(new >= old for new, old in pairs)

    def _prerelease_fits(self, version: Version) -> bool:
        """Say whether a pre-release may be taken: asked for, or the next one of the same version."""
        if self.policy.prerelease:
            return True
        current = self.current
        return current is not None and current.prerelease and version.parts == current.parts

    def _level(self, version: Version) -> Level:
        """Give the level of a step: the first part that differs counts."""
        if self.current is None or not version.parts:
            return Level.MAJOR
        pairs = zip(version.parts, self.current.parts, strict=True)
        for position, (new, old) in enumerate(pairs):
            if new != old:
                return (Level.MAJOR, Level.MINOR)[position] if position < 2 else Level.PATCH
        return Level.PATCH

    def _highest_major(self) -> int | None:
        """Give the highest major that is reached without a gap of more than five; None: no limit."""
        current = self.current
        if current is None or current.kind == "date":
            return None
        top = current.parts[0]
        for version in self.table.groups.get((current.kind, current.shape), []):
            if top < version.parts[0] <= top + _WIDEST_GAP:
                top = version.parts[0]
        return top

    def _stepped(self, allowed: list[Version]) -> list[Version]:
        """Keep one major step where the image's makers forbid more."""
        current = self.current
        if current is None or not images.matches(images.STEPWISE, self.use.reference.repository):
            return allowed
        above = [version.parts[0] for version in allowed if version.parts[0] > current.parts[0]]
        limit = min(above, default=current.parts[0])
        return [version for version in allowed if version.parts[0] <= limit]

    def _hold(self, allowed: list[Version]) -> Refusal | None:
        """Give what only a person may take: a newer environment, or a jump of the scheme."""
        best = allowed[0].parts if allowed else ()
        for version in self._newer():
            if version.parts <= best:
                break
            code = self.refuse(version)
            if code in {"other-environment", "scheme-jump"} and self._would_be_greater(version):
                return Refusal(version.tag, code, verdicts.sentence(code, self.current, version))
        return None

    def _would_be_greater(self, version: Version) -> bool:
        if self.current is None:
            return False
        pairs = zip(version.environment, self.current.environment, strict=True)
        return all(new >= old for new, old in pairs) and version.parts > self.current.parts

    def verdict(self, tag: str) -> Refusal:
        """Give the one reason why a tag was not taken."""
        try:
            code = self._code(tag)
        except patterns.BadPatternError:
            code = "slow-pattern"
        sentence = verdicts.sentence(code, self.current, self.table.versions.get(tag))
        return Refusal(tag, code, sentence)

    def _code(self, tag: str) -> str:
        if tag == self.use.reference.tag:
            return "current"
        version = self.table.versions.get(tag)
        if version is None:
            return "not-an-image" if verdicts.is_artifact(tag) else "no-version"
        current = self.current
        if current is not None:
            other = verdicts.difference(current, version)
            if other is not None:
                return other
            if version.order <= current.order:
                return "equal" if version.order == current.order else "older"
        return self.refuse(version) or "skips-a-major"


class _Extract:
    """A scheme that reads only what a named group of `tags:` gives."""

    NAME = "extract"
    __slots__ = ("pattern", "scheme")

    def __init__(self, pattern: patterns.Pattern, scheme: Scheme) -> None:
        self.pattern = pattern
        self.scheme = scheme

    def parse(self, tag: str) -> Version | None:
        """Read the group's text by the scheme behind; None if the expression is not found."""
        groups = self.pattern.groups(tag)
        text = groups and (groups.get("order") or groups.get("version"))
        version = self.scheme.parse(text) if text else None
        if version is not None:
            version.tag = tag
        return version
