"""What is set on a pull request beside its words: once, and called off before it would be wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.errors import ForgeError

if TYPE_CHECKING:
    from bumper.forges.base import Forge
    from bumper.messages.marker import Marker
    from bumper.model import ChangeRequest, PullRequest

__all__ = ["called_off", "finish", "is_done"]

_AGED = {
    "pending": "waits until all of its content is known to be old enough",
    "success": "all of its content is old enough",
}
_NO_DRAFTS = "the forge takes no drafts here, so it is ready for a review at once"


def is_done(request: ChangeRequest, known: Marker) -> bool:
    """Say whether nothing is left to set or to call off."""
    return (
        not known.bare
        and known.status == request.status
        and (known.auto == "off" or request.automerge == bool(known.auto))
    )


async def called_off(
    forge: Forge, opened: PullRequest, request: ChangeRequest, known: Marker
) -> Marker:
    """Keep the forge from merging what is about to become another thing; give the marker after it.

    Raises:
        ForgeError: It could not be called off: then nothing may be moved.
    """
    if request.automerge or known.auto in {"", "off"}:
        return known
    if known.auto == "on":
        await forge.automerge(opened, on=False)
    return replace(known, auto="")


async def finish(
    forge: Forge, opened: PullRequest, request: ChangeRequest, known: Marker
) -> tuple[Marker, str]:
    """Set what is not set yet; give the marker after it, and what could not be set in words.

    A merge that was planned stays planned; one that the forge would not plan is asked for again
    with the next version.
    """
    told = [_NO_DRAFTS] if known.bare and request.draft and not opened.draft else []
    if known.bare:
        told += await forge.furnish(opened, request)
    auto = known.auto
    if request.automerge and auto not in {"on", "off"}:
        try:
            why = await forge.automerge(opened, on=True)
            auto = "no" if why else "on"
        except ForgeError as error:
            why = f"not planned to merge yet: {error.message}"
        told += [why] if why else []
    if known.status != request.status:
        told += await _status(forge, request, known)
    return replace(known, bare=False, auto=auto, status=request.status), "; ".join(told)


async def _status(forge: Forge, request: ChangeRequest, known: Marker) -> list[str]:
    """Say on the commit how old its content is; where nothing is asked for any more, it is let through."""
    state = request.status or "success"
    try:
        await forge.status(known.head, state, _AGED[state])
    except ForgeError as error:
        return [f"status not set: {error.message}"]
    return []
