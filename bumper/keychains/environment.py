"""The credentials that the environment holds: by our own names, and what CI puts there.

`BUMPER_REGISTRY_<HOST>_USERNAME`, `_PASSWORD` and `_TOKEN`, where `<HOST>` is written in capitals, `.` as
`_`, `-` as `__` and `:` as `___`: no two hosts share a name, as a secret must not be found by another.
Source: GitHub's documentation, "Authenticating to the Container registry".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.keychains.base import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Environment", "variable"]

_SPELLED = str.maketrans({".": "_", "-": "__", ":": "___"})


def variable(registry: str) -> str:
    """Give what the variables of a registry begin with."""
    return f"BUMPER_REGISTRY_{registry.translate(_SPELLED).upper()}"


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """The environment of the run."""

    variables: Mapping[str, str]

    def credentials(
        self,
        registry: str,
        account: str | None = None,
        repository: str = "",  # noqa: ARG002 - the environment knows hosts alone
    ) -> Credentials | None:
        """Give our own variables of a registry, or the job's token for ghcr.io in GitHub Actions."""
        if account is not None or not registry.isascii() or "[" in registry:
            return None
        start = variable(registry)
        for kind in ("TOKEN", "PASSWORD"):
            secret = self.variables.get(f"{start}_{kind}", "")
            if secret:
                user = self.variables.get(f"{start}_USERNAME") or "token"
                return Credentials(user, secret, f"environment variable {start}_{kind}")
        return self._github() if registry == "ghcr.io" else None

    def _github(self) -> Credentials | None:
        token = self.variables.get("GITHUB_TOKEN", "")
        # Gitea's runner sets GITHUB_TOKEN too: it is not GitHub's then.
        if self.variables.get("GITHUB_SERVER_URL", "https://github.com") != "https://github.com":
            return None
        actor = self.variables.get("GITHUB_ACTOR") or "token"
        return Credentials(actor, token, "environment variable GITHUB_TOKEN") if token else None
