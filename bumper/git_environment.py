"""The environment in which Git runs: nothing of the user's or the repository's configuration is heard.

Older Gits than 2.31 read no settings from it. A token goes by it too, to its own host alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bumper.http import Trust

__all__ = ["surroundings"]

# Nothing of the user's or the repository's configuration may run a program or move a remote.
_NEUTRAL = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "core.sshCommand": "ssh",
    "credential.helper": "",
    "protocol.ext.allow": "never",
    "protocol.fd.allow": "never",
    "http.followRedirects": "initial",
    "gc.auto": "0",
}


def surroundings(root: Path, url: str, token: str | None, trust: Trust) -> Mapping[str, str]:
    """Give the variables of Git in the repository at `root`.

    Args:
        root: The repository, which may belong to another user.
        url: Its remote; over http it is sent the token.
        token: None where Git sends what it has.
        trust: What TLS the remote may have.
    """
    settings = [
        *_NEUTRAL.items(),
        ("safe.directory", str(root)),
        *_trusted(trust),
        *_header(url, token),
    ]
    environment = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _trusted(trust: Trust) -> Iterator[tuple[str, str]]:
    """Give the settings that say what certificate a remote may have."""
    if trust.ca:
        yield "http.sslCAInfo", trust.ca
    if trust.insecure:
        yield "http.sslVerify", "false"


def _header(url: str, token: str | None) -> tuple[tuple[str, str], ...]:
    """Give the settings that send a token to the host of a URL, and nowhere else."""
    if not token or not url.startswith(("http://", "https://")):
        return ()
    import base64  # noqa: PLC0415 - only where a token is sent

    pair = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    scheme, _, rest = url.partition("://")
    header = f"http.{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/.extraHeader"
    # The checkout action leaves a header of its own, and two are refused: the empty value clears the
    # list before ours is added.
    return (header, ""), (header, f"Authorization: Basic {pair}")
