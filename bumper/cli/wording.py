"""What a pull request's words and reviewers are made from, for one run: files, releases, owners."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bumper import catalog, codeowners
from bumper.config import settle
from bumper.keep import Keep
from bumper.releases import Releases
from bumper.sizes import Sizes
from bumper.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.cli.session import Session
    from bumper.cli.target import Target
    from bumper.http import Http
    from bumper.registries.base import Registry
    from bumper.run import Reading
    from bumper.worktree import Worktree

__all__ = ["owners", "registries", "words"]


def registries(work: Session, http: Http, reading: Reading) -> Callable[[str], Registry] | None:
    """Give the registries to ask while it is published; None where nobody is to be asked."""
    if work.options.offline or work.options.replay is not None:
        return None
    accounts = settle.accounts(work.loaded, reading.scan.uses)
    keep = Keep(work.cache)
    return catalog.registries(http, work.loaded.config, os.environ, None, keep, accounts)


def words(
    work: Session,
    there: Target,
    http: Http,
    commit: str,
    registry_for: Callable[[str], Registry] | None,
    *,
    told: bool,
) -> Words:
    """Give what writes the text of a pull request; the makers are asked where somebody will read it."""
    template = work.loaded.config.pull_requests.template or ""
    if not told or registry_for is None:
        return Words(there.files(commit), template)
    notes = Releases(http, Keep(work.cache), registry_for, there.notes_api())
    # The notes first: where they ask for the labels of an image, its size comes along.
    return Words(there.files(commit), template, notes.of, Sizes(registry_for).of)


def owners(there: Target, tree: Worktree, commit: str, path: str) -> tuple[str, ...]:
    """Give the owners of a path by the forge's own file, as it stands in the commit."""
    for place in codeowners.PLACES.get(there.kind, ()):
        content = tree.content(commit, place)
        if content is not None:
            return codeowners.rules(there.kind, content.decode(errors="replace"))(path)
    return ()
