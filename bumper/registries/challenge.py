"""What a registry asks for in `WWW-Authenticate`. Pure.

Source: RFC 9110, 11.6.1; the distribution project's token specification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Challenge", "parse"]

_PARAMETER = re.compile(
    r"""\s*,?\s*(?P<key>[A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s,"]+))"""
)
_SCHEME = re.compile(r"\s*,?\s*(?P<scheme>[A-Za-z][A-Za-z0-9_-]*)(?=\s|,|$)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: the scheme and its parameters, names in lower case."""

    scheme: str
    parameters: Mapping[str, str]


def parse(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Read every challenge of every header, in order; what cannot be read ends its header."""
    found: list[Challenge] = []
    for header in headers:
        position = 0
        parameters: dict[str, str] = {}
        while position < len(header):
            match = _PARAMETER.match(header, position)
            if match is not None and found and parameters is found[-1].parameters:
                value = match["quoted"] if match["quoted"] is not None else match["bare"]
                parameters[match["key"].lower()] = re.sub(r"\\(.)", r"\1", value)
                position = match.end()
                continue
            match = _SCHEME.match(header, position)
            if match is None:
                break
            parameters = {}
            found.append(Challenge(match["scheme"].lower(), parameters))
            position = match.end()
    return tuple(found)
