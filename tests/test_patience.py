"""What is not told in time is not told, and the time of a run is no more than it has."""

from __future__ import annotations

import asyncio

from bumper.patience import Patience


async def _after(seconds: float, word: str) -> str:
    await asyncio.sleep(seconds)
    return word


def test_who_is_late_is_left_out() -> None:
    async def asked() -> dict[str, str]:
        return await Patience(0.2, 9).told({"a": _after(0, "A"), "b": _after(60, "B")})

    assert asyncio.run(asked()) == {"a": "A"}


def test_the_late_cost_what_they_took_and_the_others_nothing() -> None:
    async def asked() -> list[dict[str, str]]:
        patience = Patience(0.05, 0.05)
        rounds = [await patience.told({"a": _after(0, "A")}) for _ in range(3)]
        rounds.append(await patience.told({"a": _after(60, "A")}))
        return [*rounds, await patience.told({"a": _after(0, "A")})]

    assert asyncio.run(asked()) == [{"a": "A"}] * 3 + [{}] * 2


def test_who_is_interrupted_leaves_no_question_behind() -> None:
    async def asked() -> set[str]:
        waiting = asyncio.ensure_future(Patience(60, 60).told({"a": _after(60, "A")}))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return {str(task.get_coro()) for task in asyncio.all_tasks()} - {
            str(asyncio.current_task().get_coro())  # type: ignore[union-attr] # one is running
        }

    assert asyncio.run(asked()) == set()


def test_nobody_asked_tells_nothing() -> None:
    assert asyncio.run(Patience(1, 1).told({})) == {}
