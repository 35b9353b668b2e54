"""Put beside every use the settings that stand in its file. Pure.

A use whose setting cannot be read keeps a `fault`: it is never decided by what it did not say.
Which setting wins is for `config.settle` to say.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.model import Problem, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.dialects.base import Dialect, Far
    from bumper.model import ImageUse

__all__ = ["attach", "far", "speaks"]


def attach(
    path: str, text: str, uses: tuple[ImageUse, ...], dialects: Iterable[Dialect]
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give the uses of one file with what the dialects read beside them, the first dialect first."""
    spoken = [dialect for dialect in dialects if speaks(dialect, text)]
    if not spoken or not uses:
        return uses, ()
    problems: dict[Problem, None] = {}
    settled: list[ImageUse] = []
    names: dict[int, str] = {}
    for one in beside(path, text, uses):
        settings: list[Setting] = []
        for dialect in spoken:
            for said in dialect.read(one):
                if isinstance(said, Problem):
                    problems[said] = None
                settings += _heard(said)
        names[len(settled)] = one.container
        settled.append(replace(one.use, settings=(*settings, *one.use.settings)))
    return _together(path, settled, names), tuple(problems)


def speaks(dialect: Dialect, text: str) -> bool:
    """Say by a search of its words whether a text may speak a dialect."""
    return any(word in text for word in dialect.WORDS)


def far(dialect: Far, content: bytes) -> str:
    """Give the dialect's name where a file speaks it, with `+` where it may only be spoken of."""
    if any(word.encode() in content for word in dialect.WORDS):
        return dialect.NAME
    return f"{dialect.NAME}+" if any(word.encode() in content for word in dialect.MORE) else ""


def _heard(said: Setting | Problem) -> tuple[Setting, ...]:
    """Give what a use keeps of what was read; a word nobody could have meant says nothing of it."""
    if isinstance(said, Setting):
        return (said,)
    if said.code == "unknown-setting" and "did you mean" not in said.reason:
        return ()
    return (Setting("fault", said.reason, f"{said.path}:{said.line}"),)


def _together(
    path: str, uses: Sequence[ImageUse], names: Mapping[int, str]
) -> tuple[ImageUse, ...]:
    """Give services that depend on each other a group of their own, so that they move together."""
    after: dict[str, set[str]] = defaultdict(set)
    source = path
    for index, use in enumerate(uses):
        for setting in use.settings:
            if setting.key == "depends-on":
                source = setting.source
                for other in setting.value.split(","):
                    after[names[index]].add(other)
                    after[other].add(names[index])
    groups = _groups(path, after, frozenset(names.values()), source)
    return tuple(
        replace(use, settings=(*use.settings, groups[names[index]]))
        if names[index] in groups
        else use
        for index, use in enumerate(uses)
    )


def _groups(
    path: str, after: Mapping[str, set[str]], here: frozenset[str], source: str
) -> dict[str, Setting]:
    """Give every service that hangs together with another one the group of all of them."""
    groups: dict[str, Setting] = {}
    for start in after:
        if start in groups:
            continue
        found: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += after[name]
        if len(found & here) > 1:
            group = Setting("group", f"{path}: {', '.join(sorted(found))}", source)
            groups.update(dict.fromkeys(found, group))
    return groups
