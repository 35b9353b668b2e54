"""The page of a key of the config, from the schema that is made of the code; so it is written once."""

from __future__ import annotations

import json
from difflib import get_close_matches
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["near", "page"]

_DEEPEST = 4


def page(word: str) -> str:
    """Give what a key means, for `policy` as for `pull-requests.limit`; "" if there is no such key."""
    schema = _schema()
    found: dict[str, list[str]] = {}
    for place, node in _keys(schema, schema, ()):
        if place[-1] == word or ".".join(place) == word:
            found.setdefault("\n".join(_lines(schema, node)), []).append(".".join(place))
    return "\n\n".join(f"{', '.join(places)}\n{told}" for told, places in found.items())


def near(word: str) -> str:
    """Give the key that a word was probably meant to be, "" if it is like none."""
    schema = _schema()
    places = [place for place, _ in _keys(schema, schema, ())]
    known = [".".join(place) for place in places] + [place[-1] for place in places]
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.8)), "")


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        (resources.files("bumper") / "schema.json").read_text("utf-8")
    )
    return schema


def _keys(
    schema: dict[str, Any], node: dict[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Give every key with the names above it; what stands in a list or below a host's name is below its key."""
    for name, inner in _opened(schema, node).get("properties", {}).items():
        place = (*above, name)
        yield place, inner
        if len(place) < _DEEPEST:
            for below in _inside(schema, inner):
                yield from _keys(schema, below, place)


def _inside(schema: dict[str, Any], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the records that may stand below a key: itself, an item, a value of a table."""
    opened = _opened(schema, node)
    items, values = opened.get("items"), opened.get("additionalProperties")
    parts = [opened, items, values, *opened.get("anyOf", ())]
    yield from (part for part in parts if isinstance(part, dict) and _has_keys(schema, part))


def _has_keys(schema: dict[str, Any], node: dict[str, Any]) -> bool:
    return "properties" in _opened(schema, node)


def _opened(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference; what stands beside it wins."""
    name = node.get("$ref", "").rpartition("/")[2]
    return {**schema["$defs"][name], **node} if name else node


def _lines(schema: dict[str, Any], node: dict[str, Any]) -> Iterator[str]:
    opened = _opened(schema, node)
    if told := opened.get("description"):
        yield f"  {told}"
    if values := _values(schema, node):
        yield f"  values: {', '.join(values)}"
    if keys := [
        key for part in _inside(schema, node) for key in _opened(schema, part)["properties"]
    ]:
        yield f"  keys: {', '.join(sorted(keys))}"
    default = opened.get("default")
    if default is not None and not isinstance(default, dict) and default != []:
        yield f"  default: {json.dumps(default, ensure_ascii=False)}"


def _values(schema: dict[str, Any], node: dict[str, Any]) -> list[str]:
    opened = _opened(schema, node)
    own = [str(one) for one in opened.get("enum", ())]
    parts = [opened.get("items"), *opened.get("anyOf", ())]
    return own + [one for part in parts if isinstance(part, dict) for one in _values(schema, part)]
