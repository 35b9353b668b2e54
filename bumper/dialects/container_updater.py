"""The labels of PAPAMICA/container-updater: `autoupdate=true|monitor` and its companions. Pure.

It never leaves a tag: here the digest of the tag is written down and moved. Source: its README and
script at 3dfcdb1c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.asides.go import go_boolean
from bumper.asides.settings import SAME_TAG, meant
from bumper.dialects.base import Row, read_rows
from bumper.flags.container_updater import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "container-updater"
WORDS = ("autoupdate",)
_MEANINGS = {
    "true": (("policy", SAME_TAG),),
    "monitor": (("monitor", "true"),),
    "false": (("policy", "ignore"),),
}


def _autoupdate(value: str) -> Iterable[tuple[str, str]]:
    if value not in _MEANINGS:
        near = meant(value, _MEANINGS)
        raise ValueError(f"{value!r} is neither true nor monitor{near}")
    return _MEANINGS[value]


def _known(value: str) -> Iterable[tuple[str, str]]:
    go_boolean(value)
    return ()


ROWS = (
    Row("autoupdate", "true, monitor", "true: the digest of the tag is pinned and moved; monitor: reported and notified, never proposed.",
        _autoupdate),
    Row("autoupdate.docker-compose", "a path", "Nothing: the pull request edits the file; what deploys it runs after the merge."),
    Row("autoupdate.webhook", "a URL", "Nothing: an address in a file is a secret in Git; call it from the pipeline of the merged branch."),
    Row("autoupdate.docker-run", "true, false", "Nothing: a container that no file describes cannot be changed in Git.", _known),
    *(Row(one.key, one.values, one.means) for one in OPTIONS),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the labels of a use say; see `dialects.base.Dialect`."""
    yield from read_rows(beside.labels, "autoupdate", ROWS)
