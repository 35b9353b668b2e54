"""Docker's credential helpers: the user's own programs that know a secret.

Source: Docker's documentation, "Credential helper protocol".
"""

from __future__ import annotations

import json
import re
import subprocess

from bumper.errors import BumperError
from bumper.keychains.base import Credentials

__all__ = ["ask"]

_SECONDS = 10
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_TOKEN_USER = "<token>"  # noqa: S105 - the protocol's name for "the secret is a token"
# What the helpers of Docker and of the clouds say where they simply have nothing.
_NOTHING = re.compile(
    rb"credentials not found|not found in native keychain|no credentials", re.IGNORECASE
)


def ask(helper: str, name: str) -> Credentials | None:
    """Ask a helper for a registry, by the name that its config has; None if it knows none.

    Raises:
        BumperError: It is missing, slow, fails, or prints something else; what it printed is not said.
    """
    if not _NAME.fullmatch(helper):
        raise BumperError("a credential helper with an odd name", code="docker-config")
    program = f"docker-credential-{helper}"
    try:
        answer = subprocess.run(  # noqa: S603 - the user's own helper, by docker's protocol
            [program, "get"],
            input=name.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        hint = "install it, or take it out of Docker's config.json"
        message = f"{program}: did not answer"
        raise BumperError(message, code="credential-helper", hint=hint) from None
    if answer.returncode and _NOTHING.search(answer.stdout + answer.stderr):
        return None
    found = None if answer.returncode else _read(answer.stdout, program)
    if found is None:
        message = f"{program}: failed, or its answer cannot be read"
        hint = f"try it by hand: echo {name} | {program} get"
        raise BumperError(message, code="credential-helper", hint=hint)
    return found


def _read(printed: bytes, program: str) -> Credentials | None:
    try:
        document = json.loads(printed)
        username, secret = document["Username"], document["Secret"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(username, str) or not isinstance(secret, str):
        return None
    is_token = username == _TOKEN_USER
    return Credentials("" if is_token else username, secret, program, identity_token=is_token)
