"""Real processes of the command line without its start: a server that has imported all, and forks.

A start costs half a second and would be most of what a test of hundreds of killed runs takes. Each
fork leads a process group of its own, so that what it started dies with it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Ended", "Forks", "serve"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, or minus the signal that killed it; and what it said."""

    code: int
    said: str


@dataclass
class Forks:
    """One forked process at a time."""

    server: subprocess.Popen[str]
    pid: int = 0
    _log: Path = Path()

    def start(self, log: Path, environment: Mapping[str, str], *arguments: str | Path) -> None:
        """Start `bumper` with these arguments; what it prints goes to `log`."""
        order = {"arguments": [str(one) for one in arguments], "environment": dict(environment)}
        self._log = log
        self._ask({**order, "log": str(log)})
        self.pid = int(self._told())

    def kill(self) -> None:
        """Kill it and all that it started, as a runner that is taken away."""
        os.killpg(self.pid, signal.SIGKILL)

    def wait(self) -> Ended:
        return Ended(int(self._told()), self._log.read_text(encoding="utf-8", errors="replace"))

    def run(self, log: Path, environment: Mapping[str, str], *arguments: str | Path) -> Ended:
        self.start(log, environment, *arguments)
        return self.wait()

    def _ask(self, order: dict[str, Any]) -> None:
        assert self.server.stdin is not None
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()

    def _told(self) -> str:
        assert self.server.stdout is not None
        return self.server.stdout.readline()


@contextlib.contextmanager
def serve() -> Iterator[Forks]:
    """A server, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.forked"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        yield Forks(process)
        assert process.stdin is not None
        process.stdin.close()


def _main() -> None:
    import bumper  # noqa: PLC0415 - in the server alone, here and below

    for module in pkgutil.walk_packages(bumper.__path__, "bumper."):
        with contextlib.suppress(ImportError):  # of an extra that is not installed
            importlib.import_module(module.name)
    importlib.import_module("github")
    api = importlib.import_module("bumper.apis.github")
    app = importlib.import_module("bumper.cli.app")
    # The pause between two writes is GitHub's wish; what is tested is what stands behind each.
    for pause in ("SECONDS_BETWEEN_WRITES", "RETRIES"):
        setattr(api, pause, 0)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run(app.run, order)
        with contextlib.suppress(OSError):  # the fork may have done it already, or be gone
            os.setpgid(pid, pid)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(verb: Any, order: dict[str, Any]) -> None:
    code = 70
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for mine, theirs in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(mine, theirs)
        os.environ.update(order["environment"])
        code = verb(order["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _main()
