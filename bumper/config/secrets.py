"""Values that come from the environment: `$NAME`, wholly, and nothing else. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["expand"]

_NAME = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def expand(value: str | None, variables: Mapping[str, str], key: str) -> str | None:
    """Give a setting's value, taken from the environment where it is wholly `$NAME`.

    Raises:
        UsageError: The variable is not set; the message names the key and the variable.
    """
    match = _NAME.fullmatch(value or "")
    if match is None:
        return value
    if match[1] not in variables:
        raise UsageError(
            f"{key}: the environment variable {match[1]} is not set", code="unset-variable"
        )
    return variables[match[1]]
