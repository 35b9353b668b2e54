"""How long strangers are waited for: what they do not tell in time is not told. No request here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

__all__ = ["Patience"]

_Key = TypeVar("_Key")
_Told = TypeVar("_Told")


class Patience:
    """The patience of one run; it ends.

    Args:
        seconds: How long one round of questions may take.
        of_a_run_seconds: What rounds with late answers may take all together.
    """

    def __init__(self, seconds: float, of_a_run_seconds: float) -> None:
        self._seconds = seconds
        self._left = of_a_run_seconds

    async def told(
        self, asked: Mapping[_Key, Coroutine[object, object, _Told]]
    ) -> dict[_Key, _Told]:
        """Give what was told in time, by its key; questions must not fail."""
        if not asked or self._left <= 0:
            for question in asked.values():
                question.close()
            return {}
        clock = asyncio.get_running_loop().time
        start = clock()
        tasks = {asyncio.ensure_future(question): key for key, question in asked.items()}
        try:
            await asyncio.wait(tasks, timeout=min(self._seconds, self._left))
        finally:  # who is interrupted leaves no question behind
            late = [task for task in tasks if not task.done()]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if late:
            self._left -= clock() - start
        return {key: task.result() for task, key in tasks.items() if task not in late}
