"""How fast tags are ranked: each figure in a process of its own, so that its peak is its own.

CPU seconds, median of three; the lists themselves are made before the clock starts, and count in the
peak. `make bench` prints the figures; there is no verdict.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import time

from bumper import catalog, decide
from bumper.judging import tables
from bumper.model import Complete, Policy, Ranking
from bumper.policies import parse
from tests.support import use

__all__ = ["main"]

VARIANTS = ("", "-alpine", "-slim-bookworm")


def mixed(count: int, start: int = 0) -> tuple[str, ...]:
    """Tags of three shapes, a third each."""
    return tuple(
        f"{start + n // 300}.{n // 10 % 30}.{n % 10}{VARIANTS[n % 3]}" for n in range(count)
    )


def one_shape(count: int) -> tuple[str, ...]:
    return tuple(f"{n // 10_000}.{n // 100 % 100}.{n % 100}" for n in range(count))


def rank(image: str, tags: Complete, policy: Policy) -> Ranking:
    ranking = decide.rank(use(image), tags, policy, catalog.scheme(policy))
    assert isinstance(ranking, Ranking)
    return ranking


def one_list(policy: str, *, look: bool) -> float:
    """1,000 uses at 1,000 different tags of one list of 3,000."""
    tags = Complete(mixed(3000))
    settled = parse(policy)
    start = time.process_time()
    for tag in tags.tags[::3][:1000]:
        ranking = rank(f"acme/app:{tag}", tags, settled)
        if look:
            len(ranking.candidates)
    return time.process_time() - start


def many_lists() -> float:
    """1,000 uses of 1,000 lists of 3,000 tags, all rankings kept as a run keeps them."""
    lists = [Complete(mixed(3000, n)) for n in range(1000)]
    kept = []
    start = time.process_time()
    for number, tags in enumerate(lists):
        kept.append(rank(f"acme/app:{number + 1}.2.3", tags, Policy()))
    return time.process_time() - start


def long_list(*, alike: bool) -> float:
    tags = Complete(one_shape(100_000) if alike else mixed(100_000))
    start = time.process_time()
    rank("acme/app:1.2.3", tags, Policy())
    return time.process_time() - start


def verdicts() -> float:
    tags = Complete(mixed(3000))
    start = time.process_time()
    len(rank("acme/app:1.2.3", tags, Policy()).refused)
    return time.process_time() - start


WORK = {
    "1,000 uses of one list of 3,000 tags": lambda: one_list("major", look=False),
    "the same under `policy: minor`": lambda: one_list("minor", look=False),
    "the same, every candidate of each looked at": lambda: one_list("minor", look=True),
    "1,000 uses of 1,000 lists of 3,000 tags": many_lists,
    "1 use of a list of 100,000 tags": lambda: long_list(alike=False),
    "1 use of 100,000 tags, all of its shape": lambda: long_list(alike=True),
    "a reason for every tag of 3,000": verdicts,
}


def measured(name: str) -> tuple[float, int]:
    """Give the seconds and the peak in MB."""
    seconds = []
    for _ in range(3):
        tables.forget()
        seconds.append(WORK[name]())
    return statistics.median(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    for name in WORK:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, peak = pool.apply(measured, (name,))
        print(f"{name:45} {seconds:7.2f} s CPU   {peak:5} MB peak")


if __name__ == "__main__":
    main()
