"""The credentials that `docker login` left, and Kubernetes' `.dockerconfigjson`, which is the same.

Source: Docker's documentation, "docker login", "Credential helper protocol"; Kubernetes'
documentation, "Images", on paths and `*` in the keys; containers-auth.json(5).
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bumper.errors import BumperError
from bumper.keychains import helpers
from bumper.keychains.base import Credentials, below
from bumper.reference import DOCKER_HUB, registry_name

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DockerConfig"]

# `docker login` files Docker Hub under https://index.docker.io/v1/.
_HUB_KEY = "https://index.docker.io/v1/"
_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of `auths` or `credHelpers`, as it stands there and as what it means."""

    written: str
    host: str
    path: str

    @classmethod
    def of(cls, written: str) -> _Key:
        bare = re.sub(r"^https?://", "", written)
        path = bare.partition("/")[2].strip("/")
        return cls(written, registry_name(written), "" if path in {"v1", "v2"} else path)

    def means(self, registry: str, repository: str) -> bool:
        """Say whether the key is of a repository; `*` stands for a part of one label of the host."""
        if not below(self.path, repository):
            return False
        if "*" not in self.host:
            return self.host == registry
        pattern = re.escape(self.host).replace(r"\*", "[A-Za-z0-9-]*")
        return re.fullmatch(pattern, registry) is not None

    @property
    def rank(self) -> tuple[bool, int]:
        return ("*" not in self.host, len(self.path))


class DockerConfig:
    """One `config.json`, from a file or a variable; read when it is first needed."""

    def __init__(self, source: Path | str, text: str | None = None) -> None:
        self._source = source
        self._text = text
        self._read: dict[str, Any] | None = None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> tuple[DockerConfig, ...]:
        """Give the files that `docker` and `podman` themselves would read, in their order."""
        found = []
        if variables.get("DOCKER_AUTH_CONFIG"):
            found.append(cls("DOCKER_AUTH_CONFIG", variables["DOCKER_AUTH_CONFIG"]))
        home = Path(variables.get("HOME") or variables.get("USERPROFILE") or ".")
        folder = Path(variables.get("DOCKER_CONFIG") or home / ".docker")
        files = [folder] if folder.is_file() else [folder / "config.json"]
        files.append(folder / ".dockerconfigjson")
        files.append(home / ".config" / "containers" / "auth.json")
        if variables.get("XDG_RUNTIME_DIR"):
            files.append(Path(variables["XDG_RUNTIME_DIR"]) / "containers" / "auth.json")
        if variables.get("REGISTRY_AUTH_FILE"):
            files.insert(0, Path(variables["REGISTRY_AUTH_FILE"]))
        return (*found, *(cls(path) for path in files))

    def credentials(
        self, registry: str, account: str | None = None, repository: str = ""
    ) -> Credentials | None:
        """Give what the file or its helpers know of a repository.

        Raises:
            BumperError: The file or a helper's answer cannot be read.
        """
        if account is not None:
            return None
        config = self._config()
        for key in _fitting(_mapping(config, "credHelpers"), registry, repository):
            name = _text(config["credHelpers"][key.written])
            if name:
                return helpers.ask(name, key.written)
        for key in _fitting(_mapping(config, "auths"), registry, repository):
            entry = config["auths"][key.written]
            if isinstance(entry, dict) and (found := self._entry(entry, key)):
                return found
        store = _text(config.get("credsStore"))
        return (
            helpers.ask(store, _HUB_KEY if registry == DOCKER_HUB else registry) if store else None
        )

    def _config(self) -> dict[str, Any]:
        if self._read is None:
            try:
                document = json.loads(self._contents())
            except FileNotFoundError:
                document = {}
            except (OSError, ValueError, RecursionError):
                # The cause would carry the text, and with it what is in it.
                message = f"{self._source}: cannot be read as JSON"
                raise BumperError(message, code="docker-config") from None
            self._read = document if isinstance(document, dict) else {}
        return self._read

    def _contents(self) -> str:
        if self._text is not None:
            return self._text
        with Path(self._source).open(encoding="utf-8-sig") as file:
            return file.read(_MOST_BYTES)

    def _entry(self, entry: dict[str, Any], key: _Key) -> Credentials | None:
        source = f"{self._source} ({key.written})"
        username, secret = _text(entry.get("username")), _text(entry.get("password"))
        if entry.get("auth"):
            try:
                pair = base64.b64decode(_text(entry["auth"]), validate=True).decode()
            except ValueError:
                message = f"{source}: `auth` is not base64 text"
                raise BumperError(message, code="docker-config") from None
            username, colon, secret = pair.partition(":")
            if not colon:
                raise BumperError(f"{source}: `auth` has no colon", code="docker-config")
        token = _text(entry.get("identitytoken"))
        if token:
            # Docker writes a made-up user beside it, such as 0000…; some servers want it.
            return Credentials(username, token, source, identity_token=True, path=key.path)
        secret = secret.rstrip("\0")
        return Credentials(username, secret, source, path=key.path) if username and secret else None


def _fitting(entries: dict[str, Any], registry: str, repository: str) -> list[_Key]:
    """Give the keys that mean a repository, the closest first."""
    keys = [_Key.of(written) for written in entries]
    fitting = [key for key in keys if key.means(registry, repository)]
    return sorted(fitting, key=lambda key: key.rank, reverse=True)


def _mapping(config: dict[str, Any], key: str) -> dict[str, Any]:
    value = config.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
