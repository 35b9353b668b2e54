"""The words of settings that stand in files: each key, how its value reads, what is wrong with it. Pure.

A directive, a label and a peer's setting end as the same `Setting`s; which of them wins is for
`config.settle` to say. Values stay text until then.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from bumper import policies, windows
from bumper.model import Setting
from bumper.patterns import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "CHOICES",
    "KEYS",
    "OWN",
    "SAME_TAG",
    "boolean",
    "meant",
    "seconds",
    "span",
    "typed",
    "unknown",
    "word",
]

# The policy of everything that never leaves a tag: its digest is pinned, then moved.
SAME_TAG = "same-tag"
CHOICES = {
    "scheme": ("auto", "semver", "calver", "numeric", "alphabetical", "newest"),
    "environment": ("freeze", "follow"),
    "digest": ("keep", "pin", "strip"),
    "automerge": ("never", "digest", "patch", "minor"),
}
# What `lift` may set aside.
GUARDS = ("scheme-jump", "pushed-earlier", "above-latest")
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9_.]+)?")
_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Words that may stand alone, and what they say.
_ALONE = {
    "ignore": ("policy", "ignore"),
    "pin": ("digest", "pin"),
    "monitor": ("monitor", "true"),
    "prerelease": ("prerelease", "true"),
}


def meant(written: str, words: Iterable[str]) -> str:
    """Give `, did you mean 'x'?` where a word was probably meant, else nothing."""
    near = get_close_matches(written.lower(), list(words), n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def unknown(what: str, written: str, words: Iterable[str]) -> str:
    """Give the sentence about a word that does not exist, with the one probably meant."""
    return f"unknown {what} {written!r}{meant(written, words)}"


def boolean(text: str) -> bool:
    """Read true, false, yes or no.

    Raises:
        ValueError: It is neither.
    """
    value = _BOOLEANS.get(text.strip().lower())
    if value is None:
        raise ValueError(f"{text!r} is neither true nor false{meant(text, _BOOLEANS)}")
    return value


def seconds(text: str) -> int:
    """Read a duration such as `12h`, `3d` or `1w12h`; 0 is none.

    Raises:
        ValueError: It is not one.
    """
    spelled = text.strip()
    parts = _DURATION.findall(spelled)
    if spelled == "0":
        return 0
    if not parts or _DURATION.sub("", spelled).strip():
        raise ValueError(f"{text!r} is no duration; write it as 30m, 12h, 3d or 2w")
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


def span(seconds: int) -> str:
    """Give a length of time in its largest unit."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def word(key: str, value: str | None, source: str) -> Setting:
    """Give the setting of one of our own words, checked; None where it stands without a value.

    Raises:
        ValueError: The word does not exist, or its value says nothing.
    """
    if key in _ALONE:
        name, said = _ALONE[key]
        if value is None or boolean(value):
            return Setting(name, said, source)
        undone = {"policy": "major", "digest": "keep"}
        return Setting(name, undone.get(name, "false"), source)
    if key not in KEYS:
        raise ValueError(unknown("word", key, [*KEYS, *_ALONE]))
    if not value:
        raise ValueError(f"{key} needs a value, as in {key}=…")
    typed(key, value)
    return Setting(key, value, source)


def typed(key: str, value: str) -> Any:  # noqa: ANN401 - what the key's field holds
    """Give the value as its field wants it.

    Raises:
        ValueError: It is not a value of this key.
    """
    try:
        return KEYS[key](value)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error


def _policy(text: str) -> str:
    if text != SAME_TAG:
        try:
            policies.parse(text)
        except ValueError as error:
            words = ("ignore", "digest", "patch", "minor", "major", "pin", "all", "force", "never")
            raise ValueError(f"{error}{meant(text, words)}") from error
    return text


def _choice(key: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in CHOICES[key]:
            near = meant(text, CHOICES[key])
            raise ValueError(f"must be one of {', '.join(CHOICES[key])}{near}")
        return text

    return read


def _pattern(text: str) -> str:
    compile_pattern(text)
    return text


def _patterns(text: str) -> tuple[str, ...]:
    return (_pattern(text),)


def _texts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _platforms(text: str) -> tuple[str, ...]:
    found = _texts(text)
    for name in found:
        if _PLATFORM.fullmatch(name) is None:
            raise ValueError(f"{name!r} is no platform; write it as linux/amd64")
    return found


def _guards(text: str) -> tuple[str, ...]:
    found = _texts(text)
    for guard in found:
        if guard not in GUARDS:
            raise ValueError(unknown("guard", guard, GUARDS))
    return found


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date; write it as 2026-03-01") from None


def _page(text: str) -> str:
    if not text.startswith("https://"):
        raise ValueError(f"{text!r} is no https address")
    return text


def _number(text: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError(f"{text!r} is no number")
    return int(text)


KEYS: dict[str, Callable[[str], Any]] = {
    "policy": _policy,
    **{key: _choice(key) for key in CHOICES},
    "tags": _pattern,
    "deny": _patterns,
    "prerelease": boolean,
    "platforms": _platforms,
    "group": str,
    "together": boolean,
    "lift": _guards,
    "stateful": boolean,
    "stepwise": boolean,
    "min-age": seconds,
    "monitor": boolean,
    "until": _date,
    "reason": str,
    "depends-on": _texts,
    "auth": str,
    "notify": _texts,
    "release-notes": _page,
    "schedule": windows.check,
    "source": _page,
    "stale": seconds,
    "approvals": _number,
    "reviewers": _texts,
    "assignees": _texts,
    "labels": _texts,
}
# What the words say that are no keys of the config's rules.
OWN = {
    "until": ("2026-03-01", "The day on which `ignore` ends."),
    "reason": ("text", "Why, as the report and the pull request say it."),
    "depends-on": ("names, ,", "These services and this one share a pull request."),
    "approvals": (
        "a number",
        "Nothing by itself: required reviews are the base branch's protection.",
    ),
}
