"""Open pull requests that stay as they are in this run: held, committed to, or with an image that is unknown.

Where they are no longer grouped so, what they bring is offered nowhere else: it would be twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.publishing import resting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bumper.publishing.ours import Ours
    from bumper.publishing.standing import Known

__all__ = ["stays"]


def stays(
    known: Known, ours: Ours, unknown: Collection[str], base: str, now: datetime | None
) -> bool:
    """Say whether an open pull request is not closed or moved by this run, whatever is wished for.

    Args:
        known: The pull request.
        ours: Whose its branch is.
        unknown: Images that could not be looked up.
        base: The branch that is kept current; what goes elsewhere is twice nowhere.
        now: The moment of the run; None where nothing waits for one.
    """
    opened, told = known.pull_request, known.marker
    if told is None or not known.is_open or opened.base != base:
        return False
    if any(target.partition("=")[0] in unknown for target in told.targets):
        return True
    tip = ours.standing.tips.get(opened.branch)
    try:
        theirs = tip is not None and not ours.is_left_alone(opened.branch, tip)
    except BumperError:  # nobody can say
        return True
    return theirs or bool(resting.rests(known, now))
