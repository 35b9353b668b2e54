"""One command measured from outside: wall, CPU, and the memory of all of its processes together.

Memory is the proportional set size of the process and its children, looked at every 20 ms: pages that
two processes share count once. Linux only, as the figures are.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import HERE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Figures", "watched"]


@dataclass(frozen=True, order=True)
class Figures:
    """What a command took; `peak` is its largest process's in MB, `together` all processes'."""

    wall: float
    cpu: float
    peak: int
    together: int
    output: bytes
    code: int

    def __str__(self) -> str:
        return (
            f"{self.wall:6.2f} s wall  {self.cpu:6.2f} s CPU  {self.peak:4} MB  "
            f"{self.together:4} MB together"
        )


def watched(command: Sequence[str], variables: Mapping[str, str] | None = None) -> Figures:
    """Run a command beside the tests and measure it."""
    environment = {**os.environ, **(variables or {})}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, env=environment, cwd=HERE.parent)
        most, ended = [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, most, ended))
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
        output.seek(0)
        said = output.read()
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    return Figures(wall, cpu, peak, most[0] // 1024, said, process.returncode)


def _watch(process: int, most: list[int], ended: threading.Event) -> None:
    while not ended.wait(0.02):
        most[0] = max(most[0], sum(_kilobytes(one) for one in (process, *_children(process))))


def _children(process: int) -> tuple[int, ...]:
    with contextlib.suppress(OSError):
        return tuple(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    return ()


def _kilobytes(process: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
