"""Turn bumps into change requests: what shares a pull request, its branch, its words. Pure.

A key is stable over versions, so a newer version updates the same pull request. How many may be
open is for `publish` to count.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bumper import images
from bumper.messages import body, titles
from bumper.model import ChangeRequest, Level
from bumper.shared import together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.config.model import PullRequests
    from bumper.model import Bump

__all__ = ["plan"]


def plan(bumps: Iterable[Bump], settings: PullRequests, base: str) -> tuple[ChangeRequest, ...]:
    """Give the change requests, the smallest step first, then by key.

    A major bump, and any bump of an image that keeps data in a format of its own across majors,
    stands alone with its image whatever else is grouped.
    """
    grouped: dict[str, list[Bump]] = defaultdict(list)
    for group in together(bumps):
        # What writes the same characters cannot stand in two pull requests.
        key = min(_key(bump, settings.per) for bump in group)
        grouped[key] += group
    requests = [_request(key, members, settings, base) for key, members in grouped.items()]
    return tuple(sorted(requests, key=lambda one: (titles.level(one.bumps).rank, one.key)))


def _key(bump: Bump, per: str) -> str:
    """Give what shares a pull request. An image's name holds no blank, every other key says its kind."""
    reference = bump.use.reference
    if bump.level is Level.MAJOR:
        return f"major {reference.short}"
    if bump.policy.group is not None:
        return f"group {bump.policy.group}"
    if per == "image" or images.is_stateful(reference.repository, bump.policy.stateful):
        return reference.short
    if per == "file":
        return f"file {bump.use.path}"
    if per == "directory":
        return f"directory {bump.use.path.rpartition('/')[0] or '.'}"
    return "all images"


def _request(key: str, bumps: list[Bump], settings: PullRequests, base: str) -> ChangeRequest:
    ordered = tuple(sorted(bumps, key=lambda b: (b.use.path, b.use.line, b.use.column)))
    return ChangeRequest(
        key=key,
        branch=titles.branch(settings.branch_prefix, key),
        base=base,
        title=titles.title(ordered),
        body=body.body(ordered),
        message=titles.commit(ordered),
        labels=(
            *settings.labels,
            *(["bumper/major"] if titles.level(ordered) is Level.MAJOR else []),
        ),
        bumps=ordered,
        targets=tuple(sorted({titles.target(bump) for bump in ordered})),
    )
