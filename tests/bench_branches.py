"""What 200 changes cost in a repository of 10,000 files: the edits with their proof, the commits, the branches.

Medians of three, in a process of its own, so that its peak is its own; Git's processes are counted.
"""

from __future__ import annotations

import itertools
import multiprocessing
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bumper import run, sources
from bumper.branches import Local
from bumper.config.read import Loaded
from bumper.fast_import import Branch
from bumper.model import Bump, Level, Policy
from bumper.worktree import Worktree
from tests import bench_files

if TYPE_CHECKING:
    from bumper.model import ImageUse

__all__ = ["main"]

CHANGES = 200
_TURNS = 3


def _bump(use: ImageUse) -> Bump:
    return Bump(use, Policy(), "999.0.0", None, Level.MAJOR, "newer", "newer")


def turn(folder: Path, number: int) -> list[float]:
    """Seconds of: reading the commit, proving, editing again, the commits, the branches."""
    tree = Worktree(folder)
    clock = [time.perf_counter()]
    base = tree.head(None)[1]
    reading = run.read(sources.Committed(tree, base), Loaded())
    clock.append(time.perf_counter())
    of_files = {use.path: use for use in reading.scan.uses if use.reference.tag}
    bumps = [_bump(use) for use in list(of_files.values())[:CHANGES]]
    assert len(bumps) == CHANGES
    proven = run.prove(reading, bumps)
    assert all(isinstance(one, Bump) for one in proven)
    clock.append(time.perf_counter())
    texts = [run.edited(reading, [bump]) for bump in bumps]
    clock.append(time.perf_counter())
    branches = [
        Branch(f"bumper/{number}/{place}", "bump\n", {path: text.encode() for path, text in one.items()})
        for place, one in enumerate(texts)
    ]  # fmt: skip
    commits = tree.make(base, branches)
    clock.append(time.perf_counter())
    local = Local(tree, "bumper/")
    for name, commit in commits.items():
        local.put(name, commit, None)
    clock.append(time.perf_counter())
    tree.close()
    return [after - before for before, after in itertools.pairwise(clock)]


def _all(folder: Path) -> None:
    rows = [turn(folder, number) for number in range(_TURNS)]
    names = (
        "read 10,000 files",
        "prove 200 edits",
        "edit 200 files again",
        "200 commits",
        "200 branches",
    )
    for name, seconds in zip(names, zip(*rows, strict=True), strict=True):
        median = statistics.median(seconds)
        each = f"{median * 1000 / CHANGES:6.1f} ms a change" if "200" in name else ""
        print(f"{name:45} {median:7.2f} s   {each}")
    peaks = [
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(f"{'peak of this process, of the largest of Git':45} {peaks[0]:5} MB {peaks[1]:5} MB")


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        bench_files.generate(Path(temporary, "repository"))
        process = multiprocessing.get_context("spawn").Process(
            target=_all, args=(Path(temporary, "repository"),)
        )
        process.start()
        process.join()


if __name__ == "__main__":
    main()
