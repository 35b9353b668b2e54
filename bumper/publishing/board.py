"""The dashboard issue is brought up to date: one issue, and no write where nothing has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import redact
from bumper.errors import ForgeError
from bumper.messages import dashboard
from bumper.model import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.forges.base import Forge
    from bumper.model import Outcome, Published

__all__ = ["show"]


async def show(
    forge: Forge, outcomes: Sequence[Outcome], published: Sequence[Published]
) -> tuple[Problem, ...]:
    """Write the dashboard where it differs; a person who closed it is left in peace."""
    text = redact.clean(dashboard.body(outcomes, published))
    try:
        there = await forge.issue(dashboard.LABEL, dashboard.MARK)
        if there is None:
            await forge.open_issue(dashboard.TITLE, text, dashboard.LABEL)
        elif there.is_open and _plain(there.body) != _plain(text):
            await forge.update_issue(there, text)
    except ForgeError as error:
        return (Problem("dashboard", None, error.code, error.message, error.hint),)
    return ()


def _plain(text: str) -> str:
    # A forge gives line ends of its own.
    return text.replace("\r\n", "\n").strip()
