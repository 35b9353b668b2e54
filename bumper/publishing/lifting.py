"""What a person wants offered after all: no pull request stands against it any more.

The refusal stands in the marker of a pull request, so it is taken back there; nothing is reopened, as its
branch may be gone. What is offered again gets a pull request of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.errors import ForgeError
from bumper.messages import worded
from bumper.model import Operation, Published
from bumper.publishing import refusals
from bumper.publishing.standing import standing

if TYPE_CHECKING:
    from collections.abc import Collection

    from bumper.forges.base import Forge
    from bumper.publishing.standing import Known, Standing

__all__ = ["lift"]


async def lift(
    forge: Forge, there: Standing, targets: Collection[str]
) -> tuple[Standing, tuple[Published, ...]]:
    """Give what stands on the forge after that, and of which pull request it could not be taken back."""
    if not targets:
        return there, ()
    found: list[Known] = []
    failed: list[Published] = []
    for known in there.known:
        facts = refusals.lifted(known, targets)
        if facts is None:
            found.append(known)
            continue
        opened = known.pull_request
        try:
            await forge.update(opened, worded.kept(opened, facts, known.words))
            found.append(replace(known, marker=facts))
        except ForgeError as error:
            found.append(known)
            reason = f"it still refuses what was asked for: {error.message}"
            failed.append(Published(Operation.FAILED, None, opened, reason, error.code))
    return standing(there.prefix, found, there.tips), tuple(failed)
