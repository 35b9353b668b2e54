"""How many pull requests may be opened, and when. Pure: the moment and the counts are given.

What may not be opened now is not lost: the next run asks again, in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bumper import windows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bumper.model import ChangeRequest

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds the opening of pull requests; those that are open are brought up to date at any time.

    `open` is how many may be open at once, `per_hour` how many may be opened within an hour, 0 for any
    number; `zone` is the time zone of the schedules, `now` the moment: without it nothing waits for one.
    `stale_seconds` is how long a pull request may wait for a decision, 0 for ever. `at_once` are branches
    and targets, with or without their digests, that a person wants pull requests of, whatever binds the others.
    """

    open: int = 0
    per_hour: int = 0
    zone: str = "UTC"
    now: datetime | None = None
    stale_seconds: int = 0
    at_once: frozenset[str] = frozenset()

    def against(self, request: ChangeRequest, opened: int, recent: int) -> tuple[str, str] | None:
        """Say why a request may not be opened now, as a code and a sentence; None if it may.

        Args:
            request: The request.
            opened: How many pull requests of ours are open.
            recent: How many of ours were opened within the last hour.
        """
        plain = (target.partition("@")[0] for target in request.targets)
        if self.at_once.intersection((request.branch, *request.targets, *plain)):
            return None
        if waits := self._waits(request):
            return "schedule", waits
        if self.open and opened >= self.open:
            standing = "pull request is" if opened == 1 else "pull requests are"
            return "limit", f"{opened} {standing} open, the limit is {self.open}"
        if self.per_hour and recent >= self.per_hour:
            made = "pull request was" if recent == 1 else "pull requests were"
            reason = f"{recent} {made} opened within an hour, the limit is {self.per_hour}"
            return "per-hour", reason
        return None

    def recent(self, created: Iterable[datetime | None]) -> int:
        """Count what was opened within the last hour."""
        if self.now is None:
            return 0
        return sum(one is not None and self.now - one < timedelta(hours=1) for one in created)

    def _waits(self, request: ChangeRequest) -> str:
        """Say until when a request waits: every schedule of its bumps must be open; "" if it need not."""
        if self.now is None:
            return ""
        said = [bump.policy.setting("schedule") for bump in request.bumps]
        for setting in dict.fromkeys(one for one in said if one is not None):
            texts = windows.split(setting.value)
            if windows.is_open(texts, self.zone, self.now):
                continue
            when = windows.opens(texts, self.zone, self.now)
            until = f", next on {when:%a %Y-%m-%d %H:%M} {self.zone}" if when else ""
            return f"outside of its schedule `{setting.value}` ({setting.source}){until}"
        return ""
