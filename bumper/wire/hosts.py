"""One host's share of a run: how many may ask it at once, how often, and how long it is waited for.

A slow or broken host costs its own images only: it has slots of its own, as many as it bears, and after
a bounded wait it is given up for the rest of the run. No request here.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from bumper.errors import RateLimitedError, UnreachableError
from bumper.wire.slots import Slots

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from bumper.errors import RegistryError

__all__ = ["AT_ONCE", "Host", "Manners", "retry_after"]

# 3,679 answers of one host 40 ms away: 50 at once wait 2.9 s for it, 24 at once 6.1 s.
# A host gets so many only if it bears them: see `slots`.
AT_ONCE = 50
# So many requests in a row without any answer, and the host is given up.
_FAILURES = 3
_LONGEST_WAIT_SECONDS = 60.0
_WAITS = 5
_PATIENCE_SECONDS = 60.0
_NOTICED_SECONDS = 5.0
_HOSTS_FAULT = frozenset({"dns", "connect", "tls", "timeout", "connection"})


@dataclass(frozen=True, slots=True)
class Manners:
    """How a host is asked: requests at once at most, and new ones a second (None: as they come)."""

    at_once: int = AT_ONCE
    per_second: float | None = None


class Host:
    """What is known of a host in this run.

    Args:
        name: Host and port.
        manners: How it is asked.
        pause: Waits so many seconds.
        clock: A monotonic clock.
    """

    def __init__(
        self,
        name: str,
        manners: Manners,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._manners = manners
        self._pause = pause
        self._clock = clock
        self._slots = Slots(manners.at_once)
        self._answered = False
        self._given_up: RegistryError | None = None
        self._failures = 0
        self._busy = 0
        self._heard = clock()
        self._waited = 0.0
        self._next = 0.0
        self._resume = 0.0
        self._waits = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a slot and for the host's pace.

        Raises:
            RegistryError: The host was given up; the reason is the first one's.
        """
        self._check()
        async with self._slots:
            await self._paced()
            self._check()
            if not self._busy:
                self._heard = self._clock()
            self._busy += 1
            try:
                yield
            finally:
                self._busy -= 1

    def answered(self) -> None:
        """Note an answer of any kind."""
        self._note_wait()
        self._failures = 0
        self._answered = True

    def calm(self) -> None:
        """Note an answer that is no 429."""
        if self._clock() >= self._resume:
            self._waits = 0

    def bore(self) -> None:
        """Note an answer that shows no strain."""
        self._slots.bore()

    def strained(self, error: UnreachableError | None = None) -> None:
        """Note a 5xx, or a try without an answer: it may be asked for more than it bears."""
        if error is None or error.code in _HOSTS_FAULT:
            self._slots.strained()

    def failed(self, error: UnreachableError) -> None:
        """Note a request that got no answer; a host that never gave one is given up at once."""
        self._note_wait()
        if error.code in _HOSTS_FAULT:
            self._failures += 1
            if not self._answered or self._failures >= _FAILURES:
                self._given_up = self._given_up or error

    async def slow_down(self, wait: float | None, times: int) -> None:
        """Let every request to this host wait, as its 429 asks.

        Args:
            wait: The seconds it named, None where it named none.
            times: How often it asked this of one request.

        Raises:
            RateLimitedError: The wait is too long, or was asked for too often.
        """
        self.strained()
        now = self._clock()
        if times > _WAITS:
            raise RateLimitedError(f"{self.name}: too many requests, try again later")
        if now >= self._resume:
            self._waits += 1
            seconds = min(2.0**self._waits, _LONGEST_WAIT_SECONDS) if wait is None else wait
            if seconds > _LONGEST_WAIT_SECONDS or self._waits > _WAITS:
                told = "later" if wait is None else f"in {seconds:.0f} s"
                message = f"{self.name}: too many requests, try again {told}"
                self._given_up = RateLimitedError(message, retry_after=wait)
                raise self._given_up
            self._resume = now + seconds
        await self._pause(self._resume - now)

    def _check(self) -> None:
        if self._given_up is not None:
            # A new one each time: an error that is raised twice keeps the first one's frames.
            known = self._given_up
            if isinstance(known, RateLimitedError):
                raise RateLimitedError(known.message, retry_after=known.retry_after)
            raise UnreachableError(known.message, code=known.code, hint=known.hint)

    async def _paced(self) -> None:
        now = self._clock()
        start = max(now, self._resume, self._next)
        if self._manners.per_second:
            self._next = start + 1 / self._manners.per_second
        if start > now:
            await self._pause(start - now)

    def _note_wait(self) -> None:
        """Add up how long the host was silent while it was asked; its patience ends."""
        now = self._clock()
        silent = now - max(self._heard, self._resume)
        self._heard = now
        if silent > _NOTICED_SECONDS:
            self._waited += silent
        if self._waited > _PATIENCE_SECONDS and self._given_up is None:
            message = f"{self.name}: too slow, given up after {self._waited:.0f} s of waiting"
            self._given_up = UnreachableError(message, code="too-slow")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Give the seconds to wait, None where nothing usable is said."""
    text = headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        try:
            there = parsedate_to_datetime(text)
            here = parsedate_to_datetime(headers.get("date", ""))
            seconds = (there - here).total_seconds()
        except (TypeError, ValueError, OverflowError):
            return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
