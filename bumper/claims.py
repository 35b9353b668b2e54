"""What other systems claim of images -> rules of our config, and the config's text. Pure.

A glob is taken only where it means just the uses that the system means; else those are named one by
one, and the rule says so. Whether the whole says the same is for `agreement` to prove.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.asides.settings import typed
from bumper.config import settle
from bumper.config.images import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bumper.migrations.base import Claim, Entry
    from bumper.model import ImageUse

__all__ = ["Ruled", "render", "rules"]

_BOOLEANS = frozenset({"prerelease", "monitor", "together", "stateful", "stepwise"})
_LISTS = frozenset({"platforms", "notify", "lift"})
_SAFE = re.compile(r"[A-Za-z][\w./-]*", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule as plain data, and the setting it comes from; `named` if it lists today's images."""

    rule: Mapping[str, Any]
    entry: Entry
    named: bool = False


def rules(claim: Claim, uses: Sequence[ImageUse]) -> tuple[Ruled, ...]:
    """Give the rules that say a claim, none where nothing can: no glob is exact and no image is here."""
    said = {key: _value(key, value) for key, value in claim.settings}
    heads = [(claim.images, claim.files)]
    if claim.exact and _exact(heads, claim, uses):
        return (Ruled({**_head(*heads[0]), **said}, claim.entry),)
    for heads in _named(claim, uses):
        if _exact(heads, claim, uses):
            return tuple(Ruled({**_head(*head), **said}, claim.entry, named=True) for head in heads)
    return ()


def _named(
    claim: Claim, uses: Sequence[ImageUse]
) -> Iterator[list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Yield ways to name what is meant today: its images, those in its files, those file by file."""
    meant = [use for use in uses if claim.means(use)]
    if not meant:
        return
    images = _images(meant)
    yield [(images, ())]
    yield [(images, tuple(sorted({use.path for use in meant})))]
    yield [
        (_images(use for use in meant if use.path == path), (path,))
        for path in sorted({use.path for use in meant})
    ]


def _images(uses: Iterable[ImageUse]) -> tuple[str, ...]:
    return tuple(sorted({use.reference.short for use in uses}))


def _exact(
    heads: list[tuple[tuple[str, ...], tuple[str, ...]]], claim: Claim, uses: Sequence[ImageUse]
) -> bool:
    try:
        tried = [Rule(match=images, files=files) for images, files in heads]
    except ValueError:
        return False  # no glob of ours: it would mean nothing here
    return all(any(settle.applies(one, use) for one in tried) == claim.means(use) for use in uses)


def _head(images: tuple[str, ...], files: tuple[str, ...]) -> dict[str, Any]:
    return {
        **({"match": list(images)} if images else {}),
        **({"files": list(files)} if files else {}),
    }


def _value(key: str, value: str) -> Any:  # noqa: ANN401 - what the key's field holds
    if key in _BOOLEANS:
        return typed(key, value)
    return list(typed(key, value)) if key in _LISTS else value


def render(top: Mapping[str, Any], ruled: Sequence[Ruled]) -> str:
    """Write a config down: `top` by dotted paths, the rules from the strongest, each with its origin."""
    lines = ["version: 1"]
    if ruled:
        lines.append("rules:")
    for one in ruled:
        note = "; names the images of today" if one.named else ""
        lines.append(f"  # {_line(f'{one.entry.path}:{one.entry.line} {one.entry.old}')}{note}")
        for index, (key, value) in enumerate(one.rule.items()):
            lines.append(f"  {'-' if index == 0 else ' '} {key}: {_written(value)}")
    lines += _nested(top)
    return "\n".join(lines) + "\n"


def _nested(top: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the keys that stand below others; hosts have dots and come as mappings."""
    heads: dict[str, dict[str, Any]] = {}
    for path, value in top.items():
        if isinstance(value, list) and "." not in path:
            yield f"{path}:"
            yield from (f"  - {_written(one)}" for one in value)
            continue
        head, _, key = path.partition(".")
        heads.setdefault(head, {}).update(value if not key else {key: value})
    for head, values in heads.items():
        yield f"{head}:"
        for key, value in values.items():
            if isinstance(value, dict):
                yield f"  {_written(key)}:"
                yield from (f"    {inner}: {_written(one)}" for inner, one in value.items())
            else:
                yield f"  {_written(key)}: {_written(value)}"


def _written(value: Any) -> str:  # noqa: ANN401 - any value of the config
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(_written(one) for one in value)}]"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(value)
    plain = _SAFE.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def _line(text: str) -> str:
    """Give a text that stays within its comment."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
