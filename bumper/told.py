"""What channels were told already, on a branch of its own: so that no event is told twice.

An orphan branch with one file, beside the ledger's. A run on another machine, or without a cache, knows
it as well; where two runs write at once the later one counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.errors import WorktreeError
from bumper.fast_import import Branch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bumper.ledgers import Place
    from bumper.worktree import Worktree

__all__ = ["FILE", "NAME", "Memory"]

# The branch, below the prefix of all our branches.
NAME = "what-was-told"
FILE = "told.json"
_TRIES = 4

Keys = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Memory:
    """The keys of what stands and was told, by channel; `base` is the branch that the runs are of."""

    worktree: Worktree
    place: Place
    prefix: str
    base: str

    @property
    def branch(self) -> str:
        """The branch's name."""
        return f"{self.prefix}{NAME}"

    def read(self) -> Keys:
        """Give the keys by channel; a channel that was never told has none.

        Raises:
            WorktreeError: The remote did not answer.
        """
        found = self._all()[0].get(self.base)
        channels = found.items() if isinstance(found, dict) else ()
        return {
            str(name): frozenset(map(str, keys))
            for name, keys in channels
            if isinstance(keys, list)
        }

    def write(self, keys: Mapping[str, frozenset[str]], now: datetime) -> None:
        """Keep what the channels know now; nothing is written where that is what is kept.

        Raises:
            WorktreeError: The server refuses the branch, or it moves faster than we can follow.
        """
        mine = {name: sorted(held) for name, held in sorted(keys.items())}
        for attempt in range(_TRIES):
            everything, tip = self._all()
            if everything.get(self.base) == mine:
                return
            text = json.dumps({**everything, self.base: mine}, indent=1, sort_keys=True) + "\n"
            made = Branch(self.branch, "told: what the channels know", {FILE: text.encode()})
            commit = self.worktree.make_alone(tip, made, int(now.timestamp()))
            try:
                self.place.put(self.branch, commit, tip)
            except WorktreeError:
                if attempt == _TRIES - 1:
                    raise
            else:
                return

    def _all(self) -> tuple[dict[str, Any], str | None]:
        tip = self.place.branches(self.branch).get(self.branch)
        if tip is None:
            return {}, None
        self.place.bring(self.branch)
        try:
            found = json.loads(self.worktree.content(tip, FILE) or b"{}")
        except (ValueError, RecursionError):
            found = {}
        return found if isinstance(found, dict) else {}, tip
