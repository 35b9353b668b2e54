"""Booleans as Go programs read them. Pure. Source: pkg.go.dev, strconv, "ParseBool"."""

from __future__ import annotations

from bumper.asides.settings import meant

__all__ = ["go_boolean"]

# Go's strconv.ParseBool, which Watchtower, Keel and Diun read their values with.
_GO_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_GO_FALSE = ("0", "f", "F", "FALSE", "false", "False")
# What people write instead, and what it would be.
_WORDS = {
    "true": "true",
    "false": "false",
    "yes": "true",
    "no": "false",
    "on": "true",
    "off": "false",
}


def go_boolean(text: str) -> bool:
    """Read a boolean as Go does.

    Raises:
        ValueError: It is none; the message says which was probably meant.
    """
    if text in _GO_TRUE:
        return True
    if text in _GO_FALSE:
        return False
    near = next((word for word in _WORDS if f"{word!r}" in meant(text, _WORDS)), None)
    hint = "" if near is None else f", did you mean {_WORDS[near]!r}?"
    raise ValueError(f"{text!r} is neither true nor false{hint}")
