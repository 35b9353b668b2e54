"""The middle of the line: every use from its tag list to its outcome, all images at the same time.

An image is ranked as soon as its own list is there and confirmed while others are still listed: the
processor works while the network waits. Images in the most places go first, so that where a registry
grants little, that little goes furthest.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import catalog, confirm, decide, patterns, resolve, shared
from bumper.ages import Ages
from bumper.asides.settings import span
from bumper.config import settle
from bumper.gates import Turns
from bumper.judging import together
from bumper.model import Complete, Ranking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from bumper.config.read import Loaded
    from bumper.model import ImageUse, Listing, Outcome, Policy
    from bumper.registries.base import Registry

__all__ = ["look_up"]


async def look_up(
    uses: Iterable[ImageUse],
    loaded: Loaded,
    registry_for: Callable[[str], Registry],
    ages: Ages | None = None,
    tell: Callable[[Outcome], None] = lambda _: None,
    lists: dict[str, Sequence[str]] | None = None,
) -> tuple[Outcome, ...]:
    """Decide every use: resolve, decide, confirm. One outcome a use, in the order of the uses.

    `ages.now` ends what is ignored for a time only, and dates what a registry or the ledger saw; without
    it nothing ends and nothing has an age. `tell` hears each outcome as soon as it is there;
    `lists` gets the tags of each whole list, by the image's normalised name.
    """
    known = ages or Ages()
    settled = shared.bound([(use, settle.policy(loaded, use, known.now)) for use in uses])
    patterns.renew()
    most_first = sorted(_units(settled), key=len, reverse=True)
    hosts = [frozenset(settled[at][0].reference.registry for at in unit) for unit in most_first]
    turns = Turns(hosts)
    outcomes: dict[int, Outcome] = {}

    async def decide_unit(number: int, places: list[int]) -> None:
        unit = [settled[index] for index in places]

        async def turn(host: str) -> None:
            is_scarce = getattr(registry_for(host), "is_scarce", None)
            if is_scarce is not None:
                await turns.wait(number, host, is_scarce)

        try:
            decided = await _of_one_unit(unit, registry_for, known, turn, lists)
        finally:
            turns.done(number)
        for index, outcome in zip(places, decided, strict=True):
            outcomes[index] = settle.heeded(outcome)
            tell(outcomes[index])

    await asyncio.gather(*(decide_unit(*one) for one in enumerate(most_first)))
    return tuple(outcomes[index] for index in range(len(settled)))


def _units(settled: Sequence[tuple[ImageUse, Policy]]) -> list[list[int]]:
    """Give the places of the uses that are decided as one: one image's, or a group's together."""
    by_image: dict[str, list[int]] = defaultdict(list)
    leader: dict[str, str] = {}
    for index, (use, policy) in enumerate(settled):
        image = use.reference.image
        by_image[image].append(index)
        group = together.group_of(policy)
        if group is not None:
            leader.setdefault(image, f"group {group}")
    units: dict[str, list[int]] = defaultdict(list)
    for image, places in by_image.items():
        units[leader.get(image, image)] += places
    return list(units.values())


async def _of_one_unit(
    settled: list[tuple[ImageUse, Policy]],
    registry_for: Callable[[str], Registry],
    ages: Ages,
    turn: Callable[[str], Awaitable[None]],
    lists: dict[str, Sequence[str]] | None,
) -> list[Outcome]:
    """Decide the uses of one unit by one look-up an image; none where nothing needs it."""
    screened = [decide.screen(use, policy) for use, policy in settled]
    needed = [
        outcome is None and decide.needs_tags(use, policy)
        for (use, policy), outcome in zip(settled, screened, strict=True)
    ]
    wanted = [use.reference for (use, _), needs in zip(settled, needed, strict=True) if needs]
    listings = await resolve.resolve(wanted, registry_for)
    if lists is not None:
        whole = {image: one.tags for image, one in listings.items() if isinstance(one, Complete)}
        lists.update(whole)
    ranked: list[Outcome | Ranking] = []
    for (use, policy), outcome, needs in zip(settled, screened, needed, strict=True):
        listing = listings.get(use.reference.image) if needs else None
        ranked.append(outcome or decide.rank(use, listing, policy, catalog.scheme(policy)))
    ranked = together.narrowed(ranked)
    by_image: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(ranked):
        by_image[one.use.reference.image].append(place)
    found = await asyncio.gather(
        *(
            _confirmed(
                [ranked[place] for place in places], listings.get(image), registry_for, ages, turn
            )
            for image, places in by_image.items()
        )
    )
    outcomes: dict[int, Outcome] = {}
    for places, decided in zip(by_image.values(), found, strict=True):
        outcomes.update(zip(places, decided, strict=True))
    return together.agreed(ranked, [outcomes[place] for place in range(len(ranked))])


async def _confirmed(
    ranked: list[Outcome | Ranking],
    listing: Listing | None,
    registry_for: Callable[[str], Registry],
    ages: Ages,
    turn: Callable[[str], Awaitable[None]],
) -> list[Outcome]:
    """Confirm the rankings of one image, and say how old a kept list is."""
    asked = [one for one in ranked if isinstance(one, Ranking)]
    if isinstance(listing, Complete):
        ages = replace(ages, pushed=listing.pushed, told_now=listing.told_now)
        if asked:
            await turn(asked[0].use.reference.registry)
    confirmed = iter(await confirm.confirm(asked, registry_for, ages))
    outcomes = [next(confirmed) if isinstance(one, Ranking) else one for one in ranked]
    age = listing.stale_seconds if isinstance(listing, Complete) else None
    return outcomes if age is None else [_dated(one, age) for one in outcomes]


def _dated(outcome: Outcome, seconds: int) -> Outcome:
    """Say in the reason how old the list is that decided."""
    return replace(outcome, reason=f"{outcome.reason}; by what was known {span(seconds)} ago")
