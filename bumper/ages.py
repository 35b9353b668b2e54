"""How old a tag's content is, and who says so. Pure: the moment is given.

The registry's own push time counts where it keeps one, else when we saw the content first. What the
publisher wrote into the image never does. A content that nobody dated waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Age:
    """An age with its source (`registry` or `first-seen`), None where nobody knows.

    `since` is what it counts from; `again` is true if the tag had another content before.
    """

    seconds: int | None = None
    source: str | None = None
    since: datetime | None = None
    again: bool = False

    def is_under(self, least_seconds: int) -> bool:
        """Say whether it is too young; an unknown age is."""
        return least_seconds > 0 and (self.seconds is None or self.seconds < least_seconds)

    def told(self, least_seconds: int) -> str:
        """Say why it waits, and until when."""
        least = span(least_seconds)
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
    """

    now: datetime | None = None
    ledger: Ledger | None = None
    pushed: Mapping[str, datetime] = field(default_factory=dict)

    def of_tag(self, tag: str) -> Age:
        """Give the age by the registry's word alone: no content is asked for."""
        when = self.pushed.get(tag)
        if self.now is None or when is None or when > self.now + _AHEAD:
            return Age()
        return Age(max(0, int((self.now - when).total_seconds())), "registry", when)

    def of(self, image: str, tag: str, digest: str) -> Age:
        """Give the age of the content that a tag has now; the ledger takes note of it."""
        if self.now is None:
            return Age()
        told = self.of_tag(tag)
        if self.ledger is None:
            return told
        seen = self.ledger.note(image, tag, digest, self.now)
        again = self.ledger.was_another(image, tag, digest)
        if told.source is not None:
            return Age(told.seconds, told.source, told.since, again)
        if self.pushed.get(tag) is not None or seen > self.now + _AHEAD:
            return Age(again=again)
        return Age(max(0, int((self.now - seen).total_seconds())), "first-seen", seen, again)
