"""Watchtower's labels, and those of its fork. Pure.

Watchtower never leaves a tag: here the digest of the tag is written down and moved. Source:
containrrr/watchtower 1.7.1 and nicholas-fedor/watchtower 1.21, "Container selection", "Arguments".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.asides.environment import arguments, container_name, services, variables
from bumper.asides.go import go_boolean
from bumper.asides.settings import SAME_TAG, seconds
from bumper.dialects.base import Row, add, read_rows, switch
from bumper.flags.base import flagged
from bumper.flags.watchtower import IMAGES, OPTIONS
from bumper.model import Problem, Setting
from bumper.patterns import BadPatternError, compile_pattern

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
# The options that speak of containers, by the end of their variable's name.
_FLAGS = frozenset(
    {"LABEL_ENABLE", "MONITOR_ONLY", "DISABLE_CONTAINERS", "COOLDOWN_DELAY", "SCOPE"}
)
_PREFIX = "WATCHTOWER_"
# The plain words behind the flags: only these containers are meant.
_NAMES = "names"
_LABEL_ENABLE = "LABEL_ENABLE"


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
    Row("Watchtower's arguments", "names, expressions", "Behind the flags of a service's command: services below its folder of other names are ignored."),
    *(Row(one.key, one.values, one.means) for one in OPTIONS),
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
    watchtowers = [use for use in uses if use.path in told and use.reference.repository in IMAGES]
    for watchtower in watchtowers:
        (one,) = beside(watchtower.path, texts[watchtower.path], (watchtower,))
        flags = _flags(one)
        if "SCOPE" in flags or not flags:
            continue
        folder, slash, _ = watchtower.path.rpartition("/")
        try:
            for service in services(texts, uses, folder + slash):
                said.setdefault(service.use, []).extend(_of_flags(service, flags))
        except (ValueError, BadPatternError) as error:
            problems.append(Problem(watchtower.path, watchtower.line, "bad-setting", str(error)))
    return tuple(_with(use, said.get(use, [])) for use in uses), tuple(problems)


def _with(use: ImageUse, said: list[Setting]) -> ImageUse:
    """Give a use with what flags say: behind its labels, but an `enable` there lets no other name in."""
    ignored = [one for one in said if one.value == "ignore" and _LABEL_ENABLE not in one.source]
    labels = [at for at, one in enumerate(use.settings) if f"label {_P}.enable" in one.source]
    if not ignored or not labels:
        return add(use, said)
    before, behind = use.settings[: labels[0]], use.settings[labels[0] :]
    return replace(use, settings=(*before, *ignored, *behind, *said))


def _flags(one: Beside) -> dict[str, tuple[str, str]]:
    """Give the options of a Watchtower by the end of their name, each with its value and place."""
    found = {name: (mark.value, mark.source) for name, mark in variables(one).items()}
    path, line = one.use.path, one.use.line
    started = flagged(arguments(one), OPTIONS, path, line)
    for name, word in started.words.items():
        found[name] = (word.value, f"{path}:{line} (flag of {name})")
    names = ((name.removeprefix(_PREFIX), told) for name, told in found.items())
    flags = {name: told for name, told in names if name in _FLAGS}
    if started.others:
        flags[_NAMES] = (
            " ".join(word.value for word in started.others),
            f"{path}:{line} (command)",
        )
    return flags


def _is_named(service: Beside, names: str) -> bool:
    """Say whether a container is one of those that a command names, as whole names or expressions.

    Compose calls a container PROJECT-SERVICE-1 where the file does not.
    """
    name = container_name(service)
    whole = [f"^/?(?:{pattern})$" for pattern in names.split()]
    made = [f"^(?:.*[-_])?(?:{pattern})(?:[-_]1)?$" for pattern in names.split()]
    tried = (
        [(pattern, name) for pattern in whole]
        if name
        else [(pattern, service.container) for pattern in made]
    )
    return any(compile_pattern(pattern).groups(text) is not None for pattern, text in tried)


def _of_flags(service: Beside, flags: dict[str, tuple[str, str]]) -> Iterator[Setting]:
    """Yield what the flags say of one service; its own labels stand before them."""
    labelled = any(mark.key == f"{_P}.enable" for mark in service.labels)
    chosen, where = flags.get("LABEL_ENABLE", ("false", ""))
    if go_boolean(chosen) and not labelled:
        yield Setting("policy", "ignore", where)
    wanted, where = flags.get(_NAMES, ("", ""))
    if wanted and not _is_named(service, wanted):
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
