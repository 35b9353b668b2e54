"""Everything that should be on the forge after a run. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper.publishing.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from bumper.model import ChangeRequest

__all__ = ["Absence", "Wish"]


@dataclass(frozen=True, slots=True)
class Absence:
    """A tag that its list lacks: gone, or only hidden for a while."""

    tag: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run wishes for.

    `commits` holds the commit of each request's branch, `files` the whole files it changes.
    `limits` is what binds the opening of pull requests. `unknown` are images that could
    not be looked up: what is open for them stays. `whole` is false if only a part of the repository
    was looked at: then nothing is closed. `kept` are branches that stay though nothing is wished of
    them, as who reopens a pull request needs its branch. `words` gives a request its body, when it is
    to be written. `base` is the branch that
    all of it goes into. `absence` says of a target that is wished for no more what its list lacks.
    """

    requests: tuple[ChangeRequest, ...]
    commits: Mapping[str, str]
    files: Mapping[str, Mapping[str, bytes]]
    limits: Limits = field(default_factory=Limits)
    unknown: frozenset[str] = frozenset()
    whole: bool = True
    kept: frozenset[str] = frozenset()
    words: Callable[[ChangeRequest], Awaitable[ChangeRequest]] | None = None
    base: str = ""
    absence: Callable[[str], Awaitable[Absence | None]] | None = None

    async def absent(self, targets: Iterable[str]) -> Absence | None:
        """Give the first of some targets that its list lacks, one that is hidden before one that is gone."""
        gone = None
        if self.absence is None:
            return None
        for target in targets:
            found = await self.absence(target)
            if found is not None and found.is_hidden:
                return found
            gone = gone or found
        return gone
