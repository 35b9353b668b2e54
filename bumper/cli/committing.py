"""Who makes the commits of a run, as the config says: the author, the signature, the sign-off."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bumper import signing
from bumper.config.secrets import expand
from bumper.fast_import import AUTHOR, Hand
from bumper.keychains.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.config.model import CommitSettings

__all__ = ["hand"]


@contextmanager
def hand(settings: CommitSettings) -> Iterator[Hand]:
    """Give who makes commits, for the length of a run: so long the key is at hand.

    Raises:
        UsageError: A variable that the config names is not set.
        EnvironmentFailure: What signs is not there, or does not take the key.
    """
    author = AUTHOR
    if settings.author is not None:
        name, _, mail = settings.author.rpartition(" <")
        author = (name, mail.removesuffix(">"))
    if settings.sign is None:
        yield Hand(author, None, settings.sign_off)
        return
    key = expand(settings.key, Variables(os.environ), "commit.key") or ""
    with signing.signer(settings.sign, key) as sign:
        yield Hand(author, sign, settings.sign_off)
