"""Two runs of one repository at once: one branch, one pull request, one commit each, and nobody fails.

Two processes, two clones. Both are held at a write that is chosen anew each time, until the other is
there too. The suite takes a few rounds, `make ordeal` a hundred.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.fakes import disturbed, forked
from tests.fakes.git_http import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.disturbed import World
    from tests.fakes.forked import Ended, Forks
    from tests.fakes.http_server import Answer, Asked

ROUNDS = 100 if os.environ.get("BUMPER_TEST_ALL") else 3
# Where both wait for each other; "" is nowhere.
_MEETINGS = ("git-receive-pack", "/pulls", "service=git-receive-pack", "/labels", "")


@pytest.fixture(scope="module")
def two() -> Iterator[tuple[Forks, Forks]]:
    with forked.serve() as one, forked.serve() as other:
        yield one, other


@pytest.fixture(params=["github", "gitea"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with disturbed.serve(request.param, tmp_path) as world:
        yield world


class Meeting:
    """The first two requests of a kind are let on together."""

    def __init__(self, where: str) -> None:
        self._where, self._left = where, 2 if where else 0
        self._both = threading.Barrier(2)

    def __call__(self, asked: Asked, answer: Callable[[], Answer]) -> Answer:
        if self._left and asked.method != "HEAD" and asked.path.endswith(self._where):
            self._left -= 1
            with suppress(threading.BrokenBarrierError):  # the other has nothing to write any more
                self._both.wait(timeout=1)
        return answer()


def race(world: World, two: tuple[Forks, Forks], where: str) -> tuple[Ended, Ended]:
    other = world.clone.parent / "other"
    if not other.exists():
        shutil.copytree(world.clone, other)
    world.trap = Meeting(where)
    world.start(two[0])
    world.start(two[1], other)
    ended = two[0].wait(), two[1].wait()
    world.trap = None
    return ended


def wrong(world: World, ended: tuple[Ended, Ended], wanted: dict[str, object]) -> list[object]:
    """What is not as it should be after a race."""
    left = world.left()
    differing = [(name, left[name], wanted[name]) for name in left if left[name] != wanted[name]]
    codes = [one.said for one in ended if one.code != 0]
    return [*differing, *codes]


def test_row_133_row_134_row_234_two_runs_at_once_are_one(
    world: World, two: tuple[Forks, Forks]
) -> None:
    newer = {name: (*tags, f"{tags[-1]}0") for name, tags in disturbed.TAGS.items()}
    world.fresh()
    assert world.run(two[0]).code == 0
    first = world.left()
    world.tags = newer
    assert world.run(two[0]).code == 0
    second = world.left()
    world.end()
    found = []
    for number in range(ROUNDS):
        where = _MEETINGS[(number + 2 * (world.kind == "gitea")) % len(_MEETINGS)]
        world.fresh()
        ended = race(world, two, where)
        found += [(number, where, "new", *wrong(world, ended, first))]
        world.tags = newer
        ended = race(world, two, where)
        found += [(number, where, "newer", *wrong(world, ended, second))]
        commits = git(world.forge.bare, "rev-list", "--all", "--not", "main", "--count")
        assert commits == "3"
        writes = world.forge.writes
        assert world.run(two[0]).code == 0
        assert world.forge.writes == writes
        world.end()
    assert [one for one in found if len(one) > 3] == []
