"""What a pull request gets beside its words: who is asked, its labels, whether the forge may merge it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import images
from bumper.model import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bumper.model import Bump, ChangeRequest

__all__ = ["CODEOWNERS", "is_aged", "may_merge", "named", "owned", "status"]

# The word that stands for those whom the forge's own file names.
CODEOWNERS = "codeowners"
# What merges by itself has been seen by others for so long, unless `min-age` says another time.
_LEAST_SECONDS = 3 * 86_400


def named(bumps: Iterable[Bump], key: str) -> tuple[str, ...]:
    """Give what the settings of all bumps name under a key, each once."""
    said = (bump.policy.setting(key) for bump in bumps)
    names = (name.strip() for one in said if one is not None for name in one.value.split(","))
    return tuple(dict.fromkeys(name.removeprefix("@") for name in names if name))


def owned(request: ChangeRequest, owners: Callable[[str], tuple[str, ...]] | None) -> ChangeRequest:
    """Give a request with the owners of its files in place of the word for them."""
    if CODEOWNERS not in {*request.reviewers, *request.assignees}:
        return request
    paths = dict.fromkeys(bump.use.path for bump in request.bumps)
    found = [one for path in paths for one in owners(path)] if owners is not None else []

    def people(names: tuple[str, ...]) -> tuple[str, ...]:
        listed = (found if name == CODEOWNERS else [name] for name in names)
        return tuple(dict.fromkeys(one for some in listed for one in some))

    return replace(
        request, reviewers=people(request.reviewers), assignees=people(request.assignees)
    )


def may_merge(bumps: Sequence[Bump]) -> bool:
    """Say whether the forge may merge a pull request when its checks are green: all of it, or nothing.

    Never a major, an image that keeps data, one whose age nobody knows or that is younger than its
    `min-age`, three days where there is none.
    """
    return bool(bumps) and all(_merges(bump) for bump in bumps)


def status(bumps: Iterable[Bump]) -> str:
    """Give what a commit says of the age of what it brings."""
    return "success" if all(is_aged(bump) for bump in bumps) else "pending"


def is_aged(bump: Bump) -> bool:
    """Say whether content is known to be as old as its `min-age`, three days where there is none."""
    least = bump.policy.min_age_seconds if bump.policy.setting("min-age") else _LEAST_SECONDS
    return bump.age_seconds is not None and bump.age_seconds >= least


def _merges(bump: Bump) -> bool:
    said = bump.policy.setting("automerge")
    highest = "never" if said is None else said.value
    if highest == "never" or bump.level is Level.MAJOR or bump.level.rank > Level(highest).rank:
        return False
    if images.is_stateful(bump.use.reference.repository, bump.policy.stateful):
        return False
    return is_aged(bump)
