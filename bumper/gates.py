"""How many may pass at once, and who goes first where more wait: the lowest number. No network.

A list of thirty pages is asked for one after the other: if each page waited behind everything else,
the longest list would end last of all.
"""

from __future__ import annotations

import asyncio
import heapq
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

__all__ = ["Gate", "Turns"]


class Gate:
    """A semaphore whose waiters have a priority; among equals the first comes first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._count = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def passing(self, priority: int = 0) -> AsyncIterator[None]:
        """Hold one place for as long as the block runs."""
        await self._enter(priority)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, priority: int) -> None:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._waiting, (priority, self._count, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # the place was given to us in the same moment
            raise

    def _leave(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Turns:
    """Whose turn it is where a place grants little: each waits for all before it that go there too.

    Args:
        places: Where each one goes, the most valuable first.
    """

    def __init__(self, places: Sequence[frozenset[str]]) -> None:
        self._places = places
        self._done = [asyncio.Event() for _ in places]

    async def wait(self, number: int, place: str, is_scarce: Callable[[int], bool]) -> None:
        """Wait until all before this one have been there, or there is enough for all."""
        askers = sum(place in there for there in self._places)
        for there, done in zip(self._places[:number], self._done, strict=False):
            if not is_scarce(askers):
                return
            if place in there:
                await done.wait()

    def done(self, number: int) -> None:
        """Note that this one needs nothing any more."""
        self._done[number].set()
