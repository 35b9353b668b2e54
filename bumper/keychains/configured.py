"""The credentials of the config file, by registry and account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.keychains.base import Credentials

__all__ = ["Configured"]


@dataclass(frozen=True, slots=True, repr=False)
class Configured:
    """Credentials by `(registry, account)`; the account None is the one without a name."""

    known: Mapping[tuple[str, str | None], Credentials]

    def credentials(self, registry: str, account: str | None = None) -> Credentials | None:
        """Give what the config says of a registry."""
        return self.known.get((registry, account))
