"""Diun's labels and annotations. Pure.

Without `watch_repo` Diun looks at the digest of one tag, with it at all tags. Source: crazy-max/diun,
"Docker provider", "Kubernetes provider".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.settings import SAME_TAG, typed, unknown
from bumper.dialects.base import Row, read_rows, says, switch
from bumper.model import Problem, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "diun"
WORDS = ("diun.",)
_ORDERS = {
    "default": (),
    "reverse": (),
    "semver": (),
    "lexicographical": (("scheme", "alphabetical"),),
}
_PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?")


def _any_of(key: str) -> Callable[[str], Iterable[tuple[str, str]]]:
    def read(value: str) -> Iterable[tuple[str, str]]:
        patterns = [part.strip() for part in value.split(";") if part.strip()]
        for pattern in patterns:
            typed("tags", pattern)
        return ((key, "|".join(f"(?:{pattern})" for pattern in patterns)),)

    return read


def _order(value: str) -> Iterable[tuple[str, str]]:
    if value not in _ORDERS:
        raise ValueError(unknown("order", value, _ORDERS))
    return _ORDERS[value]


def _status(value: str) -> Iterable[tuple[str, str]]:
    for status in value.split(";"):
        if status not in {"new", "update"}:
            raise ValueError(unknown("status", status, ("new", "update")))
    return ()


def _number(value: str) -> Iterable[tuple[str, str]]:
    if not value.isdecimal():
        raise ValueError(f"{value!r} is no number")
    return ()


def _platform(value: str) -> Iterable[tuple[str, str]]:
    if not _PLATFORM.fullmatch(value):
        raise ValueError(f"{value!r} is no platform; write it as linux/amd64")
    return (("platforms", value),)


ROWS = (
    Row("diun.enable", "true, false", "true: looked up; false: ignored.",
        switch(on=[("enabled", "true")], off=[("policy", "ignore")])),
    Row("diun.watch_repo", "true, false", "true: newer tags by the rules; else the digest of the tag is pinned and moved.",
        switch(on=[("watch-repo", "true")])),
    Row("diun.include_tags", "regular expressions, ;", "Only these tags (`tags`).", _any_of("tags")),
    Row("diun.exclude_tags", "regular expressions, ;", "Never these tags (`deny`).", _any_of("deny")),
    Row("diun.sort_tags", "default, reverse, semver, lexicographical", "lexicographical: `scheme: alphabetical`; the others need none.", _order),
    Row("diun.platform", "linux/amd64", "The platform a new image must have (`platforms`).", _platform),
    Row("diun.regopt", "a name", "The account of the registry (`auth`).", says("auth")),
    Row("diun.max_tags", "a number", "Nothing: a list that is cut decides nothing; all tags are read.", _number),
    Row("diun.notify_on", "new;update", "Nothing: `notify.when` in the config says what is told.", _status),
    Row("diun.hub_link", "a URL", "Nothing: the pull request links the image's own pages."),
    Row("diun.metadata.*", "text", "Nothing: words for Diun's own messages."),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what labels and annotations of a use say."""
    found = tuple(read_rows((*beside.labels, *beside.annotations), "diun.", ROWS))
    settings = {said.key: said for said in found if isinstance(said, Setting)}
    enabled, all_tags = settings.pop("enabled", None), settings.pop("watch-repo", None)
    yield from (said for said in found if isinstance(said, Problem))
    yield from settings.values()
    if enabled is not None and all_tags is None:
        yield Setting("policy", SAME_TAG, enabled.source)
