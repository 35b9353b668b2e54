"""What only the whole file can say to be wrong: a key that stands twice, a name that nothing has. Pure.

Each finding is a place, as pydantic names places, and a sentence.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bumper.config import channels
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.config.model import Config
    from bumper.yaml_nodes import Node

__all__ = ["namesakes", "twice", "unmet"]


def twice(node: Node | None) -> Iterator[Scalar]:
    """Yield every key that stands a second time in its mapping: one of the two would count for nothing."""
    if isinstance(node, Mapping):
        known: set[str] = set()
        for key, value in node.entries:
            if isinstance(key, Scalar):
                if key.value in known:
                    yield key
                known.add(key.value)
            yield from twice(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from twice(item)


def namesakes(config: Config) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield every channel that has another one's name."""
    names = channels.names(config.notify)
    for index, channel in enumerate(config.notify):
        if channel.name is not None and channel.name in names[:index]:
            yield ("notify", index, "name"), f"another channel is named {channel.name!r}"


def unmet(config: Config) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield what names a channel that is not there: all of them are told then."""
    names = channels.names(config.notify)
    places: list[tuple[int | str, ...]] = [("rules", index) for index in range(len(config.rules))]
    settings = [config.defaults, *config.rules]
    for place, one in zip([("defaults",), *places], settings, strict=True):
        for name in one.notify or ():
            if name not in names:
                near = get_close_matches(name, names, n=1)
                meant = f", did you mean {near[0]!r}?" if near else ""
                yield (*place, "notify"), f"no channel under `notify` is named {name!r}{meant}"
