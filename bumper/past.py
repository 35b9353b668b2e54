"""What was merged, read from Git's own log by the trailers that our commits carry. Pure.

A merge brings the commit that is its second parent; a squash or a rebase carries the trailers itself.
Where a forge was told to drop commit messages on a squash, nothing is known of that bump. Source:
git-interpret-trailers(1), git-revert(1) ("This reverts commit").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["FORMAT", "Commit", "Merged", "merged", "read"]

# One commit: id, parents, when, who, message; commits end with NUL (`git log -z`).
FORMAT = "%H%x1f%P%x1f%cI%x1f%an%x1f%B"
_TRAILER = re.compile(r"^Bumper-(Image|From|To|Rule): (.*)$", re.MULTILINE)
_REVERT = re.compile(r"This reverts commit ([0-9a-f]{7,64})")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the log; `when` as ISO 8601 with its offset."""

    id: str
    parents: tuple[str, ...]
    when: str
    by: str
    message: str


@dataclass(frozen=True, slots=True)
class Merged:
    """One image that moved: `commit` is the one of the base branch, `reverted` when that was undone."""

    when: str
    by: str
    image: str
    old: str
    new: str
    rule: str
    commit: str
    reverted: str | None = None


def read(log: str) -> tuple[Commit, ...]:
    """Read what `git log -z` prints in FORMAT."""
    found = []
    for entry in log.split("\0"):
        parts = entry.lstrip("\n").split("\x1f", 4)
        if len(parts) == 5:
            name, parents, when, by, message = parts
            found.append(Commit(name, tuple(parents.split()), when, by, message))
    return tuple(found)


def merged(commits: Sequence[Commit]) -> tuple[Merged, ...]:
    """Give what came onto the base branch, the newest first; the first commit is its tip."""
    known = {commit.id: commit for commit in commits}
    line = tuple(_first_parents(commits, known))
    undone = dict(_reverts(line, known))
    return tuple(
        one
        for commit in line
        for source in (commit, *(known[name] for name in commit.parents[1:] if name in known))
        for one in _bumps(commit, source, undone.get(source.id) or undone.get(commit.id))
    )


def _first_parents(commits: Sequence[Commit], known: Mapping[str, Commit]) -> Iterable[Commit]:
    here = commits[0] if commits else None
    while here is not None:
        yield here
        here = known.get(here.parents[0]) if here.parents else None


def _reverts(line: Iterable[Commit], known: Mapping[str, Commit]) -> Iterable[tuple[str, str]]:
    """Give the commits that were undone, and when that reached the base branch."""
    for commit in line:
        for source in (commit, *(known[name] for name in commit.parents[1:] if name in known)):
            for match in _REVERT.finditer(source.message):
                yield from ((name, commit.when) for name in known if name.startswith(match[1]))


def _bumps(commit: Commit, source: Commit, reverted: str | None) -> Iterable[Merged]:
    told: dict[str, str] = {}
    # A revert quotes the title alone; a message that reverts is no bump whatever else it holds.
    if _REVERT.search(source.message):
        return
    for match in _TRAILER.finditer(source.message):
        if match[1] == "Image":
            told = {}
        told[match[1]] = match[2].strip()
        if match[1] == "Rule" and {"Image", "From", "To"} <= told.keys():
            yield Merged(
                commit.when, commit.by, told["Image"], told["From"], told["To"], told["Rule"],
                commit.id, reverted,
            )  # fmt: skip
