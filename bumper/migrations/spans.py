"""Renovate's and Dependabot's words for times: ages and schedules. Pure. No member.

Source: docs.renovatebot.com, "schedule" and the `schedule:` presets.
"""

from __future__ import annotations

import re

from bumper import windows

__all__ = ["PRESETS", "age", "cron"]

PRESETS = {
    "schedule:daily": "* 0-3 * * *",
    "schedule:earlyMondays": "* 0-2 * * 1",
    "schedule:monthly": "* 0-3 1 * *",
    "schedule:nonOfficeHours": "* 0-4,22-23 * * 1-5; * * * * 0,6",
    "schedule:officeHours": "* 8-17 * * 1-5",
    "schedule:quarterly": "* 0-3 1 */3 *",
    "schedule:weekdays": "* * * * 1-5",
    "schedule:weekends": "* * * * 0,6",
    "schedule:weekly": "* 0-3 * * 1",
    "schedule:yearly": "* 0-3 1 1 *",
}
_AGE = re.compile(r"(\d+)\s*(minute|hour|day|week)s?")
_UNITS = {"minute": "m", "hour": "h", "day": "d", "week": "w"}
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_HOUR = r"(\d{1,2})(?::00)?\s*(am|pm)"
_TEXT = re.compile(
    rf"(?:after {_HOUR})?\s*(?:and)?\s*(?:before {_HOUR})?\s*"
    r"(?P<every>every weekday|every weekend|every day)?\s*(?:(?:on|every) (?P<days>[a-z ,]+?))?"
    r"(?P<first>\s*on the first day of the month)?"
)


def age(text: str) -> str:
    """Give `3 days` as we write it.

    Raises:
        ValueError: It is no such age.
    """
    match = _AGE.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is no age that can be said in weeks, days, hours or minutes")
    return f"{match[1]}{_UNITS[match[2]]}"


def cron(texts: list[str]) -> str:
    """Give schedules in Renovate's words as ours.

    Raises:
        ValueError: One of them says something else than hours and days.
    """
    found = [part for text in texts for part in _crons(text.strip().lower())]
    return windows.check("; ".join(dict.fromkeys(found)))


def _crons(text: str) -> list[str]:
    if text in {"at any time", ""}:
        return ["always"]
    if len(text.split()) == 5 and text.startswith("*"):
        return [text]
    spoken = re.sub(r"on the first day of the month", "on first", text)
    match = _TEXT.fullmatch(spoken.replace("on first", "").strip())
    if match is None:
        raise ValueError(
            f"{text!r}: only hours, days of the week and the first of a month are read"
        )
    after, before = _hour(match[1], match[2]), _hour(match[3], match[4])
    day = "1" if spoken != text else "*"
    return [f"* {hours} {day} * {_days(match)}" for hours in _hours(after, before)]


def _hour(number: str | None, half: str | None) -> int | None:
    if number is None:
        return None
    hour = int(number) % 12 + (12 if half == "pm" else 0)
    if int(number) > 12:
        raise ValueError(f"{number}{half} is no hour")
    return hour


def _hours(after: int | None, before: int | None) -> list[str]:
    """Give the hours from `after` up to `before`, over midnight where that is earlier."""
    if after is None and before is None:
        return ["*"]
    start, end = after or 0, 24 if before is None else before
    if end == 0:
        end = 24
    if start == end:
        raise ValueError("it begins when it ends")
    if start < end:
        return [_span(start, end)]
    return [f"{_span(0, end)},{_span(start, 24)}"]


def _span(start: int, end: int) -> str:
    return str(start) if end - start == 1 else f"{start}-{end - 1}"


def _days(match: re.Match[str]) -> str:
    every = {"every weekday": "1-5", "every weekend": "0,6"}.get(match["every"] or "")
    if match["days"] is None:
        return every or "*"
    names = [name for name in re.split(r"\s*,\s*|\s+and\s+|\s+", match["days"].strip()) if name]
    if every or not all(name in _DAYS for name in names):
        raise ValueError(f"{match['days']!r} are no days of the week")
    return ",".join(str(_DAYS.index(name)) for name in names)
