"""How long a verb takes from the shell's view; the aim is 150 ms for `--version` and `--help`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bumper.cli import demonstration

__all__ = ["main"]

REPLAY = ("-C", demonstration.SAMPLE / "repository", "--replay", demonstration.SAMPLE / "answers.json")  # fmt: skip
LINES = (("--version",), ("--help",), ("plan", *REPLAY, "-f", "plain"), ("report", *REPLAY))


def main() -> None:
    for line in LINES:
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            command = [sys.executable, "-m", "bumper", *map(str, line)]
            subprocess.run(command, capture_output=True, check=True)
            seconds.append(time.perf_counter() - start)
        name = " ".join(str(word) for word in line[:1])
        print(f"bumper {name:38} {statistics.median(seconds) * 1000:7.0f} ms")


if __name__ == "__main__":
    main()
