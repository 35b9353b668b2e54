"""What's up Docker's labels. Pure.

Its tags are regular expressions of JavaScript; the ones people write read the same here. Source:
getwud/wud, "Watchers", "Labels".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.settings import SAME_TAG, unknown
from bumper.dialects.base import Row, named_order, read_rows, says, switch
from bumper.model import Problem, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "wud"
WORDS = ("wud.",)
_LEVELS = {"all": "major", "major": "major", "minor": "minor", "patch": "patch", "digest": SAME_TAG}
_PLACEHOLDER = re.compile(r"\$(\d)")


def _transform(value: str) -> Iterable[tuple[str, str]]:
    pattern, arrow, formula = (part.strip() for part in value.partition("=>"))
    match = _PLACEHOLDER.fullmatch(formula)
    if not arrow or match is None:
        raise ValueError(f"{value!r}: only `REGEX => $1`, one group, can be followed")
    return (("transform", named_order(pattern, match[1])),)


def _threshold(value: str) -> Iterable[tuple[str, str]]:
    thresholds = [one.partition(":")[2].strip() for one in value.split(",")]
    levels = set()
    for threshold in filter(None, thresholds):
        plain = threshold.removesuffix("-no-digest").removesuffix("-only")
        if plain not in _LEVELS:
            raise ValueError(unknown("threshold", threshold, _LEVELS))
        levels.add(_LEVELS[plain])
    return (("policy", levels.pop()),) if len(levels) == 1 and all(thresholds) else ()


ROWS = (
    Row("wud.watch", "true, false", "false: ignored.", switch(off=[("policy", "ignore")])),
    Row("wud.watch.digest", "true, false", "true: the digest is pinned and moved, beside newer tags.",
        switch(on=[("digest", "pin")])),
    Row("wud.tag.include", "a regular expression", "Only these tags (`tags`).", says("tags")),
    Row("wud.tag.exclude", "a regular expression", "Never these tags (`deny`).", says("deny")),
    Row("wud.tag.transform", "REGEX => $1", "The group is what is compared (`tags` with a group `order`).", _transform),
    Row("wud.trigger.include", "id:threshold", "The threshold, where all agree, is the highest step (`policy`).", _threshold),
    Row("wud.trigger.exclude", "id:threshold", "Nothing: triggers are WUD's; who is told stands under `notify`."),
    Row("wud.link.template", "a template", "Nothing: the pull request links the image's own release notes."),
    Row("wud.watch.delay", "a duration", "A tag must be this old (`min-age`).", says("min-age")),
    Row("wud.tag.delay", "a duration", "A tag must be this old (`min-age`).", says("min-age")),
    Row("wud.display.*", "text", "Nothing: words of WUD's own page."),
    Row("wud.stack", "a name", "Nothing: the file is the stack."),
    Row("wud.compose.*", "a path", "Nothing: the file that holds the image is the one that is edited."),
    Row("wud.inspect.*", "a path", "Nothing: no container is looked into."),
    Row("wud.registry.*", "an address", "Nothing: `registries.<host>.mirror` in the config says where to ask."),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the labels of a use say; `include` and `transform` become one expression."""
    found = tuple(read_rows(beside.labels, "wud.", ROWS))
    settings = {said.key: said for said in found if isinstance(said, Setting)}
    include, transform = settings.pop("tags", None), settings.pop("transform", None)
    yield from (said for said in found if isinstance(said, Problem))
    yield from settings.values()
    if include is not None and transform is not None:
        both = f"^(?=.*?(?:{include.value})).*?(?:{transform.value})"
        yield Setting("tags", both, transform.source)
    elif (one := include or transform) is not None:
        yield Setting("tags", one.value, one.source)
