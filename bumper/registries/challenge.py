"""What a registry asks for in `WWW-Authenticate`. Pure.

Strict: a header that cannot be read to its end is refused whole, as nobody can tell whom a secret
would go to. Source: RFC 9110, 11.6.1; the distribution project's token specification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Challenge", "parse"]

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the grammar's word for a word
_PARAMETER = re.compile(
    rf"""(?P<key>{_TOKEN})\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\[^\r\n])*)"|(?P<bare>[^\s,"=]+))(?=\s|,|$)""",
    re.ASCII,
)
_SCHEME = re.compile(rf"(?P<scheme>{_TOKEN})(?=\s|,|$)", re.ASCII)
# `Negotiate YII…==`: one word that is no parameter.
_WORD = re.compile(r"[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))", re.ASCII)
_BLANK = re.compile(r"\s*")
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: the scheme and its parameters, names in lower case."""

    scheme: str
    parameters: Mapping[str, str]


def parse(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Read every challenge of every header, in order.

    Raises:
        UnreachableError: A header is broken; what stands in it is not repeated.
    """
    found: list[Challenge] = []
    for header in headers:
        found += _read(header[:_MOST])
    return tuple(found)


def _read(header: str) -> list[Challenge]:
    found: list[tuple[str, dict[str, str]]] = []
    position, fresh = 0, False
    while True:
        position = _past_blanks(header, position)
        if position == len(header):
            break
        if header[position] == ",":
            position, fresh = position + 1, False
            continue
        match = _PARAMETER.match(header, position)
        if match is not None and found:
            value = match["quoted"] if match["quoted"] is not None else match["bare"]
            found[-1][1][match["key"].lower()] = re.sub(r"\\(.)", r"\1", value)
        elif fresh and (match := _WORD.match(header, position)):
            pass
        elif not fresh and (match := _SCHEME.match(header, position)):
            found.append((match["scheme"].lower(), {}))
            position, fresh = match.end(), True
            continue
        else:
            raise _broken()
        position, fresh = _past_blanks(header, match.end()), False
        if position < len(header) and header[position] != ",":
            raise _broken()
    return [Challenge(scheme, parameters) for scheme, parameters in found]


def _past_blanks(header: str, position: int) -> int:
    match = _BLANK.match(header, position)
    return match.end() if match else position


def _broken() -> UnreachableError:
    return UnreachableError(
        "its request for a login cannot be read", code="bad-challenge", hint="ask its operator"
    )
