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

__all__ = ["is_unknown", "stays"]


def is_unknown(known: Known, unknown: Collection[str]) -> bool:
    """Say whether an image of a pull request is among those that could not be looked up."""
    targets = known.marker.targets if known.marker is not None else ()
    return any(target.partition("=")[0] in unknown for target in targets)


def stays(known: Known, ours: Ours, unknown: Collection[str], now: datetime | None) -> bool:
    """Say whether an open pull request is not closed or moved by this run, whatever is wished for.

    Args:
        known: The pull request.
        ours: Whose its branch is.
        unknown: Images that could not be looked up.
        now: The moment of the run; None where nothing waits for one.
    """
    branch = known.pull_request.branch
    tip = ours.standing.tips.get(branch)
    try:
        theirs = tip is not None and not ours.is_left_alone(branch, tip)
    except BumperError:  # nobody can say
        return True
    return theirs or is_unknown(known, unknown) or bool(resting.rests(known, now))
