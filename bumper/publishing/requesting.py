"""One request of the wish: its pull request is opened, or brought up to date, or left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.messages import marker, worded
from bumper.messages.marker import Marker
from bumper.model import Operation, Published
from bumper.publishing import finishing

if TYPE_CHECKING:
    from bumper.model import ChangeRequest, PullRequest
    from bumper.publishing.site import Site
    from bumper.publishing.standing import Known

__all__ = ["propose", "refresh"]

# Whose marker is gone is not as we opened it: nothing is set on it, and it merges by no hand of ours.
_UNMARKED = Marker("", (), "", auto="off")
_ANEW = "the branch holds commits that bumper did not make; delete it to have it made anew"


async def propose(site: Site, request: ChangeRequest) -> Published:
    """Open a pull request where there is none."""
    commit = site.settled(request)
    if commit is None:
        return Published(Operation.EDITED, request, None, _ANEW, "edited")
    site.move(request.branch, commit)
    words = await site.worded(request, commit)
    made = await site.forge.open(words)
    made, told = await _finished(site, made, request, words)
    return Published(Operation.CREATED, request, made, told)


async def refresh(site: Site, request: ChangeRequest, known: Known) -> Published:
    """Bring an open pull request up to date, or leave it where a person has been."""
    opened, told = known.pull_request, known.marker
    commit = site.settled(request)
    if commit is None:
        return Published(
            Operation.EDITED, request, opened, "a person has changed the branch", "edited"
        )
    tip = site.standing.tips.get(request.branch)
    same = tip == commit and told is not None and told.targets == request.targets
    if same and told is not None and finishing.is_done(request, told):
        return Published(Operation.UNCHANGED, request, opened)
    before = await finishing.called_off(site.forge, opened, request, told or _UNMARKED)
    site.move(request.branch, commit)
    if same:
        words = worded.kept(opened, before, known.words)
    else:
        fresh = await site.worded(request, commit, before)
        words = worded.over(fresh, opened, told, known.words)
        opened = await site.forge.update(opened, words)
    opened, notes = await _finished(site, opened, request, words, write=same)
    return Published(Operation.UPDATED, request, opened, notes)


async def _finished(
    site: Site,
    opened: PullRequest,
    request: ChangeRequest,
    words: ChangeRequest,
    *,
    write: bool = False,
) -> tuple[PullRequest, str]:
    """Set what belongs to a pull request and note in its marker that it is set."""
    known, _ = marker.read(words.body)
    if known is None or (finishing.is_done(request, known) and not write):
        return opened, ""
    known, told = await finishing.finish(site.forge, opened, request, known)
    return await site.forge.update(opened, worded.remarked(words, known)), told
