"""What a keychain is: something that may know the credentials of a registry. Pure.

A secret is bound to the registry it was given for; where it may be sent is decided in `registries`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Credentials", "Keychain"]


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A user name and a secret; with `identity_token` the secret is an OAuth2 refresh token.

    `source` names where they come from, never what they are.
    """

    username: str
    secret: str
    source: str
    identity_token: bool = False

    def __repr__(self) -> str:
        return f"Credentials({self.username!r}, source={self.source!r})"


class Keychain(Protocol):
    """A place where credentials are kept."""

    def credentials(self, registry: str, account: str | None = None) -> Credentials | None:
        """Give the credentials for a registry (host and port), None if this keychain has none.

        Raises:
            BumperError: The keychain cannot be read; the message names the key, not the value.
        """
        ...
