"""Our own comments: `# bumper: policy=patch`, on the line of the image or on the line above. Pure.

image: postgres:16.3   # bumper: policy=minor environment=follow
# bumper: ignore reason="pg 17 needs pgvector 0.8"
image: postgres:16.3
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bumper import policies
from bumper.model import Problem, Setting

if TYPE_CHECKING:
    from bumper.model import ImageUse

__all__ = ["NAME", "settle"]

NAME = "directives"
_DIRECTIVE = re.compile(r"(?:^|\s)#\s*bumper:\s*(?P<words>[^\r\n]*)")
_WORD = re.compile(r"""(?P<key>[A-Za-z-]+)(?:=(?P<value>"[^"]*"|'[^']*'|\S+))?(?:\s+|$)""")
_CHOICES = {
    "scheme": ("auto", "semver", "numeric", "alphabetical"),
    "environment": ("freeze", "follow"),
    "digest": ("keep", "pin", "strip"),
}
_KEYS = ("policy", "tags", "group", "reason", "ignore", "pin", *_CHOICES)


def settle(
    path: str, text: str, uses: tuple[ImageUse, ...]
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give the uses with their directives; see `dialects.base.Dialect`."""
    if "bumper:" not in text:
        return uses, ()
    lines = re.split(r"\r\n|\r|\n", text)
    problems: dict[int, Problem] = {}
    settled = []
    for use in uses:
        settings: list[Setting] = []
        for number in (use.line, use.line - 1):
            line = lines[number - 1] if number else ""
            # Above, only a line that is nothing but the comment speaks of the next one.
            match = (
                _DIRECTIVE.search(line)
                if number == use.line or line.lstrip().startswith("#")
                else None
            )
            if match is None:
                continue
            try:
                settings += _read(match["words"], f"{path}:{number}")
            except ValueError as error:
                problems[number] = Problem(path, number, "bad-directive", str(error))
        settled.append(replace(use, settings=(*settings, *use.settings)) if settings else use)
    return tuple(settled), tuple(problems.values())


def _read(words: str, place: str) -> list[Setting]:
    found, position = [], 0
    words = words.strip()
    while position < len(words):
        match = _WORD.match(words, position)
        if match is None:
            raise ValueError(f"cannot read {words[position:]!r} in this comment")
        position = match.end()
        found.append(_setting(match["key"], (match["value"] or "").strip("\"'"), place))
    return found


def _setting(key: str, value: str, place: str) -> Setting:
    source = f"{place} (comment)"
    if key == "ignore" and not value:
        return Setting("policy", "ignore", source)
    if key == "pin" and not value:
        return Setting("digest", "pin", source)
    if key == "policy":
        policies.parse(value)
    elif key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"{key} must be one of {', '.join(_CHOICES[key])}")
    elif key not in _KEYS or not value:
        near = get_close_matches(key, _KEYS, n=1)
        raise ValueError(f"unknown word {key!r}" + (f", did you mean {near[0]!r}?" if near else ""))
    return Setting(key, value, source)
