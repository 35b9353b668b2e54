"""What a dialect is: settings that people wrote into the files, beside the images. Pure.

A dialect is mostly a table: one `Row` for each of its settings, with what it means here or why it
has no meaning in Git. A key with its prefix that stands in no row is a mistake, and said so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from bumper.asides.go import go_boolean
from bumper.asides.settings import typed, unknown
from bumper.model import Problem, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bumper.asides.beside import Beside
    from bumper.asides.marks import Mark
    from bumper.model import ImageUse

__all__ = [
    "Dialect",
    "Far",
    "Row",
    "Said",
    "add",
    "go_range",
    "named_order",
    "read_rows",
    "says",
    "switch",
]

Said = Setting | Problem
_PRERELEASE = re.compile(r"(?<=\d)-[0-9A-Za-z.]+")
_GROUP = re.compile(r"(?<!\\)\((?:\?P?<(?P<name>[A-Za-z_]\w*)>|(?!\?))")


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of a dialect: its key (`*` for any rest), the values it may have, what it means.

    `read` gives the pairs of our words that a value stands for, none where the setting has no
    meaning in Git; it raises ValueError on a value that its own system would not take.
    """

    key: str
    values: str
    means: str
    read: Callable[[str], Iterable[tuple[str, str]]] = lambda value: ()  # noqa: ARG005 - no meaning


class Dialect(Protocol):
    """One way to write settings into the files; a module."""

    NAME: str
    # The texts one of which stands in every file that speaks the dialect.
    WORDS: tuple[str, ...]
    ROWS: tuple[Row, ...]

    def read(self, beside: Beside) -> Iterator[Said]:
        """Yield what stands beside one use: settings in our words, and what cannot be read."""
        ...


class Far(Protocol):
    """A dialect whose settings stand in other files of the repository than the images; a module."""

    NAME: str
    WORDS: tuple[str, ...]
    # Texts of further files that are told of, where any file has one of `WORDS`.
    MORE: tuple[str, ...]
    ROWS: tuple[Row, ...]

    def join(
        self, told: Mapping[str, str], texts: Mapping[str, str], uses: tuple[ImageUse, ...]
    ) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
        """Give all uses with the settings found in `told`: the files that hold one of `WORDS` or `MORE`.

        `texts` has every file with a use in it, each read when it is asked for.
        """
        ...


def read_rows(marks: Iterable[Mark], prefix: str, rows: tuple[Row, ...]) -> Iterator[Said]:
    """Yield what the marks with a prefix say by the rows; the nearest mark of a key counts."""
    seen: set[str] = set()
    for mark in marks:
        if not mark.key.startswith(prefix) or mark.key in seen:
            continue
        seen.add(mark.key)
        row = next((row for row in rows if fnmatchcase(mark.key, row.key)), None)
        if row is None:
            known = [row.key for row in rows]
            yield Problem(
                mark.path, mark.line, "unknown-setting", unknown("setting", mark.key, known)
            )
            continue
        try:
            yield from [Setting(key, value, mark.source) for key, value in row.read(mark.value)]
        except ValueError as error:
            yield Problem(mark.path, mark.line, "bad-setting", f"{mark.key}: {error}")


def switch(
    *, on: Iterable[tuple[str, str]] = (), off: Iterable[tuple[str, str]] = ()
) -> Callable[[str], Iterable[tuple[str, str]]]:
    """Give a reader of a boolean that says one thing or another."""
    return lambda value: tuple(on) if go_boolean(value) else tuple(off)


def says(key: str) -> Callable[[str], Iterable[tuple[str, str]]]:
    """Give a reader that passes its value on as one of our words, checked."""

    def read(value: str) -> Iterable[tuple[str, str]]:
        typed(key, value)
        return ((key, value),)

    return read


def add(use: ImageUse, settings: Iterable[Setting]) -> ImageUse:
    """Give the use with settings behind those it has; the first of a key counts."""
    return replace(use, settings=(*use.settings, *settings))


def go_range(text: str) -> tuple[tuple[str, str], ...]:
    """Give the pairs of a range as Go's Masterminds/semver writes it; `-0` asks for pre-releases.

    Source: github.com/Masterminds/semver, "Working With Prerelease Versions".
    """
    plain = _PRERELEASE.sub("", text.strip())
    asked = (("prerelease", "true"),) if plain != text.strip() else ()
    policy = "major" if plain in {"*", "x", "X"} else plain
    typed("policy", policy)
    return (("policy", policy), *asked)


def named_order(pattern: str, group: str) -> str:
    """Give a regular expression whose group (`ts`, or a number from 1) is named `order`.

    Raises:
        ValueError: It has no such group.
    """
    for number, match in enumerate(_GROUP.finditer(pattern), start=1):
        if group in {match["name"], str(number)}:
            marked = f"{pattern[: match.start()]}(?P<order>{pattern[match.end() :]}"
            typed("tags", marked)
            return marked
    raise ValueError(f"{pattern!r} has no group {group!r}")
