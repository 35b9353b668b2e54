"""Shepherd's labels, and the environment of a Shepherd service that stands in a stack file. Pure.

Shepherd updates every service of the Swarm that its filter names, never leaving the tag: here the
digest of the tag is written down and moved. Source: containrrr/shepherd 1.8.1, README.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.asides.settings import SAME_TAG
from bumper.dialects.base import Row, add, read_rows, says, switch
from bumper.dialects.environment import services, variables
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
_IMAGES = ("containrrr/shepherd", "mazzolino/shepherd", "djmaze/shepherd")
_IGNORED = ("IGNORELIST_SERVICES", "BLACKLIST_SERVICES")
_BY_LABEL = switch(on=[("policy", SAME_TAG)], off=[("policy", "ignore")])
ROWS = (
    Row("shepherd.enable", "true, false", "true: the digest of the tag is pinned and moved; false: ignored.", _BY_LABEL),
    Row("shepherd.autodeploy", "true, false", "As `shepherd.enable`.", _BY_LABEL),
    Row("shepherd.auth.config", "a name", "The account of the registry (`auth`).", says("auth")),
    Row("FILTER_SERVICES", "label=… or name=…", "In the service's environment: services it does not name are ignored, the others have their digest pinned and moved."),
    Row("IGNORELIST_SERVICES", "names", "In the service's environment: these services are ignored."),
    Row("BLACKLIST_SERVICES", "names", "As `IGNORELIST_SERVICES`."),
    Row("SLEEP_TIME", "5m", "Nothing: the schedule of the workflow decides."),
    Row("REGISTRIES_FILE", "a path", "Nothing by itself: name the accounts under `registries`."),
    Row("APPRISE_SIDECAR_URL", "a URL", "Nothing by itself: name it under `notify`."),
    Row("ROLLBACK_ON_FAILURE", "true", "Nothing: `deploy.update_config.failure_action: rollback` of the stack does it."),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the labels of a use say; see `dialects.base.Dialect`."""
    yield from read_rows(beside.labels, "shepherd.", ROWS)


def join(
    told: Dictionary[str, str], texts: Dictionary[str, str], uses: tuple[ImageUse, ...]
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give all uses with what a Shepherd service in the repository says of them."""
    shepherds = [use for use in uses if use.path in told and use.reference.repository in _IMAGES]
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
