"""The credentials that `docker login` left: `auths`, `credHelpers` and `credsStore`.

Source: Docker's documentation, "docker login", "Credential helper protocol".
"""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bumper.errors import BumperError
from bumper.keychains.base import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DockerConfig"]

_HELPER_SECONDS = 10
# `docker login` files Docker Hub under https://index.docker.io/v1/.
_HUB_NAMES = ("https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io")
_IDENTITY_TOKEN_USER = "<token>"  # noqa: S105 - the protocol's name for "the secret is a token"


class DockerConfig:
    """One `config.json`; read when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[str, Any] | None = None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> DockerConfig:
        """Give the file that `docker` itself would use: DOCKER_CONFIG, else the home folder's."""
        folder = variables.get("DOCKER_CONFIG")
        home = Path(variables.get("HOME") or variables.get("USERPROFILE") or ".")
        return cls(Path(folder) / "config.json" if folder else home / ".docker" / "config.json")

    def credentials(self, registry: str, account: str | None = None) -> Credentials | None:
        """Give what the file or its helpers know of a registry.

        Raises:
            BumperError: The file or a helper's answer cannot be read.
        """
        if account is not None:
            return None
        names = _HUB_NAMES if registry == "docker.io" else (registry, f"https://{registry}")
        config = self._config()
        for name in names:
            helper = _text(_mapping(config, "credHelpers").get(name))
            if helper:
                return self._ask(helper, name)
        for name in names:
            entry = _mapping(config, "auths").get(name)
            if isinstance(entry, dict) and (found := self._entry(entry, name)):
                return found
        store = _text(config.get("credsStore"))
        return self._ask(store, names[0]) if store else None

    def _config(self) -> dict[str, Any]:
        if self._read is None:
            try:
                document = json.loads(self._path.read_text(encoding="utf-8"))
            except FileNotFoundError:
                document = {}
            except (OSError, ValueError) as error:
                raise BumperError(
                    f"{self._path}: cannot be read as JSON", code="docker-config"
                ) from error
            self._read = document if isinstance(document, dict) else {}
        return self._read

    def _entry(self, entry: dict[str, Any], name: str) -> Credentials | None:
        source = f"{self._path} ({name})"
        username, secret = _text(entry.get("username")), _text(entry.get("password"))
        if entry.get("auth"):
            try:
                pair = base64.b64decode(_text(entry["auth"]), validate=True).decode()
            except ValueError as error:
                raise BumperError(
                    f"{source}: `auth` is not base64 text", code="docker-config"
                ) from error
            username, colon, secret = pair.partition(":")
            if not colon:
                raise BumperError(f"{source}: `auth` has no colon", code="docker-config")
        token = _text(entry.get("identitytoken"))
        if token:
            return Credentials(username, token, source, identity_token=True)
        return Credentials(username, secret.rstrip("\0"), source) if username and secret else None

    def _ask(self, helper: str, name: str) -> Credentials | None:
        if not helper.replace("-", "").replace("_", "").isalnum():
            raise BumperError(f"{self._path}: odd credential helper name", code="docker-config")
        program = f"docker-credential-{helper}"
        try:
            answer = subprocess.run(  # noqa: S603 - the user's own helper, by docker's protocol
                [program, "get"],
                input=name.encode(),
                capture_output=True,
                timeout=_HELPER_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BumperError(f"{program}: did not answer", code="credential-helper") from error
        if answer.returncode:
            return None
        try:
            document = json.loads(answer.stdout)
            username, secret = str(document["Username"]), str(document["Secret"])
        except (ValueError, KeyError, TypeError) as error:
            raise BumperError(
                f"{program}: its answer cannot be read", code="credential-helper"
            ) from error
        is_token = username == _IDENTITY_TOKEN_USER
        return Credentials("" if is_token else username, secret, program, identity_token=is_token)


def _mapping(config: dict[str, Any], key: str) -> dict[str, Any]:
    value = config.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
