"""Everything that should be on the forge after a run. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumper.publishing.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bumper.model import ChangeRequest

__all__ = ["Wish"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run wishes for.

    `commits` holds the commit of each request's branch, `files` the whole files it changes.
    `limits` is what binds the opening of pull requests. `unknown` are images that could
    not be looked up: what is open for them stays. `whole` is false if only a part of the repository
    was looked at: then nothing is closed. `kept` are branches that stay though nothing is wished of
    them, as who reopens a pull request needs its branch. `words` gives a request its body, when it is
    to be written.
    """

    requests: tuple[ChangeRequest, ...]
    commits: Mapping[str, str]
    files: Mapping[str, Mapping[str, bytes]]
    limits: Limits = field(default_factory=Limits)
    unknown: frozenset[str] = frozenset()
    whole: bool = True
    kept: frozenset[str] = frozenset()
    words: Callable[[ChangeRequest], Awaitable[ChangeRequest]] | None = None
