"""Figures, no verdicts: `make bench`. Medians of five, CPU seconds of this process, peak memory."""

from __future__ import annotations

import resource
import statistics
import time
from typing import TYPE_CHECKING

from bumper import decide, run, tables
from bumper.config.read import Loaded
from bumper.model import Complete, Policy
from bumper.schemes import auto
from tests import bench_files, bench_registries, hostile
from tests.support import use

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]


def tags(count: int) -> tuple[str, ...]:
    variants = ("", "-alpine", "-slim-bookworm")
    return tuple(f"{n // 300}.{n // 10 % 30}.{n % 10}{variants[n % 3]}" for n in range(count))


def rank_many() -> None:
    listing = Complete(tags(3000))
    for number in range(1000):
        decide.rank(use(f"acme/app:1.2.{number % 10}"), listing, Policy(), auto)


def rank_long() -> None:
    decide.rank(use("acme/app:1.2.3"), Complete(tags(100_000)), Policy(), auto)


def discover_many() -> None:
    text = b"".join(b"  s%d:\n    image: nginx:1.25.%d\n" % (n, n) for n in range(20))
    run.read(((f"{n}/compose.yaml", b"services:\n" + text) for n in range(1000)), Loaded())


def measure(what: str, work: Callable[[], None]) -> None:
    seconds = []
    for _ in range(5):
        tables.forget()
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:45} {statistics.median(seconds):7.2f} s CPU   {peak:5} MB peak so far")


def main() -> None:
    measure("read 1,000 files of 20 images", discover_many)
    measure("rank 1,000 uses of one list of 3,000 tags", rank_many)
    measure("rank 1 use of a list of 100,000 tags", rank_long)
    bench_files.main()
    hostile.main([])
    bench_registries.main()


if __name__ == "__main__":
    main()
