"""The text of a config file -> a checked Config, or all its mistakes at once. Pure.

The file is read by the same reader as every other, so a mistake has its line and column.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ValidationError

from bumper import yaml_text
from bumper.config import whole
from bumper.config.model import Config
from bumper.errors import ConfigError, TextError
from bumper.yaml_nodes import Alias, Mapping, Scalar, Sequence
from bumper.yaml_values import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.yaml_nodes import Document, Node

__all__ = ["Loaded", "read"]

_LATER = {"rings"}
# Words that other systems have for a key of ours.
_MEANT = {
    **dict.fromkeys(("image", "images", "name", "package", "packages"), "match"),
    **dict.fromkeys(("cron", "interval"), "schedule"),
}
# What pydantic says in the words of Python.
_PLAIN = {
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping, of keys and their values",
    "model_type": "must be a mapping, of keys and their values",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "missing": "is missing",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A config, the path it came from (None: the defaults) and the line of each of its rules.

    `default_lines` gives the line of each key that stands under `defaults`; `doubts` are what `config lint`
    finds, and a run bears.
    """

    config: Config = field(default_factory=Config)
    path: str | None = None
    rule_lines: tuple[int, ...] = ()
    default_lines: tuple[tuple[str, int], ...] = ()
    doubts: tuple[str, ...] = ()


# Line, column, key and what is wrong.
Problem = tuple[int, int, str, str]


def read(path: str, text: str) -> Loaded:
    """Check a config text.

    Raises:
        ConfigError: With every mistake as `path:line:column: key: what is wrong`, in file order.
    """
    try:
        documents = yaml_text.read(text)
    except TextError as error:
        raise ConfigError((f"{path}:{error.line or 1}: {error.message}",)) from error
    if len(documents) > 1:
        raise ConfigError((f"{path}: one document is enough",))
    root = documents[0].root if documents else None
    if root is None or (isinstance(root, Scalar) and not root.value):
        return Loaded(Config(), path)
    document = documents[0]
    found: list[Problem] = [
        (*document.lines.place(key.start), key.value, "stands here a second time: keep one")
        for key in whole.twice(root)
    ]
    config = Config()
    try:
        config = Config.model_validate(plain(root, _Number))
    except ValidationError as error:
        found += _problems(document, error)
    found += _said(document, whole.namesakes(config))
    if found:
        raise ConfigError(_told(path, found))
    doubts = _told(path, _said(document, whole.unmet(config)))
    rules = root.sequence("rules") if isinstance(root, Mapping) else None
    starts = [document.lines.place(_start(item))[0] for item in rules.items] if rules else []
    defaults = root.get("defaults") if isinstance(root, Mapping) else None
    lines = tuple(
        (key.value, document.lines.place(key.span.start)[0])
        for key, _ in (defaults.entries if isinstance(defaults, Mapping) else ())
        if isinstance(key, Scalar)
    )
    return Loaded(config, path, tuple(starts), lines, doubts)


def _problems(document: Document, error: ValidationError) -> list[Problem]:
    """Give everything that pydantic found."""
    return _said(document, ((problem["loc"], _words(problem)) for problem in error.errors()))


def _said(document: Document, found: Iterable[tuple[tuple[int | str, ...], str]]) -> list[Problem]:
    """Give places of the document with what is wrong there."""
    return [(*_place(document, at), _key(at), words) for at, words in found]


def _told(path: str, found: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(
        f"{path}:{line}:{column}: {key}: {words}" for line, column, key, words in sorted(set(found))
    )


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if not _is_tag(part)) or "the file"


def _is_tag(part: object) -> bool:
    """Say whether pydantic put a part of a location there itself."""
    return isinstance(part, str) and part.startswith(
        ("function-", "tuple[", "constrained-", "literal[", "[key]")
    )


def _words(problem: Any) -> str:  # noqa: ANN401 - pydantic's error details are a TypedDict of its own
    given = problem.get("input")
    match problem["type"]:
        case "extra_forbidden":
            key = str(problem["loc"][-1])
            if key in _LATER and len(problem["loc"]) == 1:
                return "is not available in this version"
            keys = _keys(problem["loc"])
            # A word that other systems have for it is no slip of the finger.
            meant = [_MEANT[key]] if _MEANT.get(key) in keys else []
            near = meant or get_close_matches(key, keys, n=1)
            return "unknown key" + (f", did you mean {near[0]!r}?" if near else "")
        case "string_type" if isinstance(given, (int, float)):
            return f"must be text: quote it, '{str(given).lower()}'"
        case kind if kind in _PLAIN:
            return _PLAIN[kind]
        case "value_error":
            return str(problem["ctx"]["error"])
        case "literal_error":
            expected = (
                str(problem["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
            )
            near = get_close_matches(str(given), expected, n=1)
            return f"must be one of {', '.join(expected)}" + (
                f"; did you mean {near[0]!r}?" if near else ""
            )
        case _:
            return str(problem["msg"]).replace("Input should be", "must be")


def _keys(location: tuple[int | str, ...]) -> list[str]:
    """Give the keys that may stand where an unknown one does."""
    model: Any = Config
    for part in location[:-1]:
        if not isinstance(part, str) or not hasattr(model, "model_fields"):
            continue
        named = next((f for f in model.model_fields.values() if f.alias == part), None)
        model = _inner(named.annotation) if named else model
    return [str(f.alias) for f in model.model_fields.values()]


def _inner(annotation: Any) -> Any:  # noqa: ANN401 - a type, or what stands around one
    """Give the record inside `tuple[Rule, ...]` and `dict[str, RegistrySettings]`."""
    inside = [a for a in getattr(annotation, "__args__", ()) if isinstance(a, type)]
    records = [a for a in (annotation, *inside) if isinstance(a, type) and issubclass(a, BaseModel)]
    return records[0] if records else Config


def _place(document: Document, location: tuple[int | str, ...]) -> tuple[int, int]:
    """Give the line and column of the deepest part of a location that the file has."""
    node: Node | None = document.root
    offset = 0
    for part in location:
        node = node.target if isinstance(node, Alias) else node
        if isinstance(node, Mapping):
            for key, value in node.entries:
                if isinstance(key, Scalar) and key.value == part:
                    offset, node = key.span.start, value
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            offset = _start(node)
    return document.lines.place(offset)


def _start(node: Node) -> int:
    return node.span.start


class _Number(float):
    """A number that remembers how it was written: a message can then quote `1.10`."""

    def __new__(cls, text: str) -> Self:
        self = super().__new__(cls, text)
        self.text = text
        return self

    text: str

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__
