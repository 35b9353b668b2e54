"""Watchtower's labels, and those of its fork. Pure.

Watchtower never leaves a tag: here the digest of the tag is written down and moved. Source:
containrrr/watchtower 1.7.1 and nicholas-fedor/watchtower 1.21, "Container selection", "Arguments".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.asides.settings import SAME_TAG, seconds
from bumper.dialects.base import Row, add, go_boolean, read_rows, switch
from bumper.dialects.environment import arguments, services, variables
from bumper.model import Problem, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said
    from bumper.model import ImageUse

__all__ = ["MORE", "NAME", "ROWS", "WORDS", "join", "read"]

NAME = "watchtower"
WORDS = ("com.centurylinklabs.", "watchtower")
MORE: tuple[str, ...] = ()
_P = "com.centurylinklabs.watchtower"
_BOOLEAN = "true, false"
_IMAGES = (
    "containrrr/watchtower", "v2tec/watchtower", "nickfedor/watchtower",
    "nicholas-fedor/watchtower", "beatkind/watchtower",
)  # fmt: skip
# The flags that speak of containers, by the name of their variable.
_FLAGS = {
    "LABEL_ENABLE": ("--label-enable", "-e"),
    "MONITOR_ONLY": ("--monitor-only", "-m"),
    "DISABLE_CONTAINERS": ("--disable-containers", "-x"),
    "COOLDOWN_DELAY": ("--cooldown-delay",),
    "SCOPE": ("--scope",),
}
_VALUED = frozenset({"DISABLE_CONTAINERS", "COOLDOWN_DELAY", "SCOPE"})


def _cooldown(value: str) -> Iterable[tuple[str, str]]:
    # A month is thirty days in the fork, and it alone writes it `M`.
    months = re.sub(r"(\d+)M", lambda match: f"{int(match[1]) * 30}d", value)
    return (("min-age", f"{seconds(months)}s"),)


def _depends(value: str) -> Iterable[tuple[str, str]]:
    names = [name.strip().lstrip("/") for name in value.split(",")]
    if not all(names):
        raise ValueError(f"{value!r} is no list of container names")
    return (("depends-on", ",".join(names)),)


def _known(value: str) -> Iterable[tuple[str, str]]:
    go_boolean(value)
    return ()


def _minutes(value: str) -> Iterable[tuple[str, str]]:
    if not value.isdecimal():
        raise ValueError(f"{value!r} is no number of minutes")
    return ()


ROWS = (
    Row(f"{_P}.enable", _BOOLEAN, "true: the digest of the tag is pinned and moved, the tag stays; false: ignored.",
        switch(on=[("policy", SAME_TAG)], off=[("policy", "ignore")])),
    Row(f"{_P}.monitor-only", _BOOLEAN, "true: what the rules allow is reported and notified, never proposed.",
        switch(on=[("monitor", "true")])),
    Row(f"{_P}.no-pull", _BOOLEAN, "true: no registry is asked, so the image is ignored.",
        switch(on=[("policy", "ignore")])),
    Row(f"{_P}.depends-on", "names", "These services share a pull request.", _depends),
    Row(f"{_P}.cooldown-delay", "24h, 3d, 1w, 1M, 0", "A tag must be this old (`min-age`).", _cooldown),
    Row(_P, _BOOLEAN, "Nothing: Watchtower's mark for itself; its image is looked up like any other.", _known),
    Row(f"{_P}.scope", "a name", "Nothing: scopes keep two Watchtowers apart; here `files:` in a rule does."),
    Row(f"{_P}.stop-signal", "a signal", "Nothing: no container is stopped; use `stop_signal` of Compose."),
    Row(f"{_P}.lifecycle.*-timeout", "minutes", "Nothing: hooks run in a live container, and there is none.", _minutes),
    Row(f"{_P}.lifecycle.*", "a command", "Nothing: hooks run in a live container; bumper changes Git only."),
    Row(f"{_P}.container-chain", "ids", "Nothing: Watchtower's own notes while it replaces itself."),
    Row(f"{_P}.ephemeral-orchestrator", _BOOLEAN, "Nothing: Watchtower's own notes while it replaces itself."),
    Row("com.centurylinklabs.zodiac.original-image", "an image", "Nothing: the file names the image already."),
    Row("WATCHTOWER_LABEL_ENABLE", "true, false", "In the service's environment, or --label-enable: services below its folder without the label are ignored."),
    Row("WATCHTOWER_MONITOR_ONLY", "true, false", "In the service's environment, or --monitor-only: services below its folder are reported, never proposed."),
    Row("WATCHTOWER_DISABLE_CONTAINERS", "names", "In the service's environment, or --disable-containers: these services are ignored."),
    Row("WATCHTOWER_COOLDOWN_DELAY", "3d", "In the service's environment, or --cooldown-delay: a tag must be this old (`min-age`)."),
    Row("WATCHTOWER_SCOPE", "a name", "In the service's environment, or --scope: its settings are for that scope, so none of them is read."),
    Row("WATCHTOWER_NOTIFICATION_URL", "URLs", "Nothing by itself: name it under `notify` as `shoutrrr`."),
    Row("WATCHTOWER_SCHEDULE", "6 fields", "Nothing: the schedule of the workflow decides."),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the labels of a use say; see `dialects.base.Dialect`."""
    yield from read_rows(beside.labels, "com.centurylinklabs.", ROWS)


