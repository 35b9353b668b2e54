"""A pull request of one file that is no bump: the config that `migrate` wrote."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bumper.cli import grounds
from bumper.errors import UsageError
from bumper.fast_import import Branch
from bumper.model import ChangeRequest, PullRequestState

if TYPE_CHECKING:
    from bumper.cli.grounds import Ground
    from bumper.cli.session import Session
    from bumper.publishing.ours import Branches
    from bumper.worktree import Worktree

__all__ = ["propose"]

# Below the prefix of all our branches; a run leaves it alone, as no bump has this name.
NAME = "migrate"
_TITLE = "Move the settings of images to bumper.yaml"


def propose(work: Session, path: str, content: str, told: str) -> str:
    """Put a file on a branch and open its pull request, or bring the open one up to date; give its page."""
    with grounds.opened(work) as ground:
        return _proposed(work, ground, {path: content.encode()}, told)


def _proposed(work: Session, ground: Ground, files: dict[str, bytes], told: str) -> str:
    config, tree, place = work.loaded.config, ground.tree, ground.place
    base = tree.head(config.forge.base, local=ground.is_local)
    name = f"{place.prefix}{NAME}"
    commit = tree.make(base[1], [Branch(name, f"{_TITLE}\n", files)])[name]
    tip = place.branches(name).get(name)
    if tip != commit:
        _not_theirs(tree, place, name, tip)
        place.put(name, commit, tip)
    fence = "~" * 4
    body = f"What `bumper migrate` made of the settings that stand here:\n\n{fence}yaml\n{told}{fence}\n"
    labels = config.pull_requests.labels
    request = ChangeRequest(NAME, name, base[0], _TITLE, body, _TITLE, labels, (), ())
    return asyncio.run(_opened(work, ground, request))


def _not_theirs(tree: Worktree, place: Branches, name: str, tip: str | None) -> None:
    """Refuse to move a branch that a person has changed.

    Raises:
        UsageError: One has.
    """
    if tip is None:
        return
    place.bring(name)
    if not tree.is_ours(tip):
        hint = "merge it, or delete it to have it made anew"
        raise UsageError(f"{name}: a person has changed the branch", code="edited", hint=hint)


async def _opened(work: Session, ground: Ground, request: ChangeRequest) -> str:
    async with work.http(ground.there) as http:
        forge = ground.forge(http)
        known = await forge.pull_requests(request.branch)
        open_one = next(
            (
                one
                for one in known
                if one.own_head
                and one.state is PullRequestState.OPEN
                and one.branch == request.branch
            ),
            None,
        )
        if open_one is not None:
            return (await forge.update(open_one, request)).url
        made = await forge.open(request)
        await forge.furnish(made, request)
        return made.url
