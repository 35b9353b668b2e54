"""What a system was started with: variables and flags, as they stand in a file or a command. Pure.

Each system has a table of its options, with what each means here or why it has no meaning in Git.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Option", "Started", "Word", "command", "environment", "flagged"]

_PAIR = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its variable ("" where it has none), its flags, what it means here."""

    name: str
    flags: tuple[str, ...]
    values: str
    means: str

    @property
    def is_switch(self) -> bool:
        """Whether its flag stands without a value."""
        return self.values == "true, false"

    @property
    def key(self) -> str:
        """What it is called in a table."""
        return self.name or self.flags[0]


@dataclass(frozen=True, slots=True)
class Word:
    """The value of an option, and where it was written; `line` counts from 1."""

    value: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Started:
    """What one system was started with, by the name of the option; `others` are its plain words."""

    words: Mapping[str, Word]
    others: tuple[Word, ...] = ()


def environment(path: str, text: str) -> dict[str, Word]:
    """Read lines of NAME=value, as env files and shells write them; quotes around a value fall off."""
    found: dict[str, Word] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _PAIR.fullmatch(line.strip())
        if match is not None:
            value = match["value"].strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[match["name"]] = Word(value[1:-1] if quoted else value, path, number)
    return found


def command(text: str) -> tuple[str, ...]:
    """Give the words of a command line.

    Raises:
        ValueError: A quote does not end.
    """
    return tuple(shlex.split(text, comments=False))


def flagged(words: Sequence[str], options: Iterable[Option], path: str, line: int = 1) -> Started:
    """Read the flags of a command; what is none of them is a plain word."""
    spelled = {flag: option for option in options for flag in option.flags}
    found: dict[str, Word] = {}
    others: list[Word] = []
    waiting = list(words)
    while waiting:
        written, equals, value = waiting.pop(0).partition("=")
        option = spelled.get(written)
        if option is None:
            others.append(Word(f"{written}{equals}{value}", path, line))
        elif option.is_switch:
            found[option.key] = Word(value if equals else "true", path, line)
        else:
            given = value if equals else (waiting.pop(0) if waiting else "")
            found[option.key] = Word(given, path, line)
    return Started(found, tuple(others))