def join(
    told: Dictionary[str, str], texts: Dictionary[str, str], uses: tuple[ImageUse, ...]
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give all uses with what the flags of a Watchtower service say of those below its folder."""
    said: dict[ImageUse, list[Setting]] = {}
    problems: list[Problem] = []
    watchtowers = [use for use in uses if use.path in told and use.reference.repository in _IMAGES]
    for watchtower in watchtowers:
        (one,) = beside(watchtower.path, texts[watchtower.path], (watchtower,))
        flags = _flags(one)
        if "SCOPE" in flags or not flags:
            continue
        folder, slash, _ = watchtower.path.rpartition("/")
        try:
            for service in services(texts, uses, folder + slash):
                said.setdefault(service.use, []).extend(_of_flags(service, flags))
        except ValueError as error:
            problems.append(Problem(watchtower.path, watchtower.line, "bad-setting", str(error)))
    return tuple(add(use, said.get(use, ())) for use in uses), tuple(problems)


def _flags(one: Beside) -> dict[str, tuple[str, str]]:
    """Give the flags of a Watchtower by their variable's name, each with its value and place."""
    found = {
        key: (mark.value, mark.source)
        for key, mark in (
            (name.removeprefix("WATCHTOWER_"), mark) for name, mark in variables(one).items()
        )
        if key in _FLAGS
    }
    words = arguments(one)
    place = f"{one.use.path}:{one.use.line}"
    for index, written in enumerate(words):
        flag, equals, value = written.partition("=")
        key = next((key for key, spelled in _FLAGS.items() if flag in spelled), None)
        if key is not None:
            after = words[index + 1] if index + 1 < len(words) and key in _VALUED else "true"
            found[key] = (value if equals else after, f"{place} (flag {flag})")
    return found


def _of_flags(service: Beside, flags: dict[str, tuple[str, str]]) -> Iterator[Setting]:
    """Yield what the flags say of one service; its own labels stand before them."""
    labelled = any(mark.key == f"{_P}.enable" for mark in service.labels)
    chosen, where = flags.get("LABEL_ENABLE", ("false", ""))
    if go_boolean(chosen) and not labelled:
        yield Setting("policy", "ignore", where)
    names, where = flags.get("DISABLE_CONTAINERS", ("", ""))
    if service.container in re.split(r"[,\s]+", names):
        yield Setting("policy", "ignore", where)
    monitored, where = flags.get("MONITOR_ONLY", ("false", ""))
    if go_boolean(monitored):
        yield Setting("monitor", "true", where)
    if "COOLDOWN_DELAY" in flags:
        value, where = flags["COOLDOWN_DELAY"]
        yield from (Setting(key, said, where) for key, said in _cooldown(value))
