"""The shape of a tag: the tag with its numbers taken out, `#.#.#-slim-bookworm`. Pure.

Two tags compare only if their shapes are equal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.schemes.base import RELEASE, Version
from bumper.schemes.pieces import date_of, numbers, take_apart

if TYPE_CHECKING:
    from bumper.schemes.base import Piece
    from bumper.schemes.words import Words

__all__ = ["parse", "version"]


def parse(tag: str, words: Words) -> Version | None:
    """Read a tag; None if no number in it is a version."""
    pieces = take_apart(tag, words)
    return version(tag, pieces, words) if pieces else None


def version(tag: str, pieces: tuple[Piece, ...], words: Words) -> Version:
    """Make the version of a tag from its pieces, which are not none."""
    shape = prefix = kind = pre_text = ""
    parts: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()
    pre = RELEASE
    environment, counters = [], []
    for part, text in pieces:
        if part in {"version", "date"}:
            prefix = shape
            kind, parts, widths = _main(part, text)
        elif part == "environment":
            environment.append(numbers(text))
        elif part == "counter":
            counters.append(numbers(text))
        elif part in {"pre-release", "post-release"}:
            pre = _pre(part, text, words)
            pre_text = text if part == "pre-release" else ""
        shape += _slot(part, text)
    order = (parts, pre, tuple(environment), tuple(counters))
    padded = any(width > len(str(part)) for width, part in zip(widths, parts, strict=False))
    return Version(
        tag, kind, prefix, shape, parts, order, tuple(environment), pre_text, widths, padded
    )


def _main(part: str, text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Give kind, parts and widths of the version itself; widths only where they can matter."""
    if part == "date":
        return "date", date_of("", text) or (), ()
    parts = numbers(text)
    kind = "date" if len(parts) > 1 and 1990 <= parts[0] <= 2099 else "number"
    return kind, parts, tuple(map(len, text.split("."))) if kind == "number" else ()


def _pre(part: str, text: str, words: Words) -> tuple[int, int, tuple[int, ...]]:
    match = words.head.match(text)
    rank = words.rank[match[2].lower()] if match else 0
    rest = text[match.end() :] if match else ""
    counted = () if re.search(r"[A-Za-z]", rest) else numbers(rest)  # a hash counts nothing
    return (0 if part == "pre-release" else 2, rank, counted)


def _slot(part: str, text: str) -> str:
    """Give what stands in the shape for a piece."""
    match part:
        case "version":
            return ".".join("#" * (text.count(".") + 1))
        case "date":
            return f"D{len(text)}"
        case "environment":
            return "%" + "." * text.count(".")
        case "counter":
            return "#" + "." * text.count(".") + "-" * text.count("-")
        case "hash":
            return "<hash>"
        case "pre-release" | "post-release":
            return ""
        case _:
            return text
