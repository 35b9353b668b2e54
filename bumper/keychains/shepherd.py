"""Shepherd's registries file: several accounts on one registry, each with a name.

Four columns between tabs: id, registry, login, password; `#` begins a comment line. Shepherd skips
what it cannot read, so that a typing error becomes an anonymous look-up; here it is an error.
Source: Shepherd's README, "Multiple registries".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bumper.errors import UsageError
from bumper.keychains.base import Credentials
from bumper.reference import registry_name

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Shepherd", "read"]

_MOST_BYTES = 1024 * 1024


class Shepherd:
    """The file that REGISTRIES_FILE or BUMPER_REGISTRIES_FILE names; read when it is first needed."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: dict[tuple[str, str], Credentials] | None = None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Shepherd:
        """Give the file that the environment names, if it names one."""
        named = variables.get("BUMPER_REGISTRIES_FILE") or variables.get("REGISTRIES_FILE")
        return cls(Path(named) if named else None)

    def credentials(
        self,
        registry: str,
        account: str | None = None,
        repository: str = "",  # noqa: ARG002 - the file knows hosts alone
    ) -> Credentials | None:
        """Give the line of an account; without a name there is none, as in Shepherd.

        Raises:
            UsageError: The file cannot be read, or a line of it.
        """
        if account is None or self._path is None:
            return None
        if self._read is None:
            try:
                with self._path.open(encoding="utf-8-sig") as file:
                    text = file.read(_MOST_BYTES)
            except (OSError, UnicodeDecodeError):
                message = f"{self._path}: cannot be read as a registries file"
                raise UsageError(message, code="registries-file") from None
            self._read = read(text, str(self._path))
        return self._read.get((account, registry))


def read(text: str, path: str) -> dict[tuple[str, str], Credentials]:
    """Read the file's lines; give credentials by `(id, registry)`.

    Raises:
        UsageError: A line has not four columns, or one of them is empty; the message has its number.
    """
    found: dict[tuple[str, str], Credentials] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        where = f"{path}:{number}"
        if len(columns) != 4 or not all(column.strip() for column in columns):
            message = f"{where}: not four columns between tabs (id, registry, login, password)"
            raise UsageError(message, code="registries-file")
        account, registry, login, password = columns
        key = (account, registry_name(registry))
        if key in found:
            raise UsageError(
                f"{where}: the id and registry stand above already", code="registries-file"
            )
        found[key] = Credentials(login, password, where)
    return found
