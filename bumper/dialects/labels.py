"""Our own labels and annotations: `bumper.policy` in Compose, `bumper.dev/policy` in Kubernetes. Pure.

labels: {bumper.policy: minor}                     of a service, in either form, `deploy.labels` too
annotations: {bumper.dev/policy: minor}            of the object or of its pod template
annotations: {bumper.dev/policy.web: patch}        for the container `web` alone
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.asides.settings import KEYS, OWN, meant, word
from bumper.dialects.base import Row
from bumper.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "labels"
WORDS = ("bumper.",)
_PREFIXES = ("bumper.dev/", "bumper.")
_FLAGS = ("ignore", "pin", "monitor")
ROWS = (
    Row("bumper.ignore", "true, false", "Nothing is proposed; see `bumper.until`, `bumper.reason`."),
    Row("bumper.pin", "true, false", "A digest is added where there is none."),
    Row("bumper.dev/KEY.NAME", "as in the config", "The key for one container of the object alone."),
    *(Row(f"bumper.{key}", *OWN.get(key, ("as in the config", "The same key as in the config file."))) for key in KEYS),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what our labels and annotations say, a container's own first."""
    found: list[tuple[bool, Said]] = []
    for mark in (*beside.annotations, *beside.labels):
        prefix = next((one for one in _PREFIXES if mark.key.startswith(one)), None)
        if prefix is None:
            continue
        key, _, container = mark.key.removeprefix(prefix).partition(".")
        if container and container not in beside.names:
            near = meant(container, beside.names)
            reason = f"{mark.key}: there is no container {container!r} here{near}"
            found.append((False, Problem(mark.path, mark.line, "bad-setting", reason)))
            continue
        if container and container != beside.container:
            continue
        try:
            found.append((bool(container), word(key, mark.value, mark.source)))
        except ValueError as error:
            problem = Problem(mark.path, mark.line, "bad-setting", f"{mark.key}: {error}")
            found.append((bool(container), problem))
    yield from (said for _, said in sorted(found, key=lambda one: not one[0]))
