"""How GitHub is waited for: as long as it asks, within a bound; and a write that may have been done is not sent again.

A limit refuses a request before anything is done, so it is tried again whatever it was; after a 5xx, or
without an answer, only what reads is. No redirect is followed: PyGithub would lose what was asked for, as which
states to list. Source: GitHub's documentation, "Rate limits for the REST API".
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["patience"]

_LIMITS = (403, 429)
_MOVED = (301, 302, 307, 308)
_READS = frozenset({"GET", "HEAD"})
# Without a word of how long, at least a minute, and each time twice that of the time before.
_SECONDS = 60.0


def patience(github: Any, retries: int, longest_seconds: float) -> Any:  # noqa: ANN401 - PyGithub, imported late
    """Give what PyGithub, `github`, asks whether to try again; a pause over `longest_seconds` is an error."""

    class Patience(github.GithubRetry):  # type: ignore[misc] # a class of a library that is imported late
        def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002 - urllib3's
            known = status_code in _LIMITS or status_code in _MOVED
            return known or super().is_retry(method, status_code, has_retry_after)

        def new(self, **kw: Any) -> Any:  # noqa: ANN401 - urllib3's
            made = super().new(**kw)
            made.secondary_rate_wait = 2 * self.secondary_rate_wait
            return made

        def increment(self, *about: Any, **more: Any) -> Any:  # noqa: ANN401 - urllib3's
            response: Any = more.get("response")
            status = response.status if response is not None else 0
            if status in _MOVED:
                response.drain_conn()
                told = f"it is at {response.headers.get('Location', 'another place')} now"
                raise github.GithubException(status, {"message": told}, dict(response.headers))
            asked = _asked(response.headers) if status in _LIMITS else None
            if status != 429 and asked is None:  # PyGithub reads what kind of refusal a 403 is
                return super().increment(*about, **more)
            wait = self.secondary_rate_wait if asked is None else asked
            if wait > longest_seconds:
                response.drain_conn()
                told = f"GitHub asks for a pause of {wait:.0f} s"
                raise github.RateLimitExceededException(status, {"message": told}, {})
            retry: Any = super(github.GithubRetry, self).increment(*about, **more)
            retry.get_backoff_time = lambda: wait
            return retry

    return Patience(
        secondary_rate_wait=_SECONDS, max_rate_limit_wait=longest_seconds, total=retries,
        allowed_methods=_READS, respect_retry_after_header=False,
    )  # fmt: skip


def _asked(headers: Mapping[str, str]) -> float | None:
    """Give the seconds that an answer asks to wait; None where it names none."""
    told = headers.get("Retry-After", "")
    if told.isdigit():
        return float(told)
    reset = headers.get("X-RateLimit-Reset", "")
    if headers.get("X-RateLimit-Remaining") == "0" and reset.isdigit():
        # Plus a second: it is not said when within that second.
        return max(float(reset) - time.time(), 0.0) + 1.0
    return None
