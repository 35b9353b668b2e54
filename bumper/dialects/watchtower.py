"""Watchtower's labels, and those of its fork. Pure.

Watchtower never leaves a tag: here the digest of the tag is written down and moved. Source:
containrrr/watchtower 1.7.1 and nicholas-fedor/watchtower 1.21, "Container selection", "Arguments".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.dialects.base import Row, go_boolean, read_rows, switch
from bumper.settings import SAME_TAG, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "watchtower"
WORDS = ("com.centurylinklabs.",)
_P = "com.centurylinklabs.watchtower"
_BOOLEAN = "true, false"


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
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the labels of a use say; see `dialects.base.Dialect`."""
    yield from read_rows(beside.labels, "com.centurylinklabs.", ROWS)
