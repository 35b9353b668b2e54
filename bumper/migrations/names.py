"""Globs and expressions over names and paths, as other systems write them. Pure. No member.

`*` stays within one part and `**` crosses them, braces are alternatives, `/…/` is an expression,
`!` in front means all but these. Source: docs.renovatebot.com, "String Pattern Matching".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bumper.patterns import compile_pattern

__all__ = ["Names", "alternatives", "glob"]

_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_EXPRESSION = re.compile(r"/(?P<body>.+)/(?P<flags>[a-z]*)", re.DOTALL)
# `^ghcr\.io/acme/` and no more: text from the start, perhaps to the end.
_FRONT = re.compile(r"\^(?P<text>(?:[\w/:@-]|\\[./-])+)(?P<end>\$|\.\*\$?)?", re.ASCII)


def alternatives(pattern: str) -> tuple[str, ...]:
    """Give every text that braces stand for."""
    match = _BRACES.search(pattern)
    if match is None:
        return (pattern,)
    head, tail = pattern[: match.start()], pattern[match.end() :]
    return tuple(
        text for part in match[1].split(",") for text in alternatives(f"{head}{part}{tail}")
    )[:256]


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    words = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = (words.get(part) or re.escape(part) for part in _TOKENS.findall(pattern))
    return re.compile("".join(pieces), re.DOTALL | re.IGNORECASE)


def glob(pattern: str, text: str) -> bool:
    """Say whether a text matches a glob, whatever its letters' case."""
    return any(_compiled(one).fullmatch(text) is not None for one in alternatives(pattern))


@dataclass(frozen=True, slots=True)
class Names:
    """Patterns of one list; none means everything."""

    patterns: tuple[str, ...]

    def mean(self, text: str) -> bool:
        """Say whether the list means a text: one of its patterns, and none of those with `!`."""
        wanted = [one for one in self.patterns if not one.startswith("!")]
        unwanted = [one[1:] for one in self.patterns if one.startswith("!")]
        if any(_matches(one, text) for one in unwanted):
            return False
        return not wanted or any(_matches(one, text) for one in wanted)

    def globs(self) -> tuple[str, ...] | None:
        """Give globs of ours that mean the same, None where there are none."""
        found: list[str] = []
        for one in self.patterns:
            if one.startswith("!"):
                return None
            expression = _EXPRESSION.fullmatch(one)
            front = _FRONT.fullmatch(expression["body"]) if expression else None
            if expression is None:
                found += alternatives(one)
            elif front is None or expression["flags"]:
                return None
            else:
                text = front["text"].replace("\\", "")
                found.append(text if front["end"] == "$" else f"{text}**")
        return tuple(found)

    def check(self) -> None:
        """Read every expression.

        Raises:
            ValueError: One cannot be read.
        """
        for one in self.patterns:
            _matches(one.removeprefix("!"), "")


def _matches(pattern: str, text: str) -> bool:
    if pattern in {"*", "**"}:
        return True
    expression = _EXPRESSION.fullmatch(pattern)
    if expression is None:
        return glob(pattern, text)
    flags = "(?i)" if "i" in expression["flags"] else ""
    body = re.sub(r"\(\?<(?![=!])", "(?P<", expression["body"])
    return compile_pattern(flags + body).groups(text) is not None
