"""Whole runs in worlds where nothing is as it should be: what they say, and that they touch nothing."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.fakes import disturbed
from tests.fakes.disturbed import TAGS
from tests.fakes.http_server import Answer
from tests.support import HERE, bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.disturbed import World
    from tests.fakes.http_server import Asked
    from tests.support import Ran


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("BUMPER_TOKEN", disturbed.TOKEN)
    with disturbed.serve("gitea", tmp_path) as world:
        world.fresh()
        yield world


def run(world: World) -> Ran:
    return bumper("run", "-C", world.clone, "-f", "plain", "--no-cache")


def test_row_222_a_registry_that_knows_nothing_touches_no_pull_request(world: World) -> None:
    assert run(world).code == 0
    left, writes = world.left(), world.writes()
    world.tags = {}
    ran = run(world)
    assert ran.code == 3, ran.out + ran.err
    assert (world.left(), world.writes()) == (left, writes)


@pytest.mark.parametrize("older", [(), ("1.25.4",)], ids=["nothing-newer", "something-older"])
def test_row_80_a_short_list_neither_closes_a_pull_request_nor_moves_it_back(
    world: World, older: tuple[str, ...]
) -> None:
    assert run(world).code == 0
    left, writes = world.left(), world.writes()
    world.tags = {**TAGS, "web": (*older, *TAGS["web"])}
    world.hidden = {"web": ("1.26.0",)}
    ran = run(world)
    assert ran.code == 0, ran.out + ran.err
    assert "1.26.0 is not in the tag list now, but the registry still has it" in ran.out
    assert (world.left(), world.writes()) == (left, writes)


@pytest.mark.parametrize("older", [None, "1.25.4"])
def test_row_80_row_243_a_version_that_is_gone_is_proposed_no_longer(
    world: World, older: str | None
) -> None:
    assert run(world).code == 0
    web = next(one for one in world.forge.pulls.values() if "web" in one.head)
    world.tags = {**TAGS, "web": ("1.25.3", *([older] if older else []))}
    ran = run(world)
    assert ran.code == 0, ran.out + ran.err
    if older is None:
        assert (web.state, ran.out.count("closed  ")) == ("closed", 1)
        assert "1.26.0 is gone from the registry" in web.comments[-1]
    else:
        assert (web.state, web.title) == ("open", "Bump web 1.25.3 to 1.25.4 (patch) in web")
    writes = world.writes()
    assert run(world).code == 0
    assert world.writes() == writes


def test_row_80_where_nobody_can_say_a_pull_request_stays(world: World) -> None:
    assert run(world).code == 0
    left, writes = world.left(), world.writes()
    world.hidden = {"web": ("1.26.0",)}

    def trap(asked: Asked, answer: Callable[[], Answer]) -> Answer:
        return Answer(500) if "/manifests/" in asked.path else answer()

    world.trap = trap
    run(world)
    assert (world.left(), world.writes()) == (left, writes)


def test_row_223_a_config_that_is_wrong_asks_nobody(world: World) -> None:
    config = world.clone / "bumper.yaml"
    write(
        world.clone, {"bumper.yaml": config.read_text(encoding="utf-8") + "defaults: {polcy: x}\n"}
    )
    ran = run(world)
    assert ran.code == 2, ran.out + ran.err
    assert "polcy" in ran.err
    assert world.asked == []


def test_row_194_a_base_that_is_gone_is_told(world: World) -> None:
    config = world.clone / "bumper.yaml"
    text = config.read_text(encoding="utf-8").replace("kind:", "base: gone, kind:")
    write(world.clone, {"bumper.yaml": text})
    ran = run(world)
    assert ran.code == 3, ran.out + ran.err
    assert "branch gone: has no commit here" in ran.err
    assert world.writes() == 0


@pytest.mark.parametrize(
    "room", [0, 600], ids=["nothing-can-be-written", "a-little-can-be-written"]
)
def test_row_159_a_disk_that_is_full_leaves_nothing_half_done(world: World, room: int) -> None:
    """No file may grow beyond so many bytes; Git is killed by it, as by a full disk it fails."""
    ran = subprocess.run(
        [sys.executable, "-m", "bumper", "run", "-C", str(world.clone), "-f", "plain"],
        env={**os.environ, "BUMPER_CACHE_DIR": f"{world.clone}-cache"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert "fast-import" in ran.stderr
    assert (world.writes(), "refs/heads/bumper" in str(world.left()["references"])) == (0, False)
    assert run(world).code == 0
    assert len(world.forge.pulls) == 3


def test_row_197_that_checks_do_not_start_by_themselves_is_in_the_readme() -> None:
    readme = " ".join((HERE.parent / "README.md").read_text(encoding="utf-8").split())
    assert "own token opens start no CI on Gitea and Forgejo, and wait for an approval" in readme


@pytest.mark.parametrize("where", ["git-upload-pack", "/tags/list", "/api/", "git-receive-pack"])
def test_row_233_ctrl_c_in_a_terminal_is_said_in_a_word(world: World, where: str) -> None:
    """A terminal sends it to every process of the run, Git's too."""
    arrived = threading.Event()

    def slow(asked: Asked, truly: Callable[[], Answer]) -> Answer:
        if where in asked.path:
            arrived.set()
            time.sleep(0.5)
        return truly()

    world.trap = slow
    running = subprocess.Popen(
        [sys.executable, "-m", "bumper", "run", "-C", str(world.clone), "-f", "plain"],
        env={**os.environ, "BUMPER_CACHE_DIR": f"{world.clone}-cache"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert arrived.wait(20)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert (running.returncode, told.split()) == (130, ["interrupted"])
    world.trap = None
    assert run(world).code == 0
    assert len(world.forge.pulls) == 3
    writes = world.writes()
    assert run(world).code == 0
    assert world.writes() == writes
