"""A pull request that nobody decides: reminded of once at half of its time, closed at the end. Pure.

The time counts from the last thing that happened: it was opened, it got other versions, a person spoke.
Nobody is surprised: between the reminder and the end lies half of the time at least.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bumper.asides.settings import seconds
from bumper.messages import marker

if TYPE_CHECKING:
    from bumper.model import ChangeRequest
    from bumper.publishing.standing import Known

__all__ = ["Due", "due", "length"]

_FORM = "%Y%m%dT%H%M%S"


class Due(NamedTuple):
    """What is due: a reminder, or, if `is_end`, the end; `key` is the reminder's among what was said."""

    is_end: bool
    end: datetime
    key: str


def length(request: ChangeRequest, default_seconds: int) -> int:
    """Give how long a pull request may wait, in seconds: its image that waits least; 0 for ever."""
    said = [bump.policy.setting("stale") for bump in request.bumps]
    told = [seconds(one.value) if one is not None else default_seconds for one in said]
    return min((one for one in told if one), default=0)


def due(known: Known, length_seconds: int, now: datetime | None) -> Due | None:
    """Give what is due now; None where nothing is, or nobody knows what was said already."""
    told = known.marker
    since = marker.moment(told.since) if told is not None else None
    begun = [one for one in (known.pull_request.created, since, known.active) if one is not None]
    if not length_seconds or now is None or not begun or not known.heard:
        return None
    start, whole = max(begun), timedelta(seconds=length_seconds)
    prefix = f"stale {start.astimezone(UTC):{_FORM}} "
    ends = sorted(key.removeprefix(prefix) for key in known.said if key.startswith(prefix))
    if ends:
        end = _read(ends[-1])
        return Due(True, end, "") if end is not None and now >= end else None
    if now - start < whole / 2:
        return None
    end = max(start + whole, now + whole / 2).astimezone(UTC)
    return Due(False, end, f"{prefix}{end:{_FORM}}")


def _read(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
