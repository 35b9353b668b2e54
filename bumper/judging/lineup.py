"""One use in front of one list of tags: the best, the others, and a reason for every other. Pure.

The best is found from the top down; all else is worked out when somebody looks, from the list and the
settings alone: nothing that was parsed is kept for it, since a run has a thousand of these.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bumper import patterns, readers
from bumper.judging import tables, verdicts
from bumper.judging.judge import HOLDS, Judge
from bumper.judging.verdicts import Lazy
from bumper.model import Candidate, Complete, Level, Ranking, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bumper.model import ImageUse, Policy
    from bumper.schemes.base import Scheme, Version

__all__ = ["LineUp"]

_MOST_ANCHORS = 3  # each may cost a question to the registry
_SAME_PARTS = {Level.PATCH: 2, Level.MINOR: 1}


class LineUp:
    """One use and the tags of its image."""

    def __init__(self, use: ImageUse, listing: Complete, policy: Policy, scheme: Scheme) -> None:
        self.use = use
        self.policy = policy
        self.listing = listing
        self.scheme = scheme
        self.reader = readers.reader(listing, policy, scheme)
        self.current = readers.version_of(use.reference.tag, policy, self.reader)
        if self.current is not None:
            self.group = tables.alike(listing, self.reader, self.current)
        else:
            self.group = self._largest()
        self.judge = Judge(use, policy, self.current, self.group, listing.pushed)

    def _largest(self) -> tables.Group:
        """Give the shape that most of the tags have which `tags` means: nothing says which else."""
        judge = Judge(self.use, self.policy, None)
        best: list[Version] = []
        for group in tables.everything(self.listing, self.reader):
            fitting = [
                version
                for version in group.versions
                if version.tag != self.use.reference.tag and judge.refuse(version) is None
            ]
            best = max(best, fitting, key=len)
        return tables.Group(self.listing.tags, best)

    def ranking(self) -> Ranking:
        """Give the candidates best first, the refusals lazily, and the hold if there is one."""
        hold = None
        best = None
        for version in self._above():
            code = self.judge.refuse(version)
            if code is None:
                best = version
                break
            if hold is None and code in HOLDS and self._is_news(version, code):
                hold = Refusal(version.tag, code, verdicts.sentence(code, self.current, version))
        tag, later = self.use.reference.tag, self._later()
        anchors = self._anchors(best)
        told = self.listing.digests
        return Ranking(
            self.use,
            self.policy,
            Lazy(later.others, [self._candidate(best)]) if best else (),
            Lazy(later.verdicts),
            hold,
            unlisted=tag is not None and tag not in self.group.listed,
            release=self.current.release if self.current else None,
            anchors=anchors,
            digests={one: told[one] for one in ("latest", *anchors) if one in told},
        )

    def _later(self) -> _Later:
        pushed = self.listing.pushed
        if pushed:
            kept = [*self._above(), *([self.current] if self.current else [])]
            everywhere = self.policy.scheme == "newest"
            known = self.group.versions if everywhere else kept
            pushed = {one.tag: pushed[one.tag] for one in known if one.tag in pushed}
        return _Later(self.use, self.policy, self.scheme, self.group.packed, pushed)

    def _above(self, level: Level | None = None) -> Iterator[Version]:
        """Give the versions above the current one that the level allows, highest first."""
        versions, current = self.group.versions, self.current
        if current is None:
            return reversed(versions)
        low = bisect_right(versions, current.order, key=lambda version: version.order)
        high = len(versions)
        same = _SAME_PARTS.get(level or self.policy.level or Level.DIGEST)
        if same is not None:
            high = bisect_right(versions, current.parts[:same], key=lambda v: v.parts[:same])
        return iter(versions[low:high][::-1])

    def allowed(self) -> Iterator[Version]:
        """Give the versions that may be taken, best first; none behind an expression that fails."""
        try:
            for version in self._above():
                if self.judge.refuse(version) is None:
                    yield version
        except patterns.BadPatternError:
            return

    def _candidate(self, version: Version) -> Candidate:
        return Candidate(version.tag, self.judge.level(version), version.release)

    def candidates(self) -> Iterator[Candidate]:
        """Give what may be taken, best first."""
        return map(self._candidate, self.allowed())

    def _is_news(self, version: Version, code: str) -> bool:
        """Say whether a held version is newer, not only the same one on a newer system."""
        newer = self.current is None or version.release > self.current.release
        return newer or code != "other-environment"

    def _anchors(self, best: Version | None) -> tuple[str, ...]:
        """Give the tags that `latest` may point to; none where it says nothing of this shape."""
        current = self.current
        if best is None or current is None or current.kind not in {"number", "date", "semver"}:
            return ()
        if current.pre or self.policy.prerelease or "above-latest" in self.policy.lift:
            return ()
        variant = any(char.isalpha() for char in best.shape[len(best.prefix) :].lstrip("#.D"))
        if "latest" not in self.group.listed or (variant and self.group.has_plain):
            return ()
        top = self.group.newest_release
        above = [top.tag] if top is not None and top.order > best.order else []
        lower = islice(self.allowed(), 1, 1 + _MOST_ANCHORS)
        return (*above, *(version.tag for version in lower), current.tag)

    def verdicts(self) -> Iterator[Refusal]:
        """Give the one reason why each tag was not taken, in the order of the list."""
        chosen = {version.tag for version in self.allowed()}
        for tag in self.listing.tags:
            if tag in chosen:
                continue
            version = None if verdicts.is_artifact(tag) else self._read(tag)
            code = self._code(tag, version)
            yield Refusal(tag, code, verdicts.sentence(code, self.current, version))

    def _read(self, tag: str) -> Version | None:
        try:
            return self.reader.parse(tag)
        except patterns.BadPatternError:
            return None

    def _code(self, tag: str, version: Version | None) -> str:
        if tag == self.use.reference.tag:
            return "current"
        if version is None:
            return "not-an-image" if verdicts.is_artifact(tag) else "no-version"
        current = self.current
        try:
            if current is not None:
                other = verdicts.difference(current, version)
                if other is not None:
                    return other
                if version.order <= current.order:
                    return "equal" if version.order == current.order else "older"
            return self.judge.refuse(version) or "other-variant"
        except patterns.BadPatternError:
            return "slow-pattern"


class _Later(NamedTuple):
    """What it takes to line up again, and no more."""

    use: ImageUse
    policy: Policy
    scheme: Scheme
    packed: str
    pushed: Mapping[str, datetime]

    def _line_up(self) -> LineUp:
        listing = Complete(tables.unpacked(self.packed), self.pushed)
        return LineUp(self.use, listing, self.policy, self.scheme)

    def others(self) -> Iterator[Candidate]:
        """Give the candidates behind the best."""
        return islice(self._line_up().candidates(), 1, None)

    def verdicts(self) -> Iterator[Refusal]:
        """Give the refusals."""
        return self._line_up().verdicts()
