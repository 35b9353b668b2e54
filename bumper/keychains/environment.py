"""The credentials that CI puts into the environment: GITHUB_TOKEN for ghcr.io.

Source: GitHub's documentation, "Authenticating to the Container registry".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.keychains.base import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Environment"]


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """The environment of the run."""

    variables: Mapping[str, str]

    def credentials(self, registry: str, account: str | None = None) -> Credentials | None:
        """Give the job's own token for ghcr.io inside GitHub Actions; nothing else is guessed."""
        token = self.variables.get("GITHUB_TOKEN", "")
        if registry != "ghcr.io" or account is not None or not token:
            return None
        if self.variables.get("GITHUB_SERVER_URL", "https://github.com") != "https://github.com":
            return None
        actor = self.variables.get("GITHUB_ACTOR") or "token"
        return Credentials(actor, token, "environment variable GITHUB_TOKEN")
