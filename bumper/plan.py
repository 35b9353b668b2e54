"""Turn bumps into change requests: what shares a pull request, its branch, its title, their order. Pure.

The order is what counts where limits bind: the smallest step first, as it is the easiest to take;
among equal steps what has waited longest; then by key. How many may be open is for `publish` to
count. The body is written when it is needed, by `messages.body`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import extras, grouping
from bumper.messages import titles
from bumper.model import ChangeRequest, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.config.proposals import PullRequests
    from bumper.model import Bump

__all__ = ["plan"]


def plan(bumps: Iterable[Bump], settings: PullRequests, base: str) -> tuple[ChangeRequest, ...]:
    """Give the change requests in the order in which they may be opened."""
    found = grouping.grouped(bumps, settings.per)
    requests = [_request(key, members, settings, base) for key, members in found.items()]
    return tuple(sorted(requests, key=_priority))


def _priority(request: ChangeRequest) -> tuple[int, int, str]:
    oldest = max((bump.age_seconds or 0 for bump in request.bumps), default=0)
    return titles.level(request.bumps).rank, -oldest, request.key


def _request(key: str, bumps: list[Bump], settings: PullRequests, base: str) -> ChangeRequest:
    ordered = tuple(sorted(bumps, key=lambda b: (b.use.path, b.use.line, b.use.column)))
    style = settings.commit_style
    major = ["bumper/major"] if titles.level(ordered) is Level.MAJOR else []
    labels = (*settings.labels, *major, *extras.named(ordered, "labels"))
    return ChangeRequest(
        key=key,
        branch=titles.branch(settings.branch_prefix, key),
        base=base,
        title=titles.title(ordered, style),
        body="",
        message=titles.commit(ordered, style),
        labels=tuple(dict.fromkeys(labels)),
        bumps=ordered,
        targets=tuple(sorted({bump.target for bump in ordered})),
        reviewers=extras.named(ordered, "reviewers"),
        assignees=extras.named(ordered, "assignees"),
        milestone=settings.milestone or "",
        draft=settings.draft,
        automerge=not settings.draft and extras.may_merge(ordered),
        status=extras.status(ordered) if settings.status else "",
    )
