"""The URL of a Git remote, read: which host, which `owner/name`. Pure.

Source of the forms: Git's documentation, "git clone", "GIT URLS".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["RemoteUrl", "parse"]

_URL = re.compile(
    r"(?P<scheme>https?|ssh|git)://(?:[^@/]*@)?(?P<host>\[[^\]]+\]|[^:/]+)(?::(?P<port>\d+))?/(?P<path>.+)"
)
_SCP = re.compile(r"(?:[^@/]*@)?(?P<host>[^:/]+):(?P<path>[^/].*)")


@dataclass(frozen=True, slots=True)
class RemoteUrl:
    """Where a remote is: `web` is the address its forge would have over http, `slug` owner and name."""

    host: str
    web: str
    slug: str

    @property
    def site(self) -> str:
        """The address of the server itself, for forges whose owners have folders."""
        return "/".join(self.web.split("/")[:3])

    @property
    def path(self) -> str:
        """The whole path on the server, folders, owner and name."""
        return "/".join([*self.web.split("/")[3:], self.slug])


def parse(url: str) -> RemoteUrl | None:
    """Read a remote's URL; None if it is a path or anything else that no forge stands behind."""
    match = _URL.fullmatch(url)
    if match is not None:
        host = match["host"].lower()
        is_web = match["scheme"] in {"http", "https"}
        port = f":{match['port']}" if match["port"] and is_web else ""
        web = f"{match['scheme'] if is_web else 'https'}://{host}{port}"
    else:
        match = _SCP.fullmatch(url)
        if match is None:
            return None
        host = match["host"].lower()
        web = f"https://{host}"
    parts = match["path"].rstrip("/").removesuffix(".git").split("/")
    if len(parts) < 2:
        return None
    # What stands before owner and name is the folder that the forge itself is served from.
    return RemoteUrl(host, "/".join([web, *parts[:-2]]), "/".join(parts[-2:]))
