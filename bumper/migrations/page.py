"""A settings file in YAML, JSON or JSON5 as plain data, each part with its line. Pure. No member.

JSON is YAML but for JSON5's comments, which are blanked here, so that every line keeps its number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bumper import yaml_text
from bumper.errors import TextError
from bumper.yaml_nodes import Alias, Mapping, Scalar, Sequence
from bumper.yaml_values import plain

if TYPE_CHECKING:
    from bumper.yaml_nodes import Node

__all__ = ["Page", "listed", "shown"]

_JSON5 = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<tab>\t)""",
    re.DOTALL,
)


class Page:
    """What stands in a settings file, and on which line.

    Raises:
        TextError: It cannot be read, or is no mapping.
    """

    def __init__(self, path: str, text: str) -> None:
        json = not path.endswith((".yml", ".yaml"))
        try:
            documents = yaml_text.read(_JSON5.sub(_blanked, text) if json else text)
        except TextError as error:
            name = "JSON" if json else "YAML"
            told = error.message.replace("as YAML", f"as {name}")
            raise TextError(told, line=error.line, code=error.code) from error
        if len(documents) != 1 or not isinstance(documents[0].root, Mapping):
            raise TextError("is no mapping of settings", line=1)
        self.path = path
        self._document = documents[0]
        self.value: dict[str, Any] = plain(documents[0].root)

    def line(self, *location: str | int) -> int:
        """Give the line of a part, or of the deepest part above it that is there."""
        node: Node | None = self._document.root
        offset = 0
        for part in location:
            node = node.target if isinstance(node, Alias) else node
            if isinstance(node, Mapping):
                found = [
                    one
                    for one in node.entries
                    if isinstance(one[0], Scalar) and one[0].value == part
                ]
                if not found:
                    break
                offset, node = found[0][0].span.start, found[0][1]
            elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
                offset = node.span.start
        return self._document.lines.place(offset)[0]


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - any value of a settings file
    """Give a list, also of one thing that stands alone, or of none."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def shown(key: str, value: Any) -> str:  # noqa: ANN401 - as above
    """Write a setting down in one short line."""
    if isinstance(value, dict):
        text = "{…}" if value else "{}"
    elif isinstance(value, list):
        text = f"[{', '.join('{…}' if isinstance(one, dict) else str(one) for one in value)}]"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{key}: {text if len(text) <= 100 else text[:99] + '…'}"


def _blanked(match: re.Match[str]) -> str:
    if match["string"]:
        return match[0]
    return re.sub(r"[^\n]", " ", match[0])
