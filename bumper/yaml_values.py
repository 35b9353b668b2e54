"""The plain data of a YAML node: dicts, lists, text, whole numbers, true, false and nothing. Pure.

`yes` and `no` stay text, as in YAML 1.2. What a number with a point is, its reader says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bumper.yaml_nodes import Alias, Mapping, Sequence, Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.yaml_nodes import Node

__all__ = ["plain"]

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def plain(node: Node | None, decimal: Callable[[str], Any] = str) -> Any:  # noqa: ANN401 - any YAML value
    """Give the data of a node, aliases followed; `decimal` makes something of `1.10`."""
    if isinstance(node, Alias):
        return plain(node.target, decimal)
    if isinstance(node, Mapping):
        return {str(plain(key, decimal)): plain(value, decimal) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item, decimal) for item in node.items]
    if node is None or node.style is not Style.PLAIN:
        return None if node is None else node.value
    if node.value in _WORDS:
        return _WORDS[node.value]
    if _INTEGER.fullmatch(node.value):
        return int(node.value)
    return decimal(node.value) if _DECIMAL.fullmatch(node.value) else node.value
