"""Row 232: a reader that has gone, no terminal, a locale that knows no letters beside ASCII."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import HERE, write

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "bumper", "scan", "--no-cache"]


def files(root: Path, count: int) -> None:
    services = "".join(f"  s\u00e9{n}: {{image: 'nginx:1.25.{n}'}}\n" for n in range(count))
    write(root, {"caf\u00e9.yaml": f"services:\n{services}"})


@pytest.mark.parametrize("style", ["table", "plain", "json"])
def test_row_232_a_reader_that_has_gone_is_no_traceback(style: str, tmp_path: Path) -> None:
    files(tmp_path, 3000)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        command = [*COMMAND, "-C", str(tmp_path), "-f", style]
        done = subprocess.run(command, stdout=gone, stderr=subprocess.PIPE, text=True, cwd=HERE.parent, timeout=30, check=False)  # fmt: skip
    # What was found is told by the exit code, though nobody reads on.
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("closed", "code", "said"),
    [
        pytest.param(">&-", 4, "[bad-yaml]", id="no-stdout"),
        pytest.param("2>&-", 4, "", id="no-stderr"),
        pytest.param(">/dev/full", 3, "error: stdout: cannot be written (No space left on device) [not-writable]", id="a-full-disk"),
    ],
)  # fmt: skip
def test_row_232_a_stream_that_takes_nothing_is_no_traceback(
    closed: str, code: int, said: str, tmp_path: Path
) -> None:
    write(tmp_path, {"compose.yaml": "services: {web: {image: 'nginx:1.25.1'\n"})
    command = f'"$@" {closed}'
    done = subprocess.run(["sh", "-c", command, "sh", *COMMAND, "-C", str(tmp_path)], capture_output=True, text=True, cwd=HERE.parent, timeout=30, check=False)  # fmt: skip
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (
        code,
        True,
        False,
    ), done.stderr


@pytest.mark.parametrize("style", ["table", "plain", "json"])
def test_row_232_a_c_locale_is_no_crash(style: str, tmp_path: Path) -> None:
    files(tmp_path, 3)
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [*COMMAND, "-C", str(tmp_path), "-f", style]
    done = subprocess.run(command, env=environment, capture_output=True, cwd=HERE.parent, timeout=30, check=False)  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert done.stdout.count(b"1.25.") >= 3
