"""When pull requests may be opened: words and cron expressions, in a time zone. Pure: the moment is given.

Each time that a cron expression names opens a window of one hour, so that a run need not come on the
minute; one whose minutes are `*` is open in just the hours it names. A time that a clock change skips
comes at the next minute there is, one that it repeats comes once.
Source of the grammar and of the clock changes: github.com/cuu508/cronsim, which follows Debian's cron.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["WORDS", "check", "check_zone", "is_open", "of_robot", "opens", "split"]

WORDS = {
    "always": "* * * * *",
    "nights": "* 22-23,0-5 * * *",
    "weekends": "* * * * SAT,SUN",
    "office-hours": "* 9-16 * * MON-FRI",
}
_NICKNAMES = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_EVERY = re.compile(r"@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+")
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def split(text: str) -> tuple[str, ...]:
    """Give the schedules of a setting: several stand between semicolons, as commas belong to cron."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def check(text: str) -> str:
    """Give a setting of schedules back where all of them can be read.

    Raises:
        ValueError: There is none, or one cannot be read.
    """
    parts = split(text)
    for part in parts or ("",):
        _check(part)
    return "; ".join(parts)


def _check(text: str) -> None:
    """Read one schedule.

    Raises:
        ValueError: It is neither a word nor a cron expression of five fields, or names no time.
    """
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only where somebody has a schedule

    if text in WORDS:
        return
    words = f"; write nights, weekends, office-hours or five fields such as '0 5 * * 1-5': {text!r}"
    if len(text.split()) != 5:
        raise ValueError(f"no schedule{words}")
    try:
        next(CronSim(text, _EPOCH))
    except CronSimError as error:
        raise ValueError(f"{str(error).lower()}{words}") from error
    except StopIteration:
        raise ValueError(f"a time that never comes{words}") from None


def of_robot(text: str) -> str:
    """Give a schedule of Go's robfig/cron as ours: 5 or 6 fields, the first of 6 seconds, or a word with @.

    `@every` names no time of day: it is `always`. Source: github.com/robfig/cron, v1, "Predefined schedules".

    Raises:
        ValueError: It cannot be read.
    """
    plain = text.strip()
    if _EVERY.fullmatch(plain):
        return "always"
    fields = _NICKNAMES.get(plain, plain).replace("?", "*").split()
    return check(" ".join(fields[1:] if len(fields) == 6 else fields))


def check_zone(name: str) -> str:
    """Give the name of a time zone back where there is one.

    Raises:
        ValueError: There is none.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone; write it as Europe/Berlin or UTC: {name!r}") from None
    return name


def is_open(schedules: Iterable[str], zone: str, now: datetime) -> bool:
    """Say whether one of the schedules is open at a moment (with a time zone of its own); none always is."""
    texts = tuple(schedules)
    return not texts or any(_is_open(WORDS.get(text, text), zone, now) for text in texts)


def opens(schedules: Iterable[str], zone: str, now: datetime) -> datetime | None:
    """Give when the first of the schedules opens after a moment, in the zone; None if never."""
    times = [_following(WORDS.get(text, text), zone, now) for text in schedules]
    return min((time for time in times if time is not None), key=_instant, default=None)


def _is_open(cron: str, zone: str, now: datetime) -> bool:
    long = _MINUTE if cron.startswith("* ") else _HOUR
    opened = _following(cron, zone, now - long)
    return opened is not None and _instant(opened) <= now.timestamp()


def _following(cron: str, zone: str, moment: datetime) -> datetime | None:
    from cronsim import CronSim  # noqa: PLC0415 - as above

    times = CronSim(cron, moment.astimezone(ZoneInfo(zone)))
    # In an hour that the clock repeats it may name the first one's time, which is past.
    return next((time for time in times if _instant(time) > moment.timestamp()), None)


def _instant(moment: datetime) -> float:
    # Two moments of one zone compare by the clock on the wall, which a clock change turns back.
    return moment.timestamp()
