"""Tell people and monitorings what a run found and did: one digest a run and channel, each event once.

What happened is for `news` to say. A channel that fails never fails the run.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from bumper import news, redact, templates
from bumper.errors import BumperError
from bumper.harmless import quiet
from bumper.notifiers.base import EVENTS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bumper.model import Report
    from bumper.notifiers.base import Event, Message, Notifier

__all__ = ["Channel", "Told", "deliver", "notify"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A notifier, the name that settings call it by, the events it is told of, its words.

    `level` is the least grave it is told of.
    """

    name: str
    notifier: Notifier
    when: tuple[str, ...] = EVENTS
    template: str | None = None
    level: str = "info"


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
        happened = news.events(report, before.get(channel.name, frozenset()))
        meant = tuple(one for one in happened if _is_for(one, channel, names))
        if not meant and not channel.notifier.EVERY_RUN:
            told.append(Told(channel.name, sent=False))
            continue
        told.append(await deliver(channel, news.digest(report, meant, place)))
    return tuple(told)


async def deliver(channel: Channel, message: Message) -> Told:
    """Send one message; whatever goes wrong becomes a sentence without an address in it."""
    try:
        if channel.template is not None:
            told = replace(message, events=_each(message.events, quiet))
            message = replace(message, body=templates.render(channel.template, asdict(told)))
            if not message.body:
                return Told(channel.name, sent=False)
        title, body = redact.clean(message.title), redact.clean(message.body)
        events = _each(message.events, redact.clean)
        await channel.notifier.send(replace(message, title=title, body=body, events=events))
    except BumperError as error:
        return Told(channel.name, sent=False, error=error.message, hint=error.hint)
    except templates.TemplateFault as error:
        return Told(channel.name, sent=False, error=str(error))
    except Exception as error:  # noqa: BLE001 - a channel may fail in any way, the run may not
        return Told(channel.name, sent=False, error=f"not delivered ({type(error).__name__})")
    return Told(channel.name, sent=True)


def _each(events: Sequence[Event], words: Callable[[str], str]) -> tuple[Event, ...]:
    return tuple(replace(event, text=words(event.text)) for event in events)


def _is_for(event: Event, channel: Channel, names: set[str]) -> bool:
    """Say whether a channel wants an event; a name that no channel has means all of them."""
    meant = names & set(event.channels)
    grave = LEVELS.index(news.level(event)) >= LEVELS.index(channel.level)
    return grave and event.kind in channel.when and (not meant or channel.name in meant)
