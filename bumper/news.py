"""What a run found and did, as events for people and numbers for monitorings. Pure.

What was done is an event of the run that did it. What is held, unknown or open stays so for days: its
key is given out to be kept, and it is told when it begins and when it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.harmless import quiet
from bumper.model import Bump, Failure, Hold, Level, Operation, PullRequestState
from bumper.notifiers.base import EVENTS, Event, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Outcome, Published, PullRequest, Report

__all__ = ["digest", "events", "gone", "level", "standing"]

_KINDS = {
    Operation.CREATED: "opened",
    Operation.UPDATED: "updated",
    Operation.CLOSED: "closed",
}
_ENDED = (Operation.CLOSED, Operation.REFUSED)
# A pull request that nobody decides: said once that it will be closed, then closed.
_STALE = frozenset({"reminded", "stale"})
_LEVELS = {
    "failed": "failure", "major": "warning", "stale": "warning", "recovered": "success",
    "merged": "success",
}  # fmt: skip
_MOST_LINES = 100
_STATUSES = ("bump", "hold", "current", "ignored", "failed")


def level(event: Event) -> str:
    """Give how grave an event is: info, success, warning or failure."""
    return _LEVELS.get(event.kind, "info")


def events(report: Report, before: frozenset[str]) -> tuple[Event, ...]:
    """Give what happened, in the order of `EVENTS`; `before` has the keys of what was told and stood."""
    happened = [event for done in report.published for event in _of_request(done, before)]
    now = {event.key: event for event in _standing(report)}
    happened += [event for key, event in now.items() if key not in before]
    for key in sorted(before - now.keys()):
        if key.startswith("failed ") and report.whole:
            happened.append(Event("recovered", f"{key.removeprefix('failed ')}: fails no more"))
    happened += [
        Event("merged", _printable(one.title), one.url)
        for one in report.pull_requests
        if one.state is PullRequestState.MERGED and _key(one) in before
    ]
    return tuple(sorted(happened, key=lambda event: EVENTS.index(event.kind)))


def standing(report: Report, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """Give the keys of what stays so until something changes, to be kept for the next run.

    What the run does not speak of is as it was.
    """
    ended = {_key(one) for one in report.pull_requests if one.state is not PullRequestState.OPEN}
    ended |= _with(report, _ENDED)
    still = {key for key in before if key.startswith("open ") or not report.whole} - ended
    return frozenset(event.key for event in _standing(report)) | still | _open(report)


def gone(report: Report, before: frozenset[str]) -> bool:
    """Say whether a pull request that was known as open is not open any more, as far as one can see."""
    known = {key for key in before if key.startswith("open ")}
    return bool(known - _open(report) - _with(report, _ENDED) - _with(report, {Operation.FAILED}))


def _key(pull_request: PullRequest) -> str:
    return f"open {pull_request.number}"


def _open(report: Report) -> frozenset[str]:
    return frozenset(
        _key(done.pull_request)
        for done in report.published
        if done.pull_request is not None and _is_open(done)
    )


def _is_open(done: Published) -> bool:
    one = done.pull_request
    ended = done.operation in {*_ENDED, Operation.FAILED}
    return not ended and one is not None and one.state is PullRequestState.OPEN


def _with(report: Report, operations: Iterable[Operation]) -> frozenset[str]:
    """Give the keys of the pull requests to which one of these was done."""
    return frozenset(
        _key(done.pull_request)
        for done in report.published
        if done.pull_request is not None and done.operation in operations
    )


def digest(report: Report, happened: Sequence[Event], place: str) -> Message:
    """Make one message of some events; with none it carries the numbers alone."""
    counts: dict[str, int] = {}
    for event in happened:
        counts[event.kind] = counts.get(event.kind, 0) + 1
    words = ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "nothing new"
    lines = [
        f"{event.kind}: {quiet(event.text)} {event.url}".rstrip()
        for event in happened[:_MOST_LINES]
    ]
    if len(happened) > _MOST_LINES:
        lines.append(f"and {len(happened) - _MOST_LINES} more")
    grave = {level(event) for event in happened}
    worst = next((one for one in ("failure", "warning", "success") if one in grave), "info")
    return Message(
        f"bumper: {words} in {place}", "\n".join(lines) or f"nothing new in {place}",
        worst, tuple(happened), _numbers(report), _lists(report),
    )  # fmt: skip


def _kind(done: Published, before: frozenset[str]) -> str | None:
    if done.code in _STALE:
        return "stale"
    # What was opened while a channel was down, or before it was one, is news to it.
    if done.pull_request is not None and _is_open(done) and _key(done.pull_request) not in before:
        return "opened"
    return _KINDS.get(done.operation)


def _of_request(done: Published, before: frozenset[str]) -> Iterable[Event]:
    kind = _kind(done, before)
    if kind is None:
        return
    request, pull_request = done.request, done.pull_request
    title = request.title if request else pull_request.title if pull_request else ""
    text = _printable(f"{title}: {done.reason}" if done.reason else title)
    url = pull_request.url if pull_request else ""
    bumps = request.bumps if request else ()
    channels = _channels(bumps)
    yield Event(kind, text, url, "", channels)
    if kind == "opened" and any(bump.level is Level.MAJOR for bump in bumps):
        yield Event("major", text, url, "", channels)


def _standing(report: Report) -> Iterable[Event]:
    """Yield what is held, unknown or not published, with a key that names the version held."""
    for done in report.published:
        if done.operation is Operation.FAILED:
            request, title = done.request, done.pull_request.title if done.pull_request else ""
            what = request.title if request else title
            text = _printable(f"{what}: {done.reason}")
            channels = _channels(request.bumps if request else ())
            yield Event("failed", text, "", f"failed pull request {_printable(what)}", channels)
    for outcome in report.outcomes:
        place = f"{outcome.use.path} {outcome.use.where}"
        name = outcome.use.reference.short
        text = _printable(f"{name} in {outcome.use.path}:{outcome.use.line}: {outcome.reason}")
        if isinstance(outcome, Hold):
            key = f"held {place} {outcome.new_tag or outcome.code}"
            yield Event("held", text, "", key, _channels([outcome]))
        elif isinstance(outcome, Failure):
            yield Event("failed", text, "", f"failed {name} in {place}", _channels([outcome]))
    for problem in report.problems:
        text = _printable(f"{problem.path}: {problem.reason}")
        yield Event("failed", text, "", f"failed {problem.path} {problem.line} {problem.code}")


def _channels(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Give the channels that the settings of some images name; none names all."""
    named: dict[str, None] = {}
    for outcome in outcomes:
        for setting in outcome.policy.said:
            if setting.key == "notify":
                named.update(dict.fromkeys(part.strip() for part in setting.value.split(",")))
    return tuple(named)


