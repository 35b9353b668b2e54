"""The credentials of the config file, by registry, account and path. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.keychains.base import below

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.keychains.base import Credentials

__all__ = ["Configured"]


@dataclass(frozen=True, slots=True, repr=False)
class Configured:
    """Credentials by `(registry, account)`, for all of a host or below a path of it."""

    known: Mapping[tuple[str, str | None], tuple[Credentials, ...]]

    def credentials(
        self, registry: str, account: str | None = None, repository: str = ""
    ) -> Credentials | None:
        """Give what the config says of a repository; the longest path wins."""
        found = self.known.get((registry, account), ())
        fitting = [one for one in found if below(one.path, repository)]
        return max(fitting, key=lambda one: len(one.path), default=None)
