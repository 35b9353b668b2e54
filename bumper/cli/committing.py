"""Who makes the commits of a run, as the config says: the author, the signature, the sign-off; and upon what."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bumper import signing
from bumper.apis import github_commits
from bumper.apis.github import GitHubApi
from bumper.branches import Remade, Remote
from bumper.config.secrets import expand
from bumper.errors import UsageError
from bumper.fast_import import AUTHOR, Hand
from bumper.keychains.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.branches import Local
    from bumper.cli.target import Target
    from bumper.config.proposals import CommitSettings
    from bumper.publishing.ours import Branches

__all__ = ["branches", "hand", "refuse_own"]


def branches(there: Target, place: Remote | Local, settings: CommitSettings) -> Branches:
    """Give the branches of a run: those on which GitHub makes the commits, where the config says so.

    Raises:
        UsageError: The forge is another one.
    """
    if settings.sign != "github":
        return place
    if there.kind != "github" or not isinstance(place, Remote):
        raise UsageError(
            f"`commit.sign: github` on {there.kind}: only GitHub makes commits so",
            code="config",
            hint="sign by `ssh` or `gpg`",
        )
    api = GitHubApi(there.api, there.slug, there.token, there.trust)
    return Remade(place, partial(github_commits.make, api))


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
    if settings.sign is None or settings.sign == "github":
        yield Hand(author, None, settings.sign_off, by_github=settings.sign == "github")
        return
    key = expand(settings.key, Variables(os.environ), "commit.key") or ""
    with signing.signer(settings.sign, key) as sign:
        yield Hand(author, sign, settings.sign_off)


def refuse_own(base: str, prefix: str) -> None:
    """Refuse to keep one of our own branches current.

    Raises:
        UsageError: The base is one.
    """
    if base.startswith(prefix):
        raise UsageError(
            f"{base}: a branch of bumper's own cannot be the base",
            code="own-base",
            hint="switch to the branch to keep current, or name it as `forge.base`",
        )
