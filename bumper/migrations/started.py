"""How Watchtower, Shepherd, Keel and container-updater were started -> who is told, and when. Pure.

Their options stand where they are deployed: in a service of a Compose file, whose flags for containers
are marks and read there; or outside the repository, in an env file or on a command line. No file of
theirs says which files to look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from bumper import windows
from bumper.flags import container_updater, keel, shepherd, watchtower
from bumper.migrations.base import Draft, Entry, Verdict
from bumper.migrations.page import shown
from bumper.migrations.started_containers import CONTAINERS, claims, decide

if TYPE_CHECKING:
    from bumper.flags.base import Option, Started, Word

__all__ = ["OPTIONS", "PROGRAMS", "read"]

OPTIONS: dict[str, tuple[Option, ...]] = {
    "watchtower": watchtower.OPTIONS,
    "shepherd": shepherd.OPTIONS,
    "keel": keel.OPTIONS,
    "container-updater": container_updater.OPTIONS,
}
# The image or the program of each.
PROGRAMS: dict[str, tuple[str, ...]] = {
    "watchtower": watchtower.IMAGES,
    "shepherd": shepherd.IMAGES,
    "keel": keel.IMAGES,
    "container-updater": container_updater.IMAGES,
}
# Whose address a channel gets, as $NAME: an address is a secret, and stays out of the file.
_CHANNELS = {
    "WATCHTOWER_NOTIFICATION_URL": "shoutrrr",
    "SHOUTRRR_URLS": "shoutrrr",
    "WEBHOOK_ENDPOINT": "webhook",
    "APPRISE_SIDECAR_URL": "webhook",
    "DISCORD_WEBHOOK_URL": "apprise",
    "-d": "apprise",
}
_VARIABLES = {"-d": "DISCORD_WEBHOOK_URL"}
_SCHEDULES = ("WATCHTOWER_SCHEDULE", "POLL_DEFAULTSCHEDULE")
_LEVELS = {
    "panic": "failure", "fatal": "failure", "error": "failure", "warn": "warning", "warning": "warning",
    "success": "success", "info": "info", "debug": "info", "trace": "info",
}  # fmt: skip
_READ = frozenset(
    {
        *_CHANNELS,
        *_SCHEDULES,
        "WATCHTOWER_NOTIFICATIONS_LEVEL",
        "NOTIFICATION_LEVEL",
        "TZ",
        "-z",
        "-n",
    }
)


@dataclass(slots=True)
class _Lists:
    """What is written while a start is read."""

    top: dict[str, Any] = field(default_factory=dict)
    channels: list[dict[str, Any]] = field(default_factory=list)
    translated: list[Entry] = field(default_factory=list)
    lost: list[Entry] = field(default_factory=list)
    aside: list[Entry] = field(default_factory=list)


def read(system: str, started: Started, *, inside: bool) -> Draft:
    """Read how a system was started; `inside` the repository, what it says of containers is a mark."""
    lists = _Lists()
    words = started.words
    for name, word in words.items():
        option = next((one for one in OPTIONS[system] if fnmatchcase(name, one.key)), None)
        entry = Entry(word.path, word.line, _shown(name, word), "")
        if option is None:
            _put(lists.lost, entry, "is not known here")
        elif name in CONTAINERS:
            continue
        elif name in _READ:
            _read(lists, name, word, entry)
        elif option.means.startswith(("Nothing:", "The same")):
            _put(lists.aside, entry, option.means)
        else:
            _put(lists.lost, entry, option.means)
    for word in started.others if not inside else ():
        why = "a name chooses containers: name the images in a rule"
        _put(lists.lost, Entry(word.path, word.line, word.value, ""), why)
    _channels(lists, words)
    schedule = lists.top.get("defaults.schedule")
    said = (("schedule", schedule),) if schedule else ()
    found, lost = ((), ()) if inside else claims(system, words)
    return Draft(
        system,
        lambda use: Verdict((*said, *(() if inside else decide(found, use)))),
        tuple(one for one in found),
        lists.top,
        tuple(lists.translated),
        (*lists.lost, *lost),
        tuple(lists.aside),
        chooses=False,
    )


def _put(entries: list[Entry], entry: Entry, new: str) -> None:
    entries.append(Entry(entry.path, entry.line, entry.old, new))


def _shown(name: str, word: Word) -> str:
    """Write an option down; what may be a secret is left out."""
    secret = any(
        part in name for part in ("URL", "PASS", "TOKEN", "KEY", "HOOK", "ENDPOINT", "USER")
    )
    return (
        f"{name}=…"
        if secret or name in {"-d", "-g"}
        else shown(name, word.value).replace(": ", "=", 1)
    )


def _read(lists: _Lists, name: str, word: Word, entry: Entry) -> None:
    if name in _SCHEDULES:
        try:
            said = windows.of_robot(word.value)
        except ValueError as error:
            _put(lists.lost, entry, str(error))
            return
        if said == "always":
            _put(lists.aside, entry, "how often bumper looks is for the workflow's schedule to say")
            return
        lists.top["defaults.schedule"] = said
        new = f"defaults.schedule: {said} (pull requests are opened within the hour; run the workflow then)"
        _put(lists.translated, entry, new)
    elif name == "TZ":
        try:
            lists.top["pull-requests.timezone"] = windows.check_zone(word.value)
        except ValueError as error:
            _put(lists.lost, entry, str(error))
        else:
            _put(lists.translated, entry, f"pull-requests.timezone: {word.value}")
    elif name in _CHANNELS:
        variable = _VARIABLES.get(name, name)
        lists.channels.append({_CHANNELS[name]: f"${variable}"})
        _put(
            lists.translated,
            entry,
            f"notify: {_CHANNELS[name]}: ${variable} (set it in the workflow)",
        )
    else:
        _put(lists.translated, entry, "notify: of its channel")


def _channels(lists: _Lists, words: Any) -> None:  # noqa: ANN401 - options by their name
    """Finish the channels: how grave a message must be, and Zabbix with its host."""
    level = words.get("WATCHTOWER_NOTIFICATIONS_LEVEL") or words.get("NOTIFICATION_LEVEL")
    for channel in lists.channels:
        if level is not None and _LEVELS.get(level.value.lower(), "info") != "info":
            channel["level"] = _LEVELS[level.value.lower()]
    server, host = words.get("-z"), words.get("-n")
    if server is not None:
        lists.channels.append({"zabbix": server.value, "host": host.value if host else "gitops"})
    if lists.channels:
        lists.top["notify"] = lists.channels
