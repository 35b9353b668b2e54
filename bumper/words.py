"""The body of a change request, written when the forge is about to get it, and not for those that wait.

What it needs to know beside the bumps (where files are shown, what the images' makers say of their
releases) is given once for a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bumper import redact
from bumper.messages import body, fitting, marker
from bumper.messages.body import Around
from bumper.messages.places import Files

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bumper.model import Bump, ChangeRequest
    from bumper.notes import Notes

__all__ = ["Words"]

# What a mask may add to a text, and a person's orders or a later version to its marker.
_SPARE = 10_000


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one run.

    `notes` gives the release notes of some bumps, by image, `sized` the bumps with their sizes; neither
    fails. `template` is the user's own, "" for ours.
    """

    files: Files = field(default_factory=Files)
    template: str = ""
    notes: Callable[[Sequence[Bump]], Awaitable[Mapping[str, Notes]]] | None = None
    sized: Callable[[Sequence[Bump]], Awaitable[Sequence[Bump]]] | None = None

    async def of(self, request: ChangeRequest) -> ChangeRequest:
        """Give the request with its body; without secrets, as a registry may repeat what it was sent."""
        notes = await self.notes(request.bumps) if self.notes is not None else {}
        bumps = await self.sized(request.bumps) if self.sized is not None else request.bumps
        longest = fitting.LONGEST - _SPARE - marker.length(request.key, request.targets)
        text = body.body(bumps, Around(self.files, notes, self.template), longest)
        return replace(request, body=redact.clean(text))
