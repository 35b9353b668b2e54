"""Tell people and monitorings what a run found and did: one digest a run and channel, each event once.

What was opened, updated and closed is an event of the run that did it. What is held or unknown stays
so for days: it is told when it begins, and what was told is given back to be kept for the next run.
A channel that fails never fails the run.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from bumper import redact, templates
from bumper.errors import BumperError
from bumper.model import Bump, Failure, Hold, Level, Operation
from bumper.notifiers.base import EVENTS, Event, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.model import Outcome, Published, Report
    from bumper.notifiers.base import Notifier

__all__ = ["Channel", "Told", "deliver", "digest", "events", "notify", "standing"]

_KINDS = {
    Operation.CREATED: "opened",
    Operation.UPDATED: "updated",
    Operation.CLOSED: "closed",
    Operation.FAILED: "failed",
}
_LEVELS = {"failed": "failure", "recovered": "success", "major": "warning"}
_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Channel:
    """A notifier, the name that settings call it by, the kinds of events it is told of, its words."""

    name: str
    notifier: Notifier
    when: tuple[str, ...] = EVENTS
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one channel: `error` is empty where it was told, or had nothing to be told."""

    channel: str
    sent: bool
    error: str = ""
    hint: str = ""


async def notify(
    report: Report, channels: Sequence[Channel], place: str, before: Mapping[str, frozenset[str]]
) -> tuple[Told, ...]:
    """Tell every channel what is for it.

    `before` has, by channel, the keys of what it was told in an earlier run and what stands still.
    """
    names = {channel.name for channel in channels}
    told = []
    for channel in channels:
        happened = events(report, before.get(channel.name, frozenset()))
        meant = tuple(one for one in happened if _is_for(one, channel, names))
        if not meant and not channel.notifier.EVERY_RUN:
            told.append(Told(channel.name, sent=False))
            continue
        told.append(await deliver(channel, digest(report, meant, place)))
    return tuple(told)


async def deliver(channel: Channel, message: Message) -> Told:
    """Send one message; whatever goes wrong becomes a sentence without an address in it."""
    try:
        if channel.template is not None:
            message = replace(message, body=templates.render(channel.template, asdict(message)))
            if not message.body:
                return Told(channel.name, sent=False)
        title, body = redact.clean(message.title), redact.clean(message.body)
        await channel.notifier.send(replace(message, title=title, body=body))
    except BumperError as error:
        return Told(channel.name, sent=False, error=error.message, hint=error.hint)
    except templates.TemplateFault as error:
        return Told(channel.name, sent=False, error=str(error))
    except Exception as error:  # noqa: BLE001 - a channel may fail in any way, the run may not
        return Told(channel.name, sent=False, error=f"not delivered ({type(error).__name__})")
    return Told(channel.name, sent=True)


def events(report: Report, before: frozenset[str]) -> tuple[Event, ...]:
    """Give what happened, in the order of `EVENTS`."""
    happened = [event for done in report.published for event in _of_request(done)]
    now = {event.key: event for event in _standing(report)}
    happened += [event for key, event in now.items() if key not in before]
    for key in sorted(before - now.keys()):
        if key.startswith("failed "):
            happened.append(
                Event("recovered", f"{key.removeprefix('failed ')} can be looked up again")
            )
    return tuple(sorted(happened, key=lambda event: EVENTS.index(event.kind)))


def standing(report: Report) -> frozenset[str]:
    """Give the keys of what stays so until something changes, to be kept for the next run."""
    return frozenset(event.key for event in _standing(report))


def digest(report: Report, happened: Sequence[Event], place: str) -> Message:
    """Make one message of some events; with none it carries the numbers alone."""
    counts: dict[str, int] = {}
    for event in happened:
        counts[event.kind] = counts.get(event.kind, 0) + 1
    words = ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "nothing new"
    lines = [f"{event.kind}: {event.text} {event.url}".rstrip() for event in happened[:_MOST_LINES]]
    if len(happened) > _MOST_LINES:
        lines.append(f"and {len(happened) - _MOST_LINES} more")
    level = next((_LEVELS[event.kind] for event in happened if event.kind in _LEVELS), "info")
    return Message(
        f"bumper: {words} in {place}", "\n".join(lines) or f"nothing new in {place}",
        level, tuple(happened), _numbers(report), _lists(report),
    )  # fmt: skip


def _of_request(done: Published) -> Iterable[Event]:
    kind = _KINDS.get(done.operation)
    if kind is None:
        return
    request, pull_request = done.request, done.pull_request
    title = request.title if request else pull_request.title if pull_request else ""
    text = _printable(f"{title}: {done.reason}" if done.reason else title)
    url = pull_request.url if pull_request else ""
    bumps = request.bumps if request else ()
    channels = _channels(bump for bump in bumps)
    yield Event(kind, text, url, "", channels)
    if kind == "opened" and any(bump.level is Level.MAJOR for bump in bumps):
        yield Event("major", text, url, "", channels)


def _standing(report: Report) -> Iterable[Event]:
    """Yield what is held or unknown, each place once, with a key that names the version held."""
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


def _is_for(event: Event, channel: Channel, names: set[str]) -> bool:
    """Say whether a channel wants an event; a name that no channel has means all of them."""
    meant = names & set(event.channels)
    return event.kind in channel.when and (not meant or channel.name in meant)


def _numbers(report: Report) -> dict[str, int]:
    numbers = {"uses": len(report.outcomes), "requests": report.requests.total}
    for outcome in report.outcomes:
        numbers[outcome.status] = numbers.get(outcome.status, 0) + 1
        if isinstance(outcome, Bump):
            level = f"level-{outcome.level}"
            numbers[level] = numbers.get(level, 0) + 1
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
