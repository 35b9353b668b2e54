"""The search for secrets bites: each place where one may lie is searched, in each form it may have."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests import canaries
from tests.canaries import NAMES, canary, forms
from tests.fakes.git_http import git
from tests.fakes.http_server import Answer, serve
from tests.support import HERE, bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEAK = "config"
SECRET = canary(LEAK)


@pytest.mark.parametrize("name", NAMES)
def test_each_of_twenty_is_found_in_every_form(name: str) -> None:
    assert len(set(NAMES)) == 20
    for form in forms(canary(name)):
        assert canaries.leaks(f"before {form} after") == {name}
    assert canaries.leaks(canary(name)[:-1]) == set()


def commit(folder: Path) -> None:
    git(folder, "init", "-q")
    write(folder, {"a": SECRET})
    git(folder, "add", "a")
    git(folder, "commit", "-q", "-m", "start")
    (folder / "a").unlink()


def pack(folder: Path) -> None:
    commit(folder)
    git(folder, "gc", "-q")


def message(folder: Path) -> None:
    git(folder, "init", "-q")
    (folder / "words").write_text(SECRET)
    git(folder, "commit", "-q", "--allow-empty", "-F", "words")
    (folder / "words").unlink()


def base(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "x.db")) as made, made:
        made.execute("create table t (a text, b blob)")
        made.execute("insert into t values ('x', ?)", (b"\0" * 5000 + SECRET.encode(),))


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(lambda folder: write(folder, {"a/b": f"x{SECRET}y"}), id="a-file"),
        pytest.param(lambda folder: write(folder, {"log": forms(SECRET)[3]}), id="in-base64"),
        pytest.param(commit, id="an-object-of-git"),
        pytest.param(pack, id="a-pack-of-git"),
        pytest.param(message, id="a-commit-message"),
        pytest.param(base, id="a-cache"),
    ],
)
def test_what_is_left_in_files_is_found(
    plant: Callable[[Path], object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("planted")
    plant(folder)
    assert {name for _, name in canaries.in_files(folder)} == {LEAK}


def test_the_arguments_of_a_process_are_heard() -> None:
    subprocess.run(["true", f"--password={SECRET}"], check=True)
    assert canaries.watch.look(None) == [f"{LEAK} in the arguments of a process"]


def test_what_bumper_prints_is_heard_here_and_in_a_child(tmp_path: Path) -> None:
    write(tmp_path, {"compose.yaml": f"services: {{a: {{image: 'x.example/{SECRET}:1.0'}}}}\n"})
    bumper("scan", "-C", tmp_path, "--no-cache")
    assert f"{LEAK} in bumper's stdout" in canaries.watch.look(None)
    command = [sys.executable, "-m", "bumper", "scan", "-C", str(tmp_path), "--no-cache"]
    subprocess.run(command, capture_output=True, check=False, cwd=HERE.parent)
    assert f"{LEAK} in what a child printed" in canaries.watch.look(None)
    (tmp_path / "compose.yaml").unlink()


def test_two_servers_that_are_shown_one_secret_are_one_too_many() -> None:
    from urllib.request import Request, urlopen  # noqa: PLC0415 - used here alone

    with serve(lambda _: Answer(200)) as one, serve(lambda _: Answer(200)) as two:
        for server in (one, two):
            urlopen(Request(server.url, headers={"X-Api-Key": SECRET}), timeout=5).close()
    assert canaries.watch.look(None) == [f"{LEAK} at 2 servers"]


TEST = f"""
from tests.canaries import canary
def test_prints():
    print(canary({LEAK!r}))
def test_writes(tmp_path):
    (tmp_path / "report.html").write_text(canary({LEAK!r}))
def test_keeps_it():
    assert canary({LEAK!r})
"""


def test_a_test_that_leaks_fails_when_it_is_over(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("leaking")
    write(folder, {"test_leaking.py": TEST})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(folder),
               str(folder)]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=folder)  # fmt: skip
    assert done.returncode == 1
    assert "3 passed, 2 errors" in done.stdout
    assert f"{LEAK} in what was printed (stdout)" in done.stdout
    assert f"{LEAK} in the file" in done.stdout
