"""When a tag was first seen with a content: the age that nobody outside can forge. Pure.

One line for each image, tag and digest, grown only; two ledgers join by the earlier time of each line,
so that two machines never argue. It lives on a branch of its own in the same Git repository; reading
and writing that is the business of `run`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

__all__ = ["FILE", "NAME", "Ledger"]

# The branch, below the prefix of all our branches.
NAME = "first-seen-ledger"
FILE = "first-seen.tsv"
_WORD = re.compile(r"[!-~]+", re.ASCII)
_HEAD = "# first seen, image, tag, digest: kept by bumper, grown only\n"

Content = tuple[str, str, str]


class Ledger:
    """The times by image, tag and digest; `grown` is what came since it was read."""

    def __init__(self, times: dict[Content, datetime] | None = None) -> None:
        self._times = dict(times or {})
        self._digests: dict[tuple[str, str], set[str]] = {}
        for image, tag, digest in self._times:
            self._digests.setdefault((image, tag), set()).add(digest)
        self.grown: dict[Content, datetime] = {}

    @classmethod
    def read(cls, text: str) -> Ledger:
        """Read a ledger; a line that is none says nothing."""
        times: dict[Content, datetime] = {}
        for line in text.splitlines():
            parts = line.split("\t")
            when = _time(parts[0]) if len(parts) == 4 else None
            if when is not None:
                content = (parts[1], parts[2], parts[3])
                times[content] = min(when, times.get(content, when))
        return cls(times)

    def __len__(self) -> int:
        return len(self._times)

    def first_seen(self, image: str, tag: str, digest: str) -> datetime | None:
        """Give when a tag was first seen with this content."""
        return self._times.get((image, tag, digest))

    def was_another(self, image: str, tag: str, digest: str) -> bool:
        """Say whether a tag was seen with another content too: somebody pushed it again."""
        return bool(self._digests.get((image, tag), set()) - {digest})

    def note(self, image: str, tag: str, digest: str, now: datetime) -> datetime:
        """Note that a tag has this content, unless it is known; give when that was first seen."""
        content = (image, tag, digest)
        if content not in self._times and all(_WORD.fullmatch(word) for word in content):
            self._times[content] = self.grown[content] = now.replace(microsecond=0)
            self._digests.setdefault((image, tag), set()).add(digest)
        return self._times.get(content, now)

    def joined(self, other: Ledger) -> Ledger:
        """Give what both know, each line with the earlier time."""
        times = dict(self._times)
        for content, when in other._times.items():
            times[content] = min(when, times.get(content, when))
        return Ledger(times)

    def text(self) -> str:
        """Give the file: sorted by what was seen, so that a new line stands beside its kin."""
        rows = sorted((content, when) for content, when in self._times.items())
        lines = (f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\t" + "\t".join(c) for c, when in rows)
        return _HEAD + "".join(f"{line}\n" for line in lines)


def _time(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo is not None else None
