"""How many requests one host is given at once: as many as it shows to bear. No request here.

It starts with two, which is all that a host gets that never answers, and with four once it has. Each
further answer without strain adds one, so they double with every round trip; a strain (429, 5xx, silence) halves them, and from then on
only a whole round of answers adds one. Source of the rule: TCP's slow start and congestion avoidance,
RFC 5681 section 3.1, with requests in the place of segments.
"""

from __future__ import annotations

import asyncio
from collections import deque

__all__ = ["Slots"]

_AT_FIRST = 2
_ONCE_ANSWERED = 4


class Slots:
    """The slots of one host.

    Args:
        most: So many are never exceeded; at least 1.
    """

    def __init__(self, most: int) -> None:
        self.open = min(_AT_FIRST, most)
        self._most = most
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._strained = False
        self._since_strain = 0
        self._since_more = 0

    async def __aenter__(self) -> None:
        if self._taken < self.open and not self._waiting:
            self._taken += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back()
            raise

    async def __aexit__(self, *exception: object) -> None:
        self._give_back()

    def bore(self) -> None:
        """Note an answer without strain."""
        self._since_strain += 1
        self._since_more += 1
        if self.open >= self._most or (self._strained and self._since_more < self.open):
            return
        self._since_more = 0
        is_first = self.open == _AT_FIRST and not self._strained
        self.open = min(_ONCE_ANSWERED if is_first else self.open + 1, self._most)
        self._hand_over()

    def strained(self) -> None:
        """Note a strain; those of one round, which were on their way together, count once."""
        if self._strained and self._since_strain < self.open:
            return
        self._strained, self._since_strain, self._since_more = True, 0, 0
        self.open -= self.open // 2

    def _give_back(self) -> None:
        self._taken -= 1
        self._hand_over()

    def _hand_over(self) -> None:
        """Give the free slots to those who wait, the first one first."""
        while self._waiting and self._taken < self.open:
            turn = self._waiting.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)
