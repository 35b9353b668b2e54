"""One request of the wish: its pull request is opened, or brought up to date, or left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.messages import worded
from bumper.model import Operation, Published

if TYPE_CHECKING:
    from bumper.model import ChangeRequest
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["propose", "refresh"]

_ANEW = "the branch holds commits that bumper did not make; delete it to have it made anew"


async def propose(site: Site, request: ChangeRequest) -> Published:
    """Open a pull request where there is none."""
    commit = site.settled(request)
    if commit is None:
        return Published(Operation.EDITED, request, None, _ANEW, "edited")
    site.move(request.branch, commit)
    told = await site.worded(request, commit)
    made = await site.forge.open(told)
    notes = await site.forge.furnish(made, told)
    return Published(Operation.CREATED, request, made, "; ".join(notes))


async def refresh(site: Site, request: ChangeRequest, known: Known) -> Published:
    """Bring an open pull request up to date, or leave it where a person has been."""
    opened, told = known.pull_request, known.marker
    commit = site.settled(request)
    if commit is None:
        return Published(
            Operation.EDITED, request, opened, "a person has changed the branch", "edited"
        )
    tip = site.standing.tips.get(request.branch)
    if tip == commit and told is not None and told.targets == request.targets:
        return Published(Operation.UNCHANGED, request, opened)
    site.move(request.branch, commit)
    words = worded.over(await site.worded(request, commit), opened, told, known.words)
    return Published(Operation.UPDATED, request, await site.forge.update(opened, words))
