"""One host's share of a run, by a clock of our own."""

from __future__ import annotations

import asyncio
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from bumper.errors import RateLimitedError, RegistryError, UnreachableError
from bumper.wire.hosts import Host, Manners, retry_after

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Clock:
    """Time that passes only while somebody waits for it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


def with_host(
    story: Callable[[Host, Clock], Awaitable[None]], manners: Manners | None = None
) -> Clock:
    clock = Clock()

    async def told() -> None:
        await story(Host("h", manners or Manners(4), clock.pause, clock), clock)

    asyncio.run(told())
    return clock


def fault(code: str) -> UnreachableError:
    return UnreachableError("h: gone", code=code)


async def is_given_up(host: Host) -> str:
    try:
        async with host.turn():
            return ""
    except RegistryError as error:
        return error.code


async def most_at_once(host: Host, asked: int) -> int:
    """Give how many of so many requests are on their way at the same time."""
    inside = 0
    most = 0

    async def one() -> None:
        nonlocal inside, most
        async with host.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(asked)))
    return most


def test_row_32_a_host_gets_as_many_requests_at_once_as_it_bears() -> None:
    async def story(host: Host, clock: Clock) -> None:
        assert await most_at_once(host, 2000) == 2
        for answers, most in [(1, 4), (4, 8), (8, 16), (100, 20)]:
            for _ in range(answers):
                host.bore()
            assert await most_at_once(host, 200) == most
        # Nine of one round say that it is too much: that is told once.
        for _ in range(9):
            host.strained()
        assert await most_at_once(host, 200) == 10
        for _ in range(9):
            host.bore()
        assert await most_at_once(host, 200) == 10
        host.bore()
        assert await most_at_once(host, 200) == 11
        for _ in range(11):
            host.bore()
        await host.slow_down(1.0, 1)
        assert await most_at_once(host, 200) == 6
        assert clock.waits == [1.0]

    with_host(story, Manners(20))


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_host_never_gets_more_than_it_may_have(most: int) -> None:
    async def story(host: Host, _clock: Clock) -> None:
        for _ in range(9):
            host.bore()
        assert await most_at_once(host, 9) == most
        for _ in range(9):
            host.strained()
            host.bore()
        assert await most_at_once(host, 9) >= 1

    with_host(story, Manners(most))


def test_a_strain_while_all_slots_are_taken_is_heeded_as_they_come_back() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        for _ in range(5):
            host.bore()
        turns = [host.turn() for _ in range(8)]
        for turn in turns:
            await turn.__aenter__()
        host.strained()
        for turn in turns:
            await turn.__aexit__(None, None, None)
        assert await most_at_once(host, 50) == 4

    with_host(story, Manners(50))


def test_whoever_stops_waiting_takes_no_slot_along() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        async def one() -> None:
            async with host.turn():
                await asyncio.sleep(0)

        for delays in range(4):
            tasks = [asyncio.create_task(one()) for _ in range(9)]
            for _ in range(delays):
                await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert await most_at_once(host, 9) == 2

    with_host(story)


def test_what_is_one_answers_fault_takes_no_slots() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        for _ in range(9):
            host.bore()
        for code in ("too-large", "encoded"):
            host.strained(fault(code))
        assert await most_at_once(host, 50) == 12
        host.strained(fault("timeout"))
        assert await most_at_once(host, 50) == 6

    with_host(story, Manners(20))


@pytest.mark.parametrize("code", ["dns", "connect", "tls", "timeout", "connection"])
def test_a_host_that_never_answered_is_given_up_at_once(code: str) -> None:
    async def story(host: Host, _clock: Clock) -> None:
        host.failed(fault(code))
        assert await is_given_up(host) == code

    with_host(story)


def test_a_host_that_answered_is_given_up_after_three_failures_in_a_row() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        host.answered()
        for _ in range(2):
            host.failed(fault("timeout"))
        host.answered()
        for _ in range(2):
            host.failed(fault("timeout"))
        assert await is_given_up(host) == ""
        host.failed(fault("timeout"))
        assert await is_given_up(host) == "timeout"

    with_host(story)


def test_what_is_one_answers_fault_is_not_the_hosts() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        for _ in range(9):
            host.failed(fault("too-large"))
        assert await is_given_up(host) == ""

    with_host(story)


def test_no_host_holds_a_run_longer_than_its_patience() -> None:
    async def story(host: Host, clock: Clock) -> None:
        for _number in range(9):
            async with host.turn():
                clock.now += 9.0
                host.answered()
            if clock.now > 1060:
                break
        assert await is_given_up(host) == "too-slow"

    assert with_host(story).now <= 1000 + 120


def test_an_idle_host_is_not_a_slow_one() -> None:
    async def story(host: Host, clock: Clock) -> None:
        for _ in range(20):
            async with host.turn():
                clock.now += 1.0
                host.answered()
            clock.now += 60.0
        assert await is_given_up(host) == ""

    with_host(story)


def test_a_host_is_asked_at_its_pace() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        for _ in range(5):
            async with host.turn():
                pass

    assert with_host(story, Manners(4, 2.0)).now == pytest.approx(1002.0)


@pytest.mark.parametrize(
    ("wait", "waits"),
    [
        pytest.param(None, [2, 4, 8, 16, 32], id="row-11-without-a-word"),
        pytest.param(5.0, [5, 5, 5, 5, 5], id="row-10-as-told"),
    ],
)
def test_a_host_that_asks_to_wait_is_waited_for(wait: float | None, waits: list[float]) -> None:
    async def story(host: Host, _clock: Clock) -> None:
        for times in range(1, 6):
            await host.slow_down(wait, times)
        with pytest.raises(RateLimitedError):
            await host.slow_down(wait, 6)

    assert with_host(story).waits == waits


def test_row_10_a_wait_over_the_cap_ends_the_host() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        with pytest.raises(RateLimitedError) as caught:
            await host.slow_down(3600.0, 1)
        assert caught.value.retry_after == 3600
        assert await is_given_up(host) == "registry-rate-limited"

    assert with_host(story).waits == []


def test_row_11_all_requests_of_a_host_wait_together() -> None:
    async def story(host: Host, _clock: Clock) -> None:
        await asyncio.gather(*(host.slow_down(None, 1) for _ in range(5)))
        await host.slow_down(None, 2)

    assert with_host(story).waits[0] == 2
    assert max(with_host(story).waits) <= 4


DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), ("0", 0.0), ("1.5", 1.5), ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:27:00 GMT", None), ("-1", None), ("1e999", None), ("nan", None), ("", None),
        ("soon", None), ("1, 2", None), ("Wed, 21 Oct 2015 07:28:30 -0000", None), ("9" * 400, None),
        ("1e9", 1e9), ("Fri, 31 Dec 9999 23:59:59 GMT", 251956888319.0),
    ],
)  # fmt: skip
def test_row_12_retry_after_in_every_form(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value, "date": DATE}) == seconds


def test_row_12_a_date_without_a_clock_beside_it_is_no_wait() -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 - used here alone

    assert retry_after({"retry-after": format_datetime(datetime.now(UTC))}) is None
