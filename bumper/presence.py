"""A version that is open for merging and that its list no longer has: is it gone, or the list short?

A list may lack tags for a while that the registry still has: copies lag, half of a registry is down.
So a pull request is neither closed nor moved back because of one list: the registry is asked for the
version itself. Source: reliability rows 80 and 243.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bumper import catalog, confirm, decide
from bumper.model import Bump, Complete, Failure, Ranking
from bumper.publishing.wish import Absence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bumper.model import Outcome
    from bumper.registries.base import Registry

__all__ = ["Presence"]


@dataclass(frozen=True, slots=True)
class Presence:
    """What was listed and decided in this run, by image; and whom to ask.

    `tags` holds the whole lists alone: an image without one is unknown anyway, or needs none.
    """

    tags: Mapping[str, Sequence[str]]
    outcomes: Sequence[Outcome]
    registry_for: Callable[[str], Registry]

    async def absence(self, target: str) -> Absence | None:
        """Say what became of a target (`image=tag@digest`) that its list lacks.

        None where the list has it, or something better: then nothing is asked. It is only hidden if it
        would be proposed were it listed, or if nobody can say.
        """
        image, _, version = target.partition("=")
        tag = version.partition("@")[0]
        listed = self.tags.get(image)
        if listed is None or not tag or tag in listed:
            return None
        rankings = [
            found
            for one in self.outcomes
            if one.use.reference.image == image
            and isinstance(found := self._ranked(one, (*listed, tag)), Ranking)
            and found.candidates
            and found.candidates[0].tag == tag
        ]
        outcomes = await confirm.confirm(rankings, self.registry_for)
        for one in outcomes:
            if isinstance(one, Failure) or (isinstance(one, Bump) and one.new_tag == tag):
                return Absence(tag, is_hidden=True)
        return Absence(tag, is_hidden=False) if outcomes else None

    def _ranked(self, outcome: Outcome, tags: tuple[str, ...]) -> Ranking | Outcome:
        """Rank a use as if its list had all these tags; it was old enough when it was proposed."""
        policy = replace(outcome.policy, min_age_seconds=0)
        return decide.screen(outcome.use, policy) or decide.rank(
            outcome.use, Complete(tags), policy, catalog.scheme(policy)
        )
