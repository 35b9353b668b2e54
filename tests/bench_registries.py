"""Figures of the registry side against a simulator: 40 ms away, pages of a hundred tags, one host.

The simulator lies beside the checkout (`BUMPER_SHARED`, or the folder `shared`); elsewhere this is
skipped with a sentence. Every run is a process of its own: wall, CPU, peak memory, requests.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.docker_registry import free_port, wait_for
from tests.support import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]

REPOSITORIES = 300
JOBS = 50


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
    with tempfile.TemporaryDirectory() as temporary, _running(folder) as simulator:
        place = Path(temporary)
        few = _one_use_each(place / "few", simulator)
        _cold_and_warm(f"{REPOSITORIES} repositories", few, place / "cache-few", simulator)
        simulator.tell("_config", tags_etag=True)
        _cold_and_warm("… with validators", few, place / "cache-validators", simulator)
        simulator.tell("_config", tags_etag=False, auth="bearer")
        _measure("… with tokens, cold", few, place / "cache-tokens", simulator)
        simulator.tell("_config", auth="none")
        many = _generated(place, simulator)
        _cold_and_warm("1,000 files, 300 images", many, place / "cache-many", simulator)


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


def _one_use_each(root: Path, simulator: Simulator) -> Path:
    """A Compose file with one use of each repository, ten versions behind where it has as many."""
    script = (
        f"import sys; sys.path.insert(0, {str(simulator.folder)!r}); from simreg import Repo\n"
        f"names = (f'bench/app-{{n}}' for n in range(3 * {REPOSITORIES}))\n"
        f"usable = [n for n in names if len(Repo.get(n).versions) > 2][:{REPOSITORIES}]\n"
        "for n in usable: print(n, Repo.get(n).versions[-10:][0])\n"
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


def _cold_and_warm(what: str, root: Path, cache: Path, simulator: Simulator) -> None:
    # The simulator makes each repository when it is first asked for: that is not ours to measure.
    _measure("", root, cache.with_name("unmeasured"), simulator)
    _measure(f"{what}, cold", root, cache, simulator)
    _measure(f"{what}, warm", root, cache, simulator)


def _measure(what: str, root: Path, cache: Path, simulator: Simulator) -> None:
    settings = cache.with_suffix(".yaml")
    settings.write_text(
        f"registries: {{'127.0.0.1:{simulator.port}': {{insecure: true}}}}\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "bumper", "plan", "-C", str(root), "-c", str(settings)]
    command += ["-f", "json", "--jobs", str(JOBS), *([] if what else ["--no-cache"])]
    environment = {**os.environ, "BUMPER_CACHE_DIR": str(cache)}
    simulator.tell("_reset")
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, env=environment, cwd=HERE.parent)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        report = json.loads(output.read())
    if not what:
        return
    kinds, states = (simulator.tell("_stats")[key] for key in ("kinds", "status"))
    asked = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(
        f"{what:34} {wall:5.2f} s wall  {used.ru_utime + used.ru_stime:5.2f} s CPU  "
        f"{used.ru_maxrss // 1024:4} MB  {report['requests']['total']} answers: {asked}; "
        f"{states.get('304', 0)} unchanged; {report['summary']['bump']} bumps, "
        f"exit {process.returncode}"
    )
