"""Figures of the registry side against a simulator: 40 ms away, pages of a hundred tags, one host.

The simulator lies beside the checkout (`BUMPER_SHARED`, or the folder `shared`); elsewhere this is
skipped with a sentence. Every run is a process of its own: wall, CPU, peak memory, requests.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench_process import watched
from tests.fakes.docker_registry import free_port, wait_for
from tests.support import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench_process import Figures

__all__ = ["main"]

REPOSITORIES = 300
JOBS = 50
_TURNS = 3
# One after the other, with one cache.
_RUNS = {"cold": (), "warm": (), "soon": ("--max-age", "1h")}


@dataclass(frozen=True)
class Simulator:
    """A running simulator, and how it is spoken to."""

    folder: Path
    port: int

    def tell(self, path: str, **settings: object) -> dict[str, Any]:
        content = json.dumps(settings).encode() if settings or path == "_reset" else None
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", content, 10) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


def main() -> None:
    folder = Path(os.environ.get("BUMPER_SHARED") or HERE.parent.parent / "shared") / "bench"
    if not (folder / "simreg.py").is_file():
        print(f"no simulator in {folder}: the registry side is not measured (set BUMPER_SHARED)")
        return
    print(f"one host 40 ms away, {JOBS} requests at once; medians of {_TURNS}")
    with tempfile.TemporaryDirectory() as temporary, _running(folder) as simulator:
        place = Path(temporary)
        names = (
            f"(n for n in (f'bench/app-{{m}}' for m in range(3 * {REPOSITORIES}))"
            f" if len(Repo.get(n).versions) > 2)"
        )
        few = _one_use_each(place / "few", f"list({names})[:{REPOSITORIES}]", simulator)
        _cold_and_warm(f"{REPOSITORIES} repositories", few, place / "few.cache", simulator)
        simulator.tell("_config", tags_etag=True)
        _cold_and_warm("… with validators", few, place / "validators.cache", simulator)
        simulator.tell("_config", page_cap=10_000)
        _cold_and_warm("… and whole lists", few, place / "whole.cache", simulator)
        simulator.tell("_config", tags_etag=False, page_cap=100, auth="bearer")
        _cold_and_warm("… with tokens", few, place / "tokens.cache", simulator)
        simulator.tell("_config", auth="none", tags_etag=True)
        many = _generated(place, simulator)
        _cold_and_warm("1,000 files, 300 images", many, place / "many.cache", simulator)
        _cold_and_warm("… 100 at once", many, place / "fast.cache", simulator, 100)
        simulator.tell("_config", page_cap=1000)
        long = _one_use_each(place / "long", "['bench/app-size100000']", simulator)
        _cold_and_warm("one list of 100,000 tags", long, place / "long.cache", simulator)


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[Simulator]:
    port = free_port()
    command = [sys.executable, str(folder / "simreg.py"), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Simulator(folder, port)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _one_use_each(root: Path, names: str, simulator: Simulator) -> Path:
    """A Compose file with one use of each repository, ten versions behind where it has as many.

    `names` is an expression that gives the repositories, in the simulator's own words.
    """
    script = (
        f"import sys; sys.path.insert(0, {str(simulator.folder)!r}); from simreg import Repo\n"
        f"for n in {names}: print(n, Repo.get(n).versions[-10:][0])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    uses = [line.split() for line in told.stdout.splitlines()]
    services = [
        f"  s{n}: {{image: '127.0.0.1:{simulator.port}/{name}:{tag}'}}\n"
        for n, (name, tag) in enumerate(uses)
    ]
    root.mkdir()
    (root / "compose.yaml").write_text("services:\n" + "".join(services), encoding="utf-8")
    return root


def _generated(place: Path, simulator: Simulator) -> Path:
    root = place / "many"
    command = [
        sys.executable,
        str(simulator.folder / "genrepo.py"),
        "--files",
        "1000",
        "--images",
        "300",
    ]
    command += ["--out", str(root), "--port", str(simulator.port)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return root


def _cold_and_warm(
    what: str, root: Path, cache: Path, simulator: Simulator, jobs: int = JOBS
) -> None:
    # The simulator makes each repository when it is first asked for: that is not ours to measure.
    _once(root, cache, simulator, jobs)
    rows = []
    for _ in range(_TURNS):
        shutil.rmtree(cache, ignore_errors=True)
        runs = [_once(root, cache, simulator, jobs, *flags) for flags in _RUNS.values()]
        rows.append(runs)
    for number, name in enumerate(_RUNS):
        ran, told, stats = sorted((row[number] for row in rows), key=lambda row: row[0].wall)[
            len(rows) // 2
        ]
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(stats["kinds"].items()))
        print(
            f"{what:24} {name}  {ran}  {sum(stats['kinds'].values())} requests: {kinds}; "
            f"{stats['status'].get('304', 0)} unchanged; {told['summary']['bump']} bumps, exit {ran.code}"
        )
    cold, warm = (statistics.median(row[n][0].wall for row in rows) for n in (0, 1))
    print(f"{what:24} warm is {cold / warm:.1f} times as fast as cold")


def _once(
    root: Path, cache: Path, simulator: Simulator, jobs: int, *flags: str
) -> tuple[Figures, dict[str, Any], dict[str, Any]]:
    """Plan once; give the figures, the report, and what the simulator counted."""
    settings = cache.with_suffix(".yaml")
    settings.write_text(
        f"registries: {{'127.0.0.1:{simulator.port}': {{insecure: true}}}}\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "bumper", "plan", "-C", str(root), "-c", str(settings)]
    simulator.tell("_reset")
    ran = watched(
        [*command, "-f", "json", "--jobs", str(jobs), *flags], {"BUMPER_CACHE_DIR": str(cache)}
    )
    return ran, json.loads(ran.output), simulator.tell("_stats")


if __name__ == "__main__":
    main()
