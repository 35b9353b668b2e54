"""Which files of a repository are read, by their paths alone. Pure but for one count.

What the settings leave out is counted by the pattern that says so, so that `scan` can name it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bumper import discover
from bumper.config.globs import matches_path
from bumper.config.load import NAMES

if TYPE_CHECKING:
    from bumper.config.read import Loaded

__all__ = ["Choice"]


class Choice:
    """The choice of one config; `excluded` holds how many files each pattern of it left out."""

    def __init__(self, loaded: Loaded) -> None:
        self._files = loaded.config.files
        self._own = {*NAMES, loaded.path}
        self.excluded: Counter[str] = Counter()

    def takes(self, path: str) -> bool:
        """Say whether a file is read, and count it where a pattern leaves it out."""
        if not self.may_hold(path):
            return False
        reason = self._reason(path)
        if reason is not None:
            self.excluded[reason] += 1
        return reason is None

    def may_hold(self, path: str) -> bool:
        """Say by its name whether a file may hold a reference; our own settings name some and hold none."""
        if path in self._own:
            return False
        include = self._files.include
        if include and not any(matches_path(glob, path) for glob in include):
            return False
        named = (glob for pattern in self._files.patterns for glob in pattern.files)
        return discover.is_readable(path) or any(matches_path(glob, path) for glob in named)

    def is_open(self, path: str) -> bool:
        """Say whether a file is read, counting nothing."""
        return self.may_hold(path) and self._reason(path) is None

    def _reason(self, path: str) -> str | None:
        return next((glob for glob in self._files.exclude if matches_path(glob, path)), None)
