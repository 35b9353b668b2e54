"""Signatures of commits, by ssh-keygen or gpg, with a key that stands in no file of the user's.

The key is written to a folder that only we may read, for the length of one run. What is signed is
given by `fast_import`. Sources: Git's documentation, "gitformat-signature"; ssh-keygen(1), `-Y sign`.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bumper.errors import EnvironmentFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["signer"]

_SECONDS = 60


@contextlib.contextmanager
def signer(kind: str, key: str) -> Iterator[Callable[[bytes], str]]:
    """Give what signs bytes, while the key is at hand; `key` is a private key without a passphrase.

    Raises:
        EnvironmentFailure: The program is not there, or does not take the key; the message is without it.
    """
    with tempfile.TemporaryDirectory(prefix="bumper-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if kind == "ssh":
            path = folder / "key"
            # A key that came through a variable may have lost its last line end, and needs it.
            _private(path, f"{key.strip()}\n")
            yield lambda payload: _by_ssh(path, payload)
            return
        try:
            _run("gpg", *_gpg(folder), "--import", given=f"{key.strip()}\n".encode())
            yield lambda payload: _run(
                "gpg", *_gpg(folder), "--detach-sign", "--armor", given=payload
            )
        finally:
            _end_agent(name)


def _end_agent(folder: str) -> None:
    """End the agent that gpg has started: it would hold the folder open."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["gpgconf", "--homedir", folder, "--kill", "all"],  # noqa: S607 - as the system has it
            check=False,
            capture_output=True,
            timeout=_SECONDS,
        )


def _gpg(folder: Path) -> tuple[str, ...]:
    return ("--homedir", str(folder), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "")  # fmt: skip


def _by_ssh(key: Path, payload: bytes) -> str:
    return _run("ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(key), given=payload)


def _private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _run(program: str, *arguments: str, given: bytes) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [program, *arguments], input=given, capture_output=True, check=False, timeout=_SECONDS
        )
    except OSError as error:
        raise EnvironmentFailure(
            f"{program} is not installed", code="no-signature", hint=f"install {program}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise EnvironmentFailure(
            f"{program} did not answer", code="no-signature", hint="use a key without a passphrase"
        ) from error
    if done.returncode:
        raise EnvironmentFailure(
            f"{program} does not sign with the key of `commit.key`",
            code="no-signature",
            hint="give a private key without a passphrase, whole, of the kind that `commit.sign` says",
        )
    return done.stdout.decode("ascii", errors="replace")
