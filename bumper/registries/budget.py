"""How many pulls a registry still grants, as it says itself. Pure.

Docker Hub counts every GET of a manifest and no HEAD, and says in each answer what is left:
`ratelimit-remaining: 76;w=21600`. No such header means no such limit.
Source: Docker's documentation, "Usage and rate limits".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.errors import RateLimitedError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Budget"]

# Left for the people and machines behind the same address: somebody must still be able to pull.
_RESERVE = 5
# An image costs two pulls: what it is now, and what it may become; more where candidates fail.
_EACH = 4
_COUNT = re.compile(r"\s*(\d{1,9})\s*(?:;\s*w\s*=\s*(\d{1,9}))?\s*", re.ASCII)


class Budget:
    """What is left of one registry's pulls."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._left: int | None = None
        self._window_seconds = 0
        self._is_known = False

    def is_scarce(self, askers: int) -> bool:
        """Say whether so many may not all get what they need, as far as the registry has said."""
        return not self._is_known or (
            self._left is not None and self._left < _EACH * askers + _RESERVE
        )

    @property
    def counts(self) -> bool:
        """Whether this registry counts pulls at all, as far as it has said."""
        return self._left is not None

    @property
    def left(self) -> int | None:
        """How many pulls are left, None where the registry has not said."""
        return self._left

    def hear(self, headers: Mapping[str, str]) -> None:
        """Read what an answer says is left; the least that was said counts."""
        match = _COUNT.fullmatch(headers.get("ratelimit-remaining", ""))
        if match is None:
            return
        told = int(match[1])
        self._left = told if self._left is None else min(told, self._left)
        self._window_seconds = int(match[2] or 0)

    def asked(self) -> None:
        """Note that a manifest was answered: where pulls are counted, the answer said so."""
        self._is_known = True

    def spend(self) -> None:
        """Take one pull before it is asked for.

        Raises:
            RateLimitedError: Too few are left; the image stays unknown in this run.
        """
        if self._left is None:
            return
        if self._left <= _RESERVE:
            per = f" of this {self._window_seconds / 3600:g} h" if self._window_seconds else ""
            message = (
                f"{self._host}: {self._left} pulls{per} are left, bumper leaves them to others"
            )
            hint = "log in to raise the limit, configure a `mirror`, or run later"
            raise RateLimitedError(message, hint=hint)
        self._left -= 1
