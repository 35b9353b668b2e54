"""Several keychains as one: the first that has anything wins. What a registry's client is handed.

No network and no files of its own; the keychains have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.errors import BumperError, RegistryError
from bumper.keychains.base import Wallet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bumper.keychains.base import Credentials, Keychain

__all__ = ["Chain"]


@dataclass(frozen=True, slots=True, repr=False)
class Chain:
    """Keychains, the nearest first, and the account to look an image up with, where one is chosen."""

    keychains: tuple[Keychain, ...]
    accounts: Mapping[str, str]

    def wallet(self, registry: str, realms: Iterable[str] = ()) -> Wallet:
        """Give what the client of a registry may take credentials from."""
        return Wallet(
            lambda repository: self.find(registry, repository),
            frozenset(realms),
            self.account(registry),
        )

    def account(self, registry: str) -> str:
        """Give whose answers a registry's are: the usual account, and the chosen ones by image."""
        chosen = {
            image: name for image, name in self.accounts.items() if image.startswith(f"{registry}/")
        }
        try:
            usual = self.find(registry, "")
        except RegistryError:
            # Each image will say it; nothing will be kept of it.
            usual = None
        names = sorted(f"{image}={name}" for image, name in chosen.items())
        return " ".join([usual.username if usual else "", *names])

    def find(self, registry: str, repository: str) -> Credentials | None:
        """Give the credentials for a repository.

        Raises:
            RegistryError: A keychain cannot be read, or none knows the account that was chosen; the
                images of this registry fail, no others.
        """
        account = self.accounts.get(f"{registry}/{repository}")
        try:
            for keychain in self.keychains:
                found = keychain.credentials(registry, account, repository)
                if found is not None:
                    return found
        except BumperError as error:
            raise RegistryError(error.message, code=error.code, hint=error.hint) from error
        if account is not None:
            message = f"{registry}: no account {account!r}, as `auth` of {repository} wants it"
            hint = f"add it under `registries.{registry}.accounts`, or to the registries file"
            raise RegistryError(message, code="no-account", hint=hint)
        return None
