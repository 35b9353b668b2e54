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
from tests.fakes.forge import ticked
from tests.fakes.git_http import git
from tests.support import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.disturbed import World
    from tests.fakes.forge import Pull
    from tests.fakes.forked import Forks
    from tests.fakes.http_server import Answer, Asked


# The same in every round, so that commits are the same.
DATE = "2026-01-03T03:04:05Z"


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


def _closing(world: World, way: str) -> list[int]:
    """As `_points`, of a run that closes pull requests: what it says, and what it closes."""
    numbers = range(1, len(world.asked) + 1)
    if os.environ.get("BUMPER_TEST_ALL"):
        return list(numbers)
    methods = [world.asked[number - 1].method for number in numbers]
    writes = [n for n, method in zip(numbers, methods, strict=True) if method in {"POST", "PATCH"}]
    return {"before": writes[:1], "after": writes, "lost": writes[:2]}[way]


def heal(
    world: World,
    forks: Forks,
    way: str,
    begin: Callable[[], None] = lambda: None,
    points_of: Callable[[World, str], list[int]] = _points,
) -> None:
    """Disturb runs at every point; the next run must leave what one that nobody disturbed left.

    `begin` does what happened before the run.
    """
    world.fresh()
    begin()
    world.asked.clear()
    assert world.run(forks).code == 0
    wanted, points = world.left(), points_of(world, way)
    world.end()
    wrong = []
    for number in points:
        world.fresh()
        begin()
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


@pytest.mark.parametrize("way", ["before", "after", "lost"])
def test_row_137_row_179_the_next_run_closes_and_says_why_once(
    world: World, forks: Forks, way: str
) -> None:
    """One is done on the base by hand, one is skipped by a comment and one by its box."""

    def begin() -> None:
        assert world.run(forks).code == 0
        by_name = {name: _pull(world, name) for name in ("web", "job", "api")}
        write(world.clone, {"web/compose.yaml": _moved(world.clone / "web/compose.yaml")})
        git(world.clone, "commit", "-q", "-a", "-m", "by hand", f"--date={DATE}", date=DATE)
        git(world.forge.bare, "fetch", "-q", world.clone.as_posix(), "HEAD:main")
        git(world.clone, "update-ref", "refs/remotes/origin/main", "HEAD")
        world.forge.tell(by_name["job"].number, "bumper skip")
        api = by_name["api"]
        api.body = ticked(api.body, "skip-major")

    heal(world, forks, way, begin, _closing)
    if way == "after":  # what every round is compared with
        world.fresh()
        begin()
        assert world.run(forks).code == 0
        pulls = world.forge.pulls.values()
        assert {one.state for one in pulls} == {"closed"}
        assert sorted(len(world.forge.told(one)) for one in pulls) == [1, 1, 2]
        assert "Closed by bumper: no longer wanted" in _pull(world, "web").comments[0]


def _pull(world: World, name: str) -> Pull:
    return next(one for one in world.forge.pulls.values() if f"acme-{name}-" in one.head)


def _moved(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("1.25.3", "1.26.0")
