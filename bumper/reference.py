"""The image reference: its grammar, its parts, its normal form. Pure.

A reference keeps every part as it was written; what Docker adds (`docker.io`, `library/`) is only
computed. Source of the grammar: distribution/reference, and the table in its test-suite.
Whether the image exists is another question, for `resolve`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from bumper.errors import InvalidReferenceError

__all__ = ["DIGEST", "DOCKER_HUB", "TAG", "Reference", "parse", "parse_name", "registry_name"]

DOCKER_HUB = "docker.io"
# registry-1 and index are other names of the same registry.
_HUB_ALIASES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?", re.ASCII)
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*", re.ASCII)
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
DIGEST = re.compile(r"sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}", re.ASCII)
_IMAGE_ID = re.compile(r"[a-f0-9]{64}", re.ASCII)
_LONGEST_PATH = 255


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference; `str()` gives back what was read.

    `name` is everything before the tag, as written. `tag` and `digest` are None where absent.
    """

    name: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = "" if self.tag is None else f":{self.tag}"
        digest = "" if self.digest is None else f"@{self.digest}"
        return f"{self.name}{tag}{digest}"

    @property
    def registry(self) -> str:
        """The host and port, lower case, Docker Hub's aliases as `docker.io`."""
        host, _ = _split(self.name)
        return DOCKER_HUB if host is None or host in _HUB_ALIASES else host

    @property
    def repository(self) -> str:
        """The path on the registry, with `library/` where Docker Hub implies it."""
        host, path = _split(self.name)
        on_hub = host is None or host in _HUB_ALIASES
        return f"library/{path}" if on_hub and "/" not in path else path

    @property
    def image(self) -> str:
        """The normalised name without tag or digest, such as `docker.io/library/nginx`."""
        return f"{self.registry}/{self.repository}"

    @property
    def short(self) -> str:
        """The name as people say it: no `docker.io/`, no `library/`."""
        return self.image.removeprefix("docker.io/").removeprefix("library/")


def parse(text: str) -> Reference:
    """Read a whole reference, anchored at both ends.

    Raises:
        InvalidReferenceError: The text is not one.
    """
    rest, at, digest = text.partition("@")
    if at and not DIGEST.fullmatch(digest):
        raise InvalidReferenceError(f"not an image reference: {text!r} (bad digest)")
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag or (name.startswith("[") and "]" not in name):
        name, tag = rest, ""
    elif not TAG.fullmatch(tag):
        raise InvalidReferenceError(f"not an image reference: {text!r} (bad tag)")
    if _IMAGE_ID.fullmatch(text):
        raise InvalidReferenceError(f"not an image reference: {text!r} (an image id)")
    return Reference(_checked(name), tag or None, digest or None)


def parse_name(name: str) -> Reference:
    """Read a name without tag or digest.

    Raises:
        InvalidReferenceError: The text is not one.
    """
    if _IMAGE_ID.fullmatch(name):
        raise InvalidReferenceError(f"not an image name: {name!r} (an image id)")
    return Reference(_checked(name))


def _checked(name: str) -> str:
    """Give a name back if registry and path are what the grammar allows.

    Raises:
        InvalidReferenceError: They are not.
    """
    host, path = _split(name)
    if host is not None and not _is_host(host):
        raise InvalidReferenceError(f"not an image name: {name!r} (bad registry)")
    if not _PATH.fullmatch(path) or len(path) > _LONGEST_PATH:
        raise InvalidReferenceError(f"not an image name: {name!r}")
    return name


def _is_host(host: str) -> bool:
    """Say whether a text is a host with or without a port; an IPv6 address must really be one."""
    if not _HOST.fullmatch(host):
        return False
    if not host.startswith("["):
        return True
    try:
        ipaddress.IPv6Address(host[1:].partition("]")[0])
    except ValueError:
        return False
    return True


def registry_name(written: str) -> str:
    """Give a registry's host and port as references have it, from any way people write it down.

    `https://index.docker.io/v1/` is `docker.io`; what is empty is Docker Hub too.
    """
    host = re.sub(r"^https?://", "", written.strip()).partition("/")[0].lower()
    return DOCKER_HUB if not host or host in _HUB_ALIASES else host


def _split(name: str) -> tuple[str | None, str]:
    """Split a name into host (None where Docker Hub is implied) and path.

    The first part is a host if it has a dot or a colon, is `localhost`, or has a capital letter.
    """
    first, slash, rest = name.partition("/")
    if not slash:
        return None, name
    if "." in first or ":" in first or first == "localhost" or first != first.lower():
        return first.lower(), rest
    return None, name
