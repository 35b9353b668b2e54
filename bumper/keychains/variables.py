"""The environment, with the files that its `NAME_FILE` variables name: how Docker gives out secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bumper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Variables"]

_MOST_BYTES = 64 * 1024


class Variables(Mapping[str, str]):
    """Variables by name; one that is not set is read from the file in `NAME_FILE`, when it is asked for.

    Raises:
        UsageError: On asking: the file cannot be read; the message names the variable.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> str:
        if name in self._variables or f"{name}_FILE" not in self._variables:
            return self._variables[name]
        path = Path(self._variables[f"{name}_FILE"])
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(_MOST_BYTES + 1)
        except (OSError, UnicodeDecodeError):
            raise UsageError(f"{name}_FILE: {path} cannot be read", code="secret-file") from None
        if len(text) > _MOST_BYTES:
            raise UsageError(f"{name}_FILE: {path} is too large for a secret", code="secret-file")
        return text.rstrip("\r\n")

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)
