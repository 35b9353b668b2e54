"""What people said below a pull request, and whether they may say it: asked of the forge, before anything is done.

Only who may write to the repository is obeyed. A comment says who wrote it; a tick does not, but only
such people, and the one who opened the pull request, can change its text. Who may change an issue's, some
forges leave to more people; who did, some of them tell.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.errors import ForgeError
from bumper.messages import said
from bumper.publishing import orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.forges.base import Forge
    from bumper.model import Comment
    from bumper.publishing.orders import Order
    from bumper.publishing.standing import Known

__all__ = ["Rights", "hear", "may_tick"]

_AT_ONCE = 4
# A forge lets nobody register such a name: it is an app that the owner let in.
_APP = "[bot]"


async def hear(forge: Forge, known: Sequence[Known]) -> tuple[Known, ...]:
    """Give the open pull requests with what was said of them; what cannot be heard is noted."""
    gate, rights = asyncio.Semaphore(_AT_ONCE), Rights(forge)

    async def heard(one: Known) -> Known:
        async with gate:
            try:
                comments = await forge.comments(one.pull_request)
                return await _told(one, comments, rights)
            except ForgeError as error:
                return replace(one, note=f"comments and boxes are not read: {error.message}")

    return tuple(
        await asyncio.gather(*(heard(one) if one.is_open else _same(one) for one in known))
    )


class Rights:
    """Who may write, each person asked for once; `notes` say of whom the forge does not tell."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._known: dict[str, bool] = {}
        self.notes: dict[str, str] = {}

    async def may_write(self, person: str) -> bool:
        """Say whether a person may write to the repository; where nobody knows, they may not."""
        if person not in self._known:
            try:
                self._known[person] = bool(person) and await self._forge.may_write(person)
            except ForgeError as error:
                self._known[person] = False
                self.notes[person] = f"not known whether {person} may write: {error.message}"
        return self._known[person]


async def may_tick(rights: Rights, *people: str) -> bool:
    """Say whether a tick counts: everybody who may have set it may write; an app was let in by the owner."""
    for person in people:
        if not person.endswith(_APP) and not await rights.may_write(person):
            return False
    return True


async def _same(known: Known) -> Known:
    return known


async def _is_ours(comment: Comment, known: Known, rights: Rights) -> bool:
    """Say whether we may have said something: a stranger who copies our hidden line is not believed.

    Where the forge does not tell who may write, all are: so nothing is said twice.
    """
    author = comment.author
    if author == known.pull_request.author or author.endswith(_APP):
        return True
    return await rights.may_write(author) or author in rights.notes


async def _told(known: Known, comments: Sequence[Comment], rights: Rights) -> Known:
    ours = [one for one in comments if said.read(one.text) and await _is_ours(one, known, rights)]
    keys = frozenset(key for one in ours for key in said.read(one.text))
    people = [one for one in comments if one not in ours and not one.author.endswith(_APP)]
    found: list[Order] = []
    asking: dict[str, None] = {}
    obeyed = known.marker.obeyed if known.marker is not None else ()
    for one in people:
        done = one.id in obeyed or said.plain(f"done {one.id}") in keys
        asked = () if done else orders.of_comment(one)
        if asked:
            asking[one.author] = None
            found += asked if await rights.may_write(one.author) else ()
    ticked, author = orders.of_boxes(known.words), known.pull_request.author
    if ticked:
        asking[author] = None
        found += ticked if await may_tick(rights, author) else ()
    active = max((one.created for one in people if one.created is not None), default=None)
    note = "; ".join(rights.notes[one] for one in asking if one in rights.notes)
    return replace(known, orders=tuple(found), said=keys, active=active, heard=True, note=note)
