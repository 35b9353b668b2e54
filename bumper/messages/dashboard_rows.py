"""The rows of the dashboard, section by section, each thing in one of them. Pure.

What strangers wrote is harmless already; what differs from run to run though nothing has happened (an age,
a count, seconds to wait) is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper import harmless
from bumper.messages import boxes
from bumper.messages.boxes import Asked
from bumper.messages.places import shown
from bumper.model import Failure, Hold, Ignored, Level, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.model import Bump, Outcome, Published

__all__ = ["is_major", "is_refused", "sections"]

_LONGEST = 160
_OPEN = (Operation.CREATED, Operation.UPDATED, Operation.UNCHANGED)
# Why a pull request is not opened yet, where the sentence of the run counts what differs; a box opens it.
_BOUND = {
    "limit": "as many pull requests are open as may be",
    "per-hour": "as many pull requests were opened within an hour as may be",
    "schedule": "",
}
_REFUSED = {
    "no-majors": "no majors are wanted since",
    "stale": "nobody decided",
    "reverted": "taken back after",
}
_WAITS = ("too-young", "waits-for-group")
_FREE = re.compile(r"free at (?P<when>\d{4}-\d\d-\d\d \d\d:\d\d UTC)")
_DIFFERS = re.compile(r"; by what was known [^;]{1,30} ago|(?:, try again)? in \d+ s\b")


def is_refused(done: Published) -> bool:
    """Say whether it tells of something that is not offered, because of what a person did or did not do."""
    return done.operation is Operation.REFUSED or done.code in {"reverted", "stale"}


def is_major(done: Published) -> bool:
    """Say whether it brings a major."""
    return done.request is not None and any(b.level is Level.MAJOR for b in done.request.bumps)


def sections(
    outcomes: Sequence[Outcome], published: Sequence[Published]
) -> Mapping[str, tuple[str, ...]]:
    """Give the rows by the title of their section, in the order of the page."""
    holds = [one for one in outcomes if isinstance(one, Hold)]
    waiting = [one for one in holds if one.code in _WAITS]
    ours = [one for one in published if one.operation in _OPEN]
    held = [one for one in published if one.operation is Operation.HELD and not is_refused(one)]
    told = [one for one in published if one.operation in {Operation.EDITED, Operation.FAILED}]
    return {
        "Needs a person": (
            *_requests(one for one in ours if is_major(one)),
            *_requests(told),
            *_uses(one for one in holds if one.code not in _WAITS),
        ),
        "Open pull requests": _requests(one for one in ours if not is_major(one)),
        "Waiting": (*_held(held), *_uses(waiting)),
        "Ignored": (
            *_refused(published),
            *_uses(one for one in outcomes if isinstance(one, Ignored)),
        ),
        "Unknown": _uses(one for one in outcomes if isinstance(one, Failure)),
    }


def _requests(published: Iterable[Published]) -> tuple[str, ...]:
    # They come in the order of their ages, which is another one from run to run.
    return tuple(sorted(f"- {_named(one)}{_why(one)}" for one in published))


def _held(published: Iterable[Published]) -> tuple[str, ...]:
    """Give what is not opened yet with a box that opens it, and what a person holds without one."""
    rows = {}
    for one in published:
        words = f"{_named(one)}{_why(one)}"
        bound = one.code in _BOUND and one.request is not None
        asked = Asked("open", one.request.branch) if one.request is not None else None
        rows[words] = boxes.box(asked, f"open now: {words}") if bound and asked else f"- {words}"
    return tuple(rows[words] for words in sorted(rows))


def _refused(published: Iterable[Published]) -> tuple[str, ...]:
    """Give what is not offered, row by row, each with a box that has it offered again."""
    rows = {}
    for done in published:
        for bump in done.request.bumps if is_refused(done) and done.request is not None else ():
            # Majors that nobody wants are wanted again with the one that is.
            target = f"major {bump.target}" if bump.level is Level.MAJOR else bump.target
            words = f"offer again: {_step(bump)}, {_REFUSED.get(done.code, 'refused in')} "
            rows[target] = boxes.box(Asked("unskip", target), words + _number(done))
    return tuple(rows[target] for target in sorted(rows))


def _step(bump: Bump) -> str:
    new = bump.new_tag or (bump.new_digest or "no digest")[:19]
    return f"{harmless.code(str(bump.use.reference))} to {harmless.code(new)}"


def _number(done: Published) -> str:
    opened = done.pull_request
    if opened is None:
        return ""
    return shown(harmless.prose(f"#{opened.number}"), opened.url, own=True)


def _named(done: Published) -> str:
    named = done.pull_request or done.request
    title = harmless.prose(named.title) if named is not None else ""
    return shown(title, done.pull_request.url if done.pull_request is not None else "", own=True)


def _why(done: Published) -> str:
    reason = _BOUND.get(done.code) or ("" if done.operation in _OPEN else _plain(done.reason))
    return f": {reason}" if reason else ""


def _plain(reason: str) -> str:
    return harmless.spans(_DIFFERS.sub("", reason)[:_LONGEST])


def _uses(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Give one row for each image and reason, with the places it stands at; what is too young has a box."""
    places: dict[tuple[str, str, Asked | None], list[str]] = {}
    for one in outcomes:
        free = _FREE.search(one.reason) if isinstance(one, Hold) else None
        new = f"{one.new_tag} is " if isinstance(one, Hold) and one.new_tag else ""
        reason = f"{new}free at {free['when']}" if free else one.reason
        key = (str(one.use.reference), reason, _early(one))
        places.setdefault(key, []).append(one.use.path)
    rows = []
    for (image, reason, asked), paths in places.items():
        words = f"{harmless.code(image)}: {_plain(reason)} ({_listed(paths)})"
        rows.append(boxes.box(asked, f"open now: {words}") if asked else f"- {words}")
    return tuple(rows)


def _early(outcome: Outcome) -> Asked | None:
    """Give the box that has something proposed before it is old enough."""
    if not isinstance(outcome, Hold) or outcome.code != "too-young":
        return None
    reference = outcome.use.reference
    return Asked("open", f"{reference.image}={outcome.new_tag or reference.tag or ''}")


def _listed(paths: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(paths))
    more = f" and {len(distinct) - 2} more" if len(distinct) > 2 else ""
    return ", ".join(harmless.code(path) for path in distinct[:2]) + more
