"""Whether what was decided can be written: the edit of every file, tried before anybody hears of it.

A file is tried as soon as the last of its uses is decided, while the registries are still waited for;
nothing is written here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import edit
from bumper.errors import BumperError, EditError
from bumper.model import Bump, Failure, Hold
from bumper.shared import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.model import Outcome
    from bumper.reading import Reading

__all__ = ["Proof", "by_path"]

# A longer text is tried at the end: nobody's answer must wait for it.
_MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class _Tried:
    """The bumps of one file as they were tried, and which of them were refused, by identity."""

    bumps: tuple[Bump, ...]
    refused: dict[int, EditError]


class Proof:
    """The trial edits of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._open = Counter(use.path for use in reading.scan.uses)
        self._bumps: dict[str, list[Bump]] = defaultdict(list)
        self._tried: dict[str, _Tried] = {}

    def hear(self, outcome: Outcome) -> None:
        """Take note of what was decided for one use, and try its file if that was the last one."""
        path = outcome.use.path
        self._open[path] -= 1
        if isinstance(outcome, Bump):
            self._bumps[path].append(outcome)
        if self._open[path] or path not in self._bumps:
            return
        try:
            short = len(self._reading.texts[path]) <= _MOST_CHARACTERS
        except BumperError:
            return  # told at the end, as the file's own failure
        if short:
            self._try(path, self._bumps[path])

    def of(self, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
        """Turn every bump that cannot be written into a failure with the reason; the others stay.

        One that would move an image which is to stay, or move two to different tags, is held.
        """
        refused: dict[int, EditError] = {}
        for path, bumps in by_path(outcomes).items():
            refused |= self._try(path, bumps).refused
        return tuple(_unwritten(one, refused.get(id(one))) for one in outcomes)

    def _try(self, path: str, bumps: list[Bump]) -> _Tried:
        """Try the bumps of one file, unless the very same ones were tried."""
        known = self._tried.get(path)
        if known is None or set(map(id, known.bumps)) != set(map(id, bumps)):
            refused = self._refused(path, together(bumps))
            known = self._tried[path] = _Tried(tuple(bumps), refused)
        return known

    def _refused(self, path: str, groups: tuple[tuple[Bump, ...], ...]) -> dict[int, EditError]:
        """Give the bumps of one file that cannot be written, by halves: few are refused, if any."""
        bumps = [bump for group in groups for bump in group]
        error = self._refusal(path, bumps)
        if error is None:
            return {}
        if len(groups) > 1:
            half = len(groups) // 2
            found = self._refused(path, groups[:half]) | self._refused(path, groups[half:])
            rest = [bump for bump in bumps if id(bump) not in found]
            if found and self._refusal(path, rest) is None:
                return found
        return dict.fromkeys(map(id, bumps), error)

    def _refusal(self, path: str, bumps: list[Bump]) -> EditError | None:
        reading = self._reading
        try:
            edit.edit(path, reading.texts[path], bumps, reading.finder.uses_of)
        except EditError as error:
            return error
        return None


def by_path(outcomes: Iterable[Outcome]) -> dict[str, list[Bump]]:
    """Give the bumps among outcomes by their file, in their order."""
    found: dict[str, list[Bump]] = defaultdict(list)
    for outcome in outcomes:
        if isinstance(outcome, Bump):
            found[outcome.use.path].append(outcome)
    return found


def _unwritten(one: Outcome, error: EditError | None) -> Outcome:
    if error is None or not isinstance(one, Bump):
        return one
    if error.code == "shared-value":
        return Hold(one.use, one.policy, error.code, error.message, one.new_tag, one.level)
    return Failure(one.use, one.policy, error.code, error.message)
