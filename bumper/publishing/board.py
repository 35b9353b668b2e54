"""The dashboard issue: what was asked for on it, and bringing it up to date.

It is one issue, and nothing is written where nothing has changed. Its boxes are read before the run does
anything, and are empty after it; what was ticked meanwhile stays ticked for the next. Who closes it is left
in peace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper import redact
from bumper.errors import BumperError, ForgeError
from bumper.messages import boxes, dashboard
from bumper.model import Problem
from bumper.publishing import orders, refusals
from bumper.publishing.hearing import Rights, may_tick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.forges.base import Forge
    from bumper.model import Issue, Outcome, Published
    from bumper.publishing.orders import Order

__all__ = ["Board"]

_ODD = "the next run tries again; `bumper doctor` asks the forge by itself"


@dataclass(slots=True)
class Board:
    """The page over one run.

    `orders` are those that its boxes gave; `problems` what went wrong, and `notes` what is worth no more
    than a sentence.
    """

    orders: tuple[Order, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wanted(self, verb: str) -> frozenset[str]:
        """Give what the orders with a verb ask for."""
        return frozenset(one.what for one in self.orders if one.verb == verb)

    @property
    def at_once(self) -> frozenset[str]:
        """Give the branches and the targets whose pull requests are opened now, by `open` or `unskip`."""
        again = (refusals.target(one) for one in self.wanted("unskip"))
        return self.wanted("open").union(again)

    @property
    def early(self) -> frozenset[str]:
        """Give what need not be as old as `min-age`, as `image=tag`."""
        return frozenset(one for one in self.wanted("open") if "=" in one)

    async def hear(self, forge: Forge) -> None:
        """Read the boxes; who cannot be heard now is heard by the next run."""
        try:
            there = await forge.issue(dashboard.LABEL, dashboard.MARK)
            if there is not None and there.is_open:
                self.orders = await self._allowed(forge, there)
        except Exception as error:  # noqa: BLE001 - an odd answer ends in any of them
            self._failed(error)

    async def show(
        self, forge: Forge, outcomes: Sequence[Outcome], published: Sequence[Published]
    ) -> None:
        """Write the page where it differs."""
        text = redact.clean(dashboard.body(outcomes, published))
        try:
            there = await forge.issue(dashboard.LABEL, dashboard.MARK)
            if there is None:
                there = await forge.open_issue(dashboard.TITLE, text, dashboard.LABEL)
            if there.is_open:
                await self._write(forge, there, text)
        except Exception as error:  # noqa: BLE001 - an odd answer ends in any of them
            self._failed(error)

    async def _write(self, forge: Forge, there: Issue, text: str) -> None:
        if dashboard.PINNED not in there.body:
            await self._pin(forge, there)
        asked = [one for one in await self._allowed(forge, there) if one not in self.orders]
        ticks = [boxes.Asked(one.verb, one.what) for one in asked]
        marks = f"{dashboard.MARK}\n{dashboard.PINNED}"
        text = boxes.with_ticks(text.replace(dashboard.MARK, marks, 1), ticks)
        if _plain(there.body) != _plain(text):
            await forge.update_issue(there, text)

    async def _pin(self, forge: Forge, there: Issue) -> None:
        try:
            await forge.pin(there)
        except ForgeError as error:
            self.notes.append(f"the dashboard is not pinned: {error.message}")

    async def _allowed(self, forge: Forge, there: Issue) -> tuple[Order, ...]:
        """Give what the boxes ask for, if those who may have ticked them may write."""
        found = orders.of_boxes(there.body, boxes.DASHBOARD)
        new = tuple(one for one in found if one not in self.orders)
        if not new:
            return found
        rights = Rights(forge)
        editor = await forge.editor(there)
        people = (there.author, editor) if editor else (there.author,)
        if await may_tick(rights, *people):
            return found
        why = "; ".join(rights.notes.values()) or f"{editor or there.author} may not write"
        self._note(f"the boxes of the dashboard are not obeyed: {why}")
        return tuple(one for one in found if one in self.orders)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _failed(self, error: Exception) -> None:
        """Tell what went wrong with the page: it must not cost the pull requests."""
        if isinstance(error, BumperError):
            problem = Problem("dashboard", None, error.code, error.message, error.hint)
        else:
            told = f"an answer that cannot be read ({type(error).__name__})"
            problem = Problem("dashboard", None, "odd-answer", told, _ODD)
        if problem not in self.problems:
            self.problems.append(problem)


def _plain(text: str) -> str:
    # A forge gives line ends of its own.
    return text.replace("\r\n", "\n").strip()
