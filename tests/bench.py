"""Figures, no verdicts: `make bench`. Medians of five, CPU seconds of this process, peak memory."""

from __future__ import annotations

import resource
import statistics
import time
from typing import TYPE_CHECKING

from bumper import run
from bumper.config.read import Loaded
from tests import bench_branches, bench_files, bench_registries, bench_start, bench_tags, hostile

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]


def discover_many() -> None:
    text = b"".join(b"  s%d:\n    image: nginx:1.25.%d\n" % (n, n) for n in range(20))
    run.read(((f"{n}/compose.yaml", b"services:\n" + text) for n in range(1000)), Loaded())


def measure(what: str, work: Callable[[], None]) -> None:
    seconds = []
    for _ in range(5):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:45} {statistics.median(seconds):7.2f} s CPU   {peak:5} MB peak so far")


def main() -> None:
    bench_start.main()
    measure("read 1,000 files of 20 images", discover_many)
    bench_tags.main()
    bench_files.main()
    bench_branches.main()
    hostile.main([])
    bench_registries.main()


if __name__ == "__main__":
    main()
