"""The accounts that the config names, as credentials. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.config.secrets import expand
from bumper.errors import UsageError
from bumper.keychains.base import Credentials
from bumper.reference import registry_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.config.accounts import Account
    from bumper.config.model import Config

__all__ = ["logins"]


def logins(
    config: Config, variables: Mapping[str, str]
) -> dict[tuple[str, str | None], tuple[Credentials, ...]]:
    """Give the credentials of every registry, by its name and the account's (None: the one without).

    Raises:
        UsageError: A variable is not set, or a password stands without a username.
    """
    known: dict[tuple[str, str | None], tuple[Credentials, ...]] = {}
    for key, settings in config.registries.items():
        path = key.partition("/")[2].strip("/")
        named: list[tuple[str | None, Account]] = [(None, settings), *settings.accounts.items()]
        for name, account in named:
            where = f"registries.{key}" + (f".accounts.{name}" if name else "")
            found = _credentials(where, path, account, variables)
            if found is not None:
                place = (registry_name(key), name)
                known[place] = (*known.get(place, ()), found)
    return known


def _credentials(
    key: str, path: str, account: Account, variables: Mapping[str, str]
) -> Credentials | None:
    secret = expand(account.password, variables, f"{key}.password")
    token = expand(account.token, variables, f"{key}.token")
    username = expand(account.username, variables, f"{key}.username")
    if token is None and secret is None:
        return None
    if token is None and not username:
        raise UsageError(f"{key}: a password without a username", code="no-username")
    return Credentials(
        username or "token", token or secret or "", f"{key} in the config", path=path
    )
