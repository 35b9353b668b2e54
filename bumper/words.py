"""The body of a change request, written when the forge is about to get it, and not for those that wait.

What it needs to know beside the bumps (where files can be seen) is given once for a run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import redact
from bumper.messages import body

if TYPE_CHECKING:
    from bumper.model import ChangeRequest

__all__ = ["Words"]


class Words:
    """The words of one run."""

    async def of(self, request: ChangeRequest) -> ChangeRequest:
        """Give the request with its body; without secrets, as a registry may repeat what it was sent."""
        return replace(request, body=redact.clean(body.body(request.bumps)))