def _numbers(report: Report) -> dict[str, int]:
    # A template may name each of them, and nought is a number.
    numbers = dict.fromkeys((*_STATUSES, *(f"level-{one}" for one in Level)), 0)
    numbers |= {"uses": len(report.outcomes), "requests": report.requests.total}
    for outcome in report.outcomes:
        numbers[outcome.status] += 1
        if isinstance(outcome, Bump):
            numbers[f"level-{outcome.level}"] += 1
    numbers["updated"] = len(_done(report))
    return numbers


def _lists(report: Report) -> dict[str, tuple[str, ...]]:
    done = _done(report)
    waiting = [
        outcome.use.reference.short
        for outcome in report.outcomes
        if isinstance(outcome, Bump | Hold) and outcome.use.reference.short not in done
    ]
    statuses = [
        f"{outcome.use.path}:{outcome.use.where}\t{outcome.use.reference.short}\t{outcome.status}"
        for outcome in report.outcomes
    ]
    return {"waiting": tuple(dict.fromkeys(waiting)), "done": done, "statuses": tuple(statuses)}


def _done(report: Report) -> tuple[str, ...]:
    """Give the images in pull requests that were opened or updated now."""
    found = {
        bump.use.reference.short: None
        for done in report.published
        if done.operation in {Operation.CREATED, Operation.UPDATED} and done.request
        for bump in done.request.bumps
    }
    return tuple(found)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
