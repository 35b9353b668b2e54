"""May one version be taken? The rules, in their order, each with its code. Pure.

First what the user asked for, then what only a person may lift (those are holds), last what the
makers of an image forbid. Guards stand under every policy and scheme.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bumper import images, patterns, readers
from bumper.model import Level
from bumper.ranges import parse_range

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bumper.judging.tables import Group
    from bumper.model import ImageUse, Policy
    from bumper.schemes.base import Version

__all__ = ["HOLDS", "Judge"]

# What only a person may lift; `lift:` names the last two, `environment:` the first.
HOLDS = frozenset({"other-environment", "scheme-jump", "pushed-earlier"})
# How far above the highest contiguous major a major may be before it is another scheme's. Where
# majors are in the thousands they are builds, which skip numbers: a tenth more.
_WIDEST_GAP = 5
_BUILDS = 1000
_COUNTED = frozenset({"number", "semver"})
# Kinds that words may be of too: these are taken only where `tags:` names them.
_UNNUMBERED = frozenset({"text", "time"})


class Judge:
    """The rules for one use, in front of the versions that compare with its own."""

    def __init__(
        self,
        use: ImageUse,
        policy: Policy,
        current: Version | None,
        group: Group | None = None,
        pushed: Mapping[str, datetime] | None = None,
    ) -> None:
        self.use = use
        self.policy = policy
        self.current = current
        self.group = group
        self.pushed = pushed or {}
        self.range = parse_range(policy.range) if policy.range else None
        self.allow = patterns.compile_pattern(policy.tags) if policy.tags else None
        self.deny = tuple(patterns.compile_pattern(text) for text in policy.deny)
        self.filtered = bool(self.allow or self.deny or self.range)
        self.highest = policy.level.rank if policy.level is not None else -1
        self.since = self.pushed.get(current.tag) if current else None

    def refuse(self, version: Version) -> str | None:
        """Give the code that refuses a greater version of the same shape, None if nothing does."""
        code = self.filter(version) if self.filtered else None
        if code is not None:
            return code
        current = self.current
        if version.kind in _UNNUMBERED and self.allow is None and readers.is_word(version.tag):
            return "no-version"
        if current is None:
            return "pre-release" if version.pre and not self.policy.prerelease else None
        if (version.padded or current.padded) and version.widths[1:] != current.widths[1:]:
            return "other-precision"
        if version.pre and not self._prerelease_fits(version, current):
            return "pre-release"
        if self.highest < 3 and self.level(version).rank > self.highest:
            return "above-policy"
        code = self._held(version, current)
        if code is not None:
            return code
        return "skips-a-major" if self.step is not None and version.parts[0] > self.step else None

    def filter(self, version: Version) -> str | None:
        """Give the code of what the user's own expressions and range refuse."""
        if self.allow is not None and self.allow.groups(version.tag) is None:
            return "not-allowed"
        if any(pattern.groups(version.tag) is not None for pattern in self.deny):
            return "denied"
        if self.range is None or self.range.admits(version.parts, version.pre, lenient=True):
            return None
        return "out-of-range"

    def _prerelease_fits(self, version: Version, current: Version) -> bool:
        """Say whether a pre-release may be taken: asked for, or the next one of the same version."""
        if self.policy.prerelease or (current.pre and version.parts == current.parts):
            return True
        return self.range is not None and self.range.admits(version.parts, version.pre)

    def _held(self, version: Version, current: Version) -> str | None:
        if version.environment != current.environment:
            if not rises(version, current):
                return "older-environment"
            if self.policy.environment != "follow":
                return "other-environment"
        lifted = self.policy.lift
        if self.top is not None and version.parts[0] > self.top and "scheme-jump" not in lifted:
            return "scheme-jump"
        if self.since is not None and "pushed-earlier" not in lifted:
            when = self.pushed.get(version.tag)
            if when is not None and when < self.since:
                return "pushed-earlier"
        return None

    def level(self, version: Version) -> Level:
        """Give the level of a step: the first part that differs counts."""
        current = self.current
        if current is None or not version.parts:
            return Level.MAJOR
        if version.parts[0] != current.parts[0]:
            return Level.MAJOR
        return Level.PATCH if version.parts[1:2] == current.parts[1:2] else Level.MINOR

    @cached_property
    def top(self) -> int | None:
        """The highest major that is reached without a gap of more than five; None: no limit."""
        current = self.current
        if current is None or self.group is None or current.kind not in _COUNTED:
            return None
        top = current.parts[0]
        for major in self.group.majors:
            if top < major <= top + (_WIDEST_GAP if top < _BUILDS else top // 10):
                top = major
        return top if top < _BUILDS else top + top // 10

    @cached_property
    def step(self) -> int | None:
        """The next major that exists, where the image's makers forbid skipping one; None: no limit."""
        repository, current = self.use.reference.repository, self.current
        if current is None or self.group is None or not current.parts:
            return None
        if not images.is_stepwise(repository, self.policy.stepwise):
            return None
        free = Judge(self.use, self.policy, current, self.group, self.pushed)
        free.__dict__["step"] = None
        majors = {
            version.parts[0]
            for version in self.group.versions
            if version.parts[0] > current.parts[0] and free.refuse(version) is None
        }
        return min(majors, default=current.parts[0])


def rises(version: Version, current: Version) -> bool:
    """Say whether no operating system or runtime of a version is older than the current one's."""
    pairs = zip(version.environment, current.environment, strict=False)
    return all(new >= old for new, old in pairs)
