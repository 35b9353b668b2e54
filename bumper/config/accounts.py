"""How registries are reached, and who we are there, as checked records. Pure.

Every key's description is its manual; a secret stands here as $NAME only.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bumper.config.kinds import (
    HostText,
    Record,
    Sites,
)

__all__ = [
    "Account",
    "RegistrySettings",
]


class Account(Record):
    """Who we are at a registry."""

    username: str | None = None
    """The account's name; $NAME takes it from the environment."""
    password: str | None = None
    """The account's password, as $NAME of the environment; NAME_FILE may name a file that holds it."""
    token: str | None = None
    """A token instead of a password, as $NAME of the environment or of the file in NAME_FILE."""

    @model_validator(mode="after")
    def _has_secret(self) -> Self:
        if self.username and not (self.password or self.token):
            raise ValueError("`username` needs `password` or `token`")
        return self


class RegistrySettings(Account):
    """How one registry is reached."""

    accounts: dict[str, Account] = {}  # noqa: RUF012 - pydantic copies it
    """More accounts by name; `auth` of a rule, label or comment chooses one."""
    realm: Sites = ()
    """Token servers on other hosts that may see the credentials, such as https://auth.example.org."""
    ca: str | None = None
    """A file with the CA that signed the registry's certificate."""
    cert: str | None = None
    """A file with a client certificate and its key."""
    insecure: bool = False
    """Accept any certificate, or plain http; never without need."""
    mirror: HostText | None = None
    """Ask this host (and folder) first."""
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None
    """Requests at once to this host, if it bears them; fewer after a 429, a 5xx or silence."""
    rate: Annotated[float, Field(gt=0)] | None = None
    """New requests to this host a second."""
