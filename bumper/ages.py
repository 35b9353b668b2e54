"""How old a tag's content is, and who says so. Pure: the moment is given.

The registry's own push time counts where it keeps one, else when we saw the content first. What the
publisher wrote into the image never does. A content that nobody dated waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bumper.asides.settings import span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bumper.ledger import Ledger

__all__ = ["Age", "Ages"]

# Clocks differ; a push time further ahead than this is no time at all.
_AHEAD = timedelta(minutes=5)
# A clock of ours that differs more than this from the registry's dates nothing.
_MOST_OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Age:
    """An age with its source (`registry` or `first-seen`), None where nobody knows.

    `since` is what it counts from; `again` is true if the tag had another content before. `off` is how
    far our clock and the registry's are apart, where that is too far to tell an age; `free` is true if
    a person wants it whatever its age.
    """

    seconds: int | None = None
    source: str | None = None
    since: datetime | None = None
    again: bool = False
    off: timedelta | None = None
    free: bool = False

    def is_under(self, least_seconds: int) -> bool:
        """Say whether it is younger than that; an unknown age is."""
        return least_seconds > 0 and (self.seconds is None or self.seconds < least_seconds)

    def told(self, least_seconds: int) -> str:
        """Say why it waits, and until when."""
        least = span(least_seconds)
        if self.off is not None:
            apart = span(int(self.off.total_seconds()))
            return f"the clock here and the registry's are {apart} apart, and `min-age` is {least}"
        if self.seconds is None or self.since is None:
            return f"its age is not known, and `min-age` is {least}"
        by = "pushed" if self.source == "registry" else "first seen"
        free = self.since + timedelta(seconds=least_seconds)
        again = " (its content was replaced)" if self.again else ""
        return f"{by} {span(self.seconds)} ago{again}, free at {free:%Y-%m-%d %H:%M} UTC by `min-age` {least}"


@dataclass(frozen=True, slots=True)
class Ages:
    """What is known of the age of one image's tags.

    Args:
        now: This moment, in UTC; None: nothing has an age.
        ledger: When contents were first seen; None: it is not kept here.
        pushed: When the registry says that a tag was pushed last.
        told_now: This moment by the registry's clock, where it was heard.
        early: What need not be old enough, as `image=tag`, with `@digest` of just this content.
    """

    now: datetime | None = None
    ledger: Ledger | None = None
    pushed: Mapping[str, datetime] = field(default_factory=dict)
    told_now: datetime | None = None
    early: frozenset[str] = frozenset()

    def of_tag(self, tag: str) -> Age:
        """Give the age by the registry's word alone: no content is asked for."""
        if self._off is not None:
            return Age(off=self._off)
        when, now = self.pushed.get(tag), self._moment
        if now is None or when is None or when - now > _AHEAD:
            return Age()
        return Age(max(0, int((now - when).total_seconds())), "registry", when)

    def of(self, image: str, tag: str, digest: str) -> Age:
        """Give the age of the content that a tag has now; the ledger takes note of it."""
        free = not self.early.isdisjoint((f"{image}={tag}", f"{image}={tag}@{digest}"))
        return replace(self._seen(image, tag, digest), free=free)

    def may_be_free(self, image: str, tag: str) -> bool:
        """Say whether a person wants a tag whatever its age, with its content or another one."""
        target = f"{image}={tag}"
        return any(one.partition("@")[0] == target for one in self.early)

    def _seen(self, image: str, tag: str, digest: str) -> Age:
        now, told = self._moment, self.of_tag(tag)
        if now is None or self.ledger is None or told.off is not None:
            return told
        seen = self.ledger.note(image, tag, digest, now)
        again = self.ledger.was_another(image, tag, digest)
        if told.source is not None:
            return Age(told.seconds, told.source, told.since, again)
        if self.pushed.get(tag) is not None or seen - now > _AHEAD:
            return Age(again=again)
        return Age(max(0, int((now - seen).total_seconds())), "first-seen", seen, again)

    def lag(self, old: str | None, new: str | None) -> int | None:
        """Give how much later one tag was pushed than another, in seconds; None where nobody told both."""
        before, after = self.pushed.get(old or ""), self.pushed.get(new or "")
        if old == new or before is None or after is None:
            return None
        return max(0, int((after - before).total_seconds()))

    @property
    def _off(self) -> timedelta | None:
        """How far the two clocks are apart, None where that is not much or not known."""
        if self.now is None or self.told_now is None:
            return None
        apart = abs(self.now - self.told_now)
        return apart if apart > _MOST_OFF else None

    @property
    def _moment(self) -> datetime | None:
        """This moment by the later of the two clocks."""
        clocks = [clock for clock in (self.now, self.told_now) if clock is not None]
        return max(clocks) if self.now is not None else None
