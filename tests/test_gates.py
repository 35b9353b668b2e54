"""Who waits at a gate goes by priority, then by coming; a place is never lost."""

from __future__ import annotations

import asyncio

from bumper.gates import Gate, Turns


def test_the_lowest_number_goes_first_and_equals_as_they_came() -> None:
    passed: list[str] = []

    async def one(gate: Gate, name: str, priority: int) -> None:
        async with gate.passing(priority):
            passed.append(name)
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        gate = Gate(1)
        await asyncio.gather(
            one(gate, "first", 0), one(gate, "b", 0), one(gate, "c", 0), one(gate, "deep", -7)
        )

    asyncio.run(all_of_them())
    assert passed == ["first", "deep", "b", "c"]


def test_a_cancelled_waiter_costs_no_place() -> None:
    async def world() -> int:
        gate = Gate(1)
        async with gate.passing():
            waiting = asyncio.ensure_future(_pass(gate))
            await asyncio.sleep(0)
            waiting.cancel()
            given = asyncio.ensure_future(_pass(gate))
            await asyncio.sleep(0)
        given.cancel()  # in the moment after the place was given to it
        await asyncio.gather(waiting, given, return_exceptions=True)
        async with asyncio.timeout(1):
            await _pass(gate)
        return gate._free

    assert asyncio.run(world()) == 1


async def _pass(gate: Gate) -> None:
    async with gate.passing():
        await asyncio.sleep(0)


def test_where_little_is_granted_each_waits_for_all_before_it() -> None:
    """The third goes elsewhere and waits for nobody; once there is enough nobody waits."""
    served: list[int] = []
    scarce = [True]

    async def one(turns: Turns, number: int, place: str) -> None:
        await turns.wait(number, place, lambda askers: scarce[0] and askers == 4)
        served.append(number)
        await asyncio.sleep(0)
        if number == 1:
            scarce[0] = False
        turns.done(number)

    async def all_of_them() -> None:
        places = ["hub", "hub", "else", "hub", "hub"]
        turns = Turns([frozenset({place}) for place in places])
        wanted = reversed(list(enumerate(places)))
        await asyncio.gather(*(one(turns, number, place) for number, place in wanted))

    asyncio.run(all_of_them())
    assert served[:3] == [2, 0, 1]
    assert sorted(served[3:]) == [3, 4]
