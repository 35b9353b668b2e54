"""A run is killed at any request, before or after it is worked off; the next run leaves what one that
nobody disturbed leaves: nothing is lost, nothing is there twice, nothing lies about.

The process is a real one and is killed with all that it started. `lost` kills nobody: the request is
worked off and its answer never comes. `make ordeal` takes every request.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.fakes import disturbed, forked, real_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.disturbed import World
    from tests.fakes.forked import Forks
    from tests.fakes.http_server import Answer, Asked


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with forked.serve() as forks:
        yield forks


@pytest.fixture(params=["github", "gitea"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with disturbed.serve(request.param, tmp_path) as world:
        yield world


class Trap:
    """What happens at the request with a number, the first being 1; to the others nothing."""

    def __init__(self, number: int, way: str, forks: Forks) -> None:
        self.number, self.way, self.forks = number, way, forks
        self.sprung = ""

    def __call__(self, asked: Asked, answer: Callable[[], Answer]) -> Answer | None:
        self.number -= 1
        if self.number:
            return answer()
        self.sprung = f"{asked.method} {asked.path}"
        if self.way != "before":
            answer()
        if self.way != "lost":
            self.forks.kill()
        return None


def _points(world: World, way: str) -> list[int]:
    """The numbers of the requests to disturb, after a run that nobody did.

    The suite takes the push, the opening and the labels of the first pull request, and the last write:
    what lies between is the same again, what only reads has left nothing.
    """
    numbers = range(1, len(world.asked) + 1)
    if os.environ.get("BUMPER_TEST_ALL"):
        return list(numbers)
    writes = [number for number in numbers if world.asked[number - 1].method == "POST"]
    push, opening, labels = (
        next(number for number in writes if world.asked[number - 1].path.endswith(what))
        for what in ("/git-receive-pack", "/pulls", "/labels")
    )
    points = {
        "before": [push],
        "after": [push, opening, writes[-1]],
        "lost": [push, opening, labels],
    }
    return points[way]


def heal(world: World, forks: Forks, way: str) -> None:
    """Disturb runs at every point; the next run must leave what one that nobody disturbed left."""
    world.fresh()
    assert world.run(forks).code == 0
    wanted, points = world.left(), _points(world, way)
    world.end()
    wrong = []
    for number in points:
        world.fresh()
        world.trap = trap = Trap(number, way, forks)
        died = world.run(forks)
        world.trap = None
        if not trap.sprung:  # one request less: the order of look-ups is not the same each time
            continue
        assert way == "lost" or died.code == -9, died
        assert died.code in {0, 3, 4, -9}, died
        healed = world.run(forks)
        assert healed.code == 0, (number, trap.sprung, healed.said)
        left, writes = world.left(), world.writes()
        again = world.run(forks)
        if left != wanted or world.writes() != writes:
            differing = [(name, left[name]) for name in left if left[name] != wanted[name]]
            wrong.append((number, trap.sprung, differing, again.said))
        world.end()
    assert wrong == []


@pytest.mark.parametrize("way", ["before", "after", "lost"])
def test_row_135_row_136_row_137_row_138_row_176_row_233_the_next_run_heals(
    world: World, forks: Forks, way: str
) -> None:
    heal(world, forks, way)


@pytest.mark.parametrize("way", ["before", "after", "lost"])
def test_the_next_run_heals_on_a_real_gitea(tmp_path: Path, forks: Forks, way: str) -> None:
    try:
        with real_world.serve(tmp_path) as world:
            heal(world, forks, way)
    except FileNotFoundError:
        pytest.skip("set BUMPER_TEST_GITEA_BIN to a Gitea or Forgejo binary to run this")
