"""What a keychain is: something that may know the credentials of a registry.

A secret is bound to the registry it was given for; where it may be sent is decided in `registries`.
Nothing is read here; making credentials tells the redactor what must not be printed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bumper import redact
from bumper.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Credentials", "Keychain", "Wallet", "below"]


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A user name and a secret; with `identity_token` the secret is an OAuth2 refresh token.

    `source` names where they come from, never what they are. `path` limits them to repositories
    below it, where a host is shared; "" is all of the host.

    Raises:
        RegistryError: They hold what no header may carry.
    """

    username: str
    secret: str
    source: str
    identity_token: bool = False
    path: str = ""

    def __post_init__(self) -> None:
        if any(ord(char) < 32 or ord(char) == 127 for char in self.username + self.secret):
            raise RegistryError(
                f"{self.source}: a line break or control character in the credentials",
                code="bad-credentials",
                hint="a file's last line break is cut off by `_FILE` settings, not by `$(cat …)` ones",
            )
        redact.learn(self.secret, base64.b64encode(self.pair).decode())

    def __repr__(self) -> str:
        return f"Credentials({self.username!r}, source={self.source!r})"

    @property
    def account(self) -> str:
        """Whose answers these are; see `Wallet`."""
        return self.username

    @property
    def pair(self) -> bytes:
        """`user:secret` as Basic wants it; UTF-8, as all registries read it (RFC 7617)."""
        return f"{self.username}:{self.secret}".encode()


class Keychain(Protocol):
    """A place where credentials are kept."""

    def credentials(
        self, registry: str, account: str | None = None, repository: str = ""
    ) -> Credentials | None:
        """Give the credentials for a repository of a registry, None if this keychain has none.

        Args:
            registry: Host and port.
            account: A name out of several; None: the one without a name.
            repository: Path on the registry, for hosts that are shared.

        Raises:
            BumperError: The keychain cannot be read; the message names the key, not the value.
        """
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Wallet:
    """What a registry's client may take credentials from, one repository at a time.

    `find` may wait for a helper program. `realms` are token servers that the config vouches for,
    `account` says whose answers these are: what is kept for one is not shown to another.
    """

    find: Callable[[str], Credentials | None]
    realms: frozenset[str] = frozenset()
    account: str = ""


def below(path: str, repository: str) -> bool:
    """Say whether a repository is at or below a path, by whole segments; "" is above all."""
    return not path or repository == path or repository.startswith(f"{path}/")
