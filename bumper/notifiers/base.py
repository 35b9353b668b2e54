"""What a notifier is: one way to tell people, or a monitoring, what a run found and did.

A member gets a finished message; what is told, and whether it was told before, is for `notify` to
say. A member never puts an address or a secret into an error: those may be the same text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENTS", "LEVELS", "Event", "Message", "Notifier"]

# What may be told, in the order people want to read it.
EVENTS = (
    "failed", "recovered", "major", "merged", "opened", "updated", "stale", "closed", "held",
)  # fmt: skip

# How grave it is, in rising order.
LEVELS = ("info", "success", "warning", "failure")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: `kind` of `EVENTS`, a sentence, the page to look at.

    `key` is the same text as long as it is the same event; `channels` the notifiers that are meant,
    all of them if empty.
    """

    kind: str
    text: str
    url: str = ""
    key: str = ""
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One run's digest for one notifier. `numbers` are the run's counts, `lists` names by group.

    A `trial` tells of no run: a monitoring keeps the values that it has.
    `level` is the worst of it: info, success, warning or failure.
    """

    title: str
    body: str
    level: str = "info"
    events: tuple[Event, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trial: bool = False


class Notifier(Protocol):
    """One channel; made with its address and what it may know."""

    # Whether every run is told, not only one with events: a monitoring wants its values each time.
    EVERY_RUN: bool

    async def send(self, message: Message) -> None:
        """Deliver a message.

        Raises:
            NotifyError: It was not delivered; the text holds neither address nor secret.
        """
        ...
