"""What was merged, by every way that a forge merges; read from a real repository's log."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from bumper.past import Commit, merged, read
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path


def message(image: str, old: str, new: str, title: str = "Bump it") -> str:
    trailers = (("Image", image), ("From", old), ("To", new), ("Rule", "defaults"))
    return f"{title}\n\nc.yaml:3 {image}\n\n" + "".join(
        f"Bumper-{name}: {value}\n" for name, value in trailers
    )


class Repository:
    """A real one; every commit has a day of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.day = root, 0
        root.mkdir()
        self.git("init", "-q", "-b", "main")
        self.commit("start")

    def git(self, *arguments: str, by: str = "ada") -> str:
        self.day += 1
        when = f"2026-01-{self.day:02d}T05:00:00+00:00"
        identity = {
            "GIT_AUTHOR_NAME": by, "GIT_AUTHOR_EMAIL": "x@example", "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_NAME": by, "GIT_COMMITTER_EMAIL": "x@example", "GIT_COMMITTER_DATE": when,
            "PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null",
        }  # fmt: skip
        command = ["git", "-C", str(self.root), *arguments]
        ran = subprocess.run(command, env=identity, check=True, capture_output=True, text=True)
        return ran.stdout.strip()

    def commit(self, text: str, by: str = "ada") -> str:
        write(self.root, {f"{self.day}.txt": text})
        self.git("add", "-A", by=by)
        self.git("commit", "-q", "-m", text, by=by)
        return self.git("rev-parse", "HEAD")

    def bump(self, branch: str, text: str) -> None:
        self.git("switch", "-q", "-c", branch)
        self.commit(text, by="bumper")
        self.git("switch", "-q", "main")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "r")


def told(repository: Repository, *flags: str) -> list[dict[str, str]]:
    ran = bumper("history", "-C", repository.root, "-f", "json", *flags)
    assert ran.code == 0, ran.err
    found: list[dict[str, str]] = json.loads(ran.out)["merged"]
    return found


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(("merge", "-q", "--no-ff", "-m", "Merge pull request #4"), id="a-merge"),
        pytest.param(("merge", "-q", "--ff-only"), id="fast-forward"),
        pytest.param(("cherry-pick",), id="a-rebase-or-a-squash-with-its-message"),
    ],
)
def test_a_bump_is_found_however_it_was_merged(
    how: tuple[str, ...], repository: Repository
) -> None:
    repository.bump("bumper/x", message("docker.io/library/nginx", "1.25.3", "1.27.0"))
    repository.git(*how, "bumper/x", by="grace")
    (one,) = told(repository)
    assert (one["image"], one["old"], one["new"]) == ("docker.io/library/nginx", "1.25.3", "1.27.0")
    assert one["commit"] == repository.git("rev-parse", "HEAD")


def test_what_was_not_merged_is_no_history(repository: Repository) -> None:
    repository.bump("bumper/x", message("docker.io/library/nginx", "1.25.3", "1.27.0"))
    assert told(repository) == []


def test_a_merge_is_dated_and_signed_by_the_merge(repository: Repository) -> None:
    repository.bump("bumper/x", message("docker.io/library/nginx", "1.25.3", "1.27.0"))
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "bumper/x", by="grace")
    (one,) = told(repository)
    assert one["by"] == "grace"
    assert one["when"][:10] == f"2026-01-{repository.day:02d}"


@pytest.mark.parametrize(
    "way", [pytest.param(["-m", "1"], id="of-the-merge"), pytest.param([], id="of-the-commit")]
)
def test_a_revert_is_told(way: list[str], repository: Repository) -> None:
    repository.bump("bumper/x", message("docker.io/library/nginx", "1.25.3", "1.27.0"))
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "bumper/x")
    repository.git("revert", "--no-edit", *way, "HEAD" if way else "bumper/x")
    (one,) = told(repository)
    assert one["reverted"]
    assert "1 merged into main, 1 of them reverted" in bumper("history", "-C", repository.root).out


def test_a_group_is_a_row_an_image_and_the_newest_comes_first(repository: Repository) -> None:
    repository.commit(message("docker.io/library/redis", "7.4.1", "7.4.2"))
    group = message("ghcr.io/acme/api", "1.0", "1.1") + message("ghcr.io/acme/web", "1.0", "1.1")
    repository.commit(group.replace("\n\nBump it", "\n"))
    images = [one["image"].rpartition("/")[2] for one in told(repository)]
    assert images == ["api", "web", "redis"]
    assert len(told(repository, "--only", "ghcr.io/acme/*")) == 2
    assert len(told(repository, "--most", "1")) == 1


def test_a_shallow_clone_says_that_it_is_one(repository: Repository, tmp_path: Path) -> None:
    repository.commit(message("docker.io/library/redis", "7.4.1", "7.4.2"))
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--depth", "1", repository.root.as_uri(), str(clone)]
    subprocess.run(command, check=True)
    ran = bumper("history", "-C", clone)
    assert "shallow" in ran.err
    assert "redis  7.4.1 -> 7.4.2" in ran.out


@pytest.mark.parametrize(
    ("log", "number"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("no fields\0", 0, id="not-ours"),
        pytest.param("a\x1f\x1f2026\x1fada\x1fBumper-Image: x\0", 0, id="half-of-the-trailers"),
        pytest.param("a\x1f\x1f2026\x1fa\x1fb\x1fBumper-Image: x\0", 0, id="a-name-with-the-mark"),
        pytest.param(f"a\x1f\x1f2026\x1fada\x1f{message('x', '1', '2')}\0", 1, id="whole"),
    ],
)
def test_reading(log: str, number: int) -> None:
    assert len(merged(read(log))) == number


def test_a_parent_that_is_not_here_ends_the_line() -> None:
    tip = Commit("a", ("gone",), "2026", "ada", message("x", "1", "2"))
    assert len(merged((tip,))) == 1
