"""Shepherd's labels, and the environment of a Shepherd service that stands in a stack file. Pure.

Shepherd updates every service of the Swarm that its filter names, never leaving the tag: here the
digest of the tag is written down and moved. Source: containrrr/shepherd 1.8.1, README.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.asides.environment import services, variables
from bumper.asides.settings import SAME_TAG
from bumper.dialects.base import Row, add, read_rows, says, switch
from bumper.flags.shepherd import IMAGES, OPTIONS
from bumper.model import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.asides.beside import Beside
    from bumper.asides.marks import Mark
    from bumper.dialects.base import Said
    from bumper.model import ImageUse, Problem

__all__ = ["MORE", "NAME", "ROWS", "WORDS", "join", "read"]

NAME = "shepherd"
WORDS = ("shepherd",)
MORE: tuple[str, ...] = ()
_IGNORED = ("IGNORELIST_SERVICES", "BLACKLIST_SERVICES")
_BY_LABEL = switch(on=[("policy", SAME_TAG)], off=[("policy", "ignore")])
ROWS = (
    Row("shepherd.enable", "true, false", "true: the digest of the tag is pinned and moved; false: ignored.", _BY_LABEL),
    Row("shepherd.autodeploy", "true, false", "As `shepherd.enable`.", _BY_LABEL),
    Row("shepherd.auth.config", "a name", "The account of the registry (`auth`).", says("auth")),
    *(Row(one.key, one.values, one.means) for one in OPTIONS),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the labels of a use say; see `dialects.base.Dialect`."""
    yield from read_rows(beside.labels, "shepherd.", ROWS)


def join(
    told: Dictionary[str, str], texts: Dictionary[str, str], uses: tuple[ImageUse, ...]
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give all uses with what a Shepherd service in the repository says of them."""
    shepherds = [use for use in uses if use.path in told and use.reference.repository in IMAGES]
    known: dict[str, Mark] = {}
    for shepherd in shepherds:
        (one,) = beside(shepherd.path, texts[shepherd.path], (shepherd,))
        known.update(variables(one))
    if not known.keys() & {"FILTER_SERVICES", *_IGNORED}:
        return uses, ()
    said = {one.use: _verdict(one, known) for one in services(texts, uses)}
    return tuple(add(use, [heard] if (heard := said.get(use)) else ()) for use in uses), ()


def _verdict(one: Beside, known: dict[str, Mark]) -> Setting | None:
    """Give what the filter and the list of names say of one service, None if nothing."""
    for name in _IGNORED:
        listed = known.get(name)
        # Swarm names a service STACK_SERVICE.
        if listed is not None and any(
            entry == one.container or entry.endswith(f"_{one.container}")
            for entry in listed.value.split()
        ):
            return Setting("policy", "ignore", listed.source)
    chosen = known.get("FILTER_SERVICES")
    if chosen is None or not chosen.value:
        return None
    kind, _, wanted = chosen.value.partition("=")
    key, equals, value = wanted.partition("=")
    if kind == "label":
        passes = any(mark.key == key and (not equals or mark.value == value) for mark in one.labels)
    else:
        passes = kind != "name" or wanted in one.container or wanted.endswith(f"_{one.container}")
    return Setting("policy", SAME_TAG if passes else "ignore", chosen.source)
