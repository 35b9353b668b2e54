"""The line, in order: read it aloud. One image's failure never stops the rest.

Each function is one stretch of the line; a verb walks as far as it needs. What the members are is
the catalog's business, what is printed the command line's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import catalog, decide, discover, edit, extras, lookup, plan, publish, redact
from bumper.ages import Ages
from bumper.asides.settings import seconds
from bumper.config import settle
from bumper.fast_import import Branch
from bumper.model import Bump, Complete, Failure, Published
from bumper.proof import Proof, by_path
from bumper.publishing import lifting, refusals
from bumper.publishing.board import Board
from bumper.publishing.limits import Limits
from bumper.publishing.ours import Ours
from bumper.publishing.staying import stays
from bumper.publishing.wish import Wish
from bumper.reading import Reading, read
from bumper.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from bumper.config.proposals import PullRequests
    from bumper.config.read import Loaded
    from bumper.forges.base import Forge
    from bumper.ledger import Ledger
    from bumper.model import ChangeRequest, ImageUse, Outcome, Ranking
    from bumper.presence import Presence
    from bumper.publishing.ours import Branches
    from bumper.publishing.refusals import Refused
    from bumper.publishing.standing import Standing
    from bumper.registries.base import Registry
    from bumper.worktree import Worktree

__all__ = [
    "Reading",
    "edited",
    "look_up",
    "propose",
    "prove",
    "rank",
    "read",
    "uses_of",
]


def uses_of(path: str, text: str) -> tuple[ImageUse, ...]:
    """Give the uses of one text that stands alone."""
    return discover.read(path, text, catalog.FORMATS, catalog.POINTERS).uses


async def look_up(
    reading: Reading,
    loaded: Loaded,
    registry_for: Callable[[str], Registry],
    now: datetime | None = None,
    ledger: Ledger | None = None,
    lists: dict[str, Sequence[str]] | None = None,
    early: Collection[str] = (),
) -> tuple[Outcome, ...]:
    """Decide every use and prove it: resolve, decide, confirm. One outcome a use, in their order.

    `lists` gets the tags of each whole list, by the image's normalised name; `early` are targets for which
    a person does not want `min-age` to be waited for.
    """
    proven = Proof(reading)
    ages = Ages(now, ledger, early=frozenset(early))
    uses = reading.scan.uses
    decided = await lookup.look_up(uses, loaded, registry_for, ages, proven.hear, lists)
    return proven.of(decided)


def rank(use: ImageUse, tags: tuple[str, ...] | None, loaded: Loaded) -> Ranking | Outcome:
    """Rank tags that are given, without asking any registry."""
    policy = settle.policy(loaded, use)
    listing = None if tags is None else Complete(tuple(dict.fromkeys(tags)))
    return decide.screen(use, policy) or decide.rank(use, listing, policy, catalog.scheme(policy))


def prove(reading: Reading, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Turn every bump that cannot be written into a failure with the reason; the others stay.

    One that would move an image which is to stay, or move two to different tags, is held.
    """
    return Proof(reading).of(outcomes)


def edited(reading: Reading, bumps: Iterable[Bump]) -> dict[str, str]:
    """Give the new text of every file that the bumps change.

    Raises:
        EditError: A file cannot be changed as planned; see `prove`.
    """
    return {
        path: edit.edit(path, reading.texts[path], planned, reading.finder.uses_of)
        for path, planned in by_path(bumps).items()
    }


async def propose(  # noqa: PLR0913 - the end of the line, where everything meets
    reading: Reading,
    outcomes: Sequence[Outcome],
    settings: PullRequests,
    base: tuple[str, str],
    worktree: Worktree,
    branches: Branches,
    forge: Forge,
    there: Standing,
    *,
    whole: bool,
    words: Words | None = None,
    owners: Callable[[str], tuple[str, ...]] | None = None,
    now: datetime | None = None,
    presence: Presence | None = None,
    asked: Board | None = None,
) -> tuple[Published, ...]:
    """Plan, edit and publish; `base` is the branch and the commit that was read, `there` what stands there.

    What was refused is known before anything is planned, so that the rest can be offered without it.
    `owners` gives those whom the forge's own file names for a path. Without `now` no schedule is
    waited for. `presence` tells what is gone from what a list only lacks; without it all such is gone.
    `asked` is the dashboard, with what people asked for on it.
    """
    board = asked or Board()
    bumps = [outcome for outcome in outcomes if isinstance(outcome, Bump)]
    there, unlifted = await lifting.lift(forge, there, board.wanted("unskip"))
    unknown = frozenset(one.use.reference.image for one in outcomes if isinstance(one, Failure))
    ours = Ours(worktree, branches, there)
    offered, refused = refusals.sift(
        bumps, settings.per, there, base[0], lambda known: stays(known, ours, unknown, now)
    )
    planned = plan.plan(offered, settings, base[0])
    requests = tuple(_without_secrets(extras.owned(one, owners)) for one in planned)
    files = {request.branch: _files(reading, request) for request in requests}
    commits = worktree.make(
        base[1], [Branch(one.branch, one.message, files[one.branch]) for one in requests]
    )
    stale = seconds(settings.stale) if settings.stale else 0
    limits = Limits(settings.limit, settings.per_hour, settings.timezone, now, stale, board.at_once)
    whole = whole and not reading.scan.problems
    kept = refusals.kept(refused)
    absence = presence.absence if presence is not None else None
    wish = Wish(
        requests,
        commits,
        files,
        limits,
        unknown,
        whole,
        kept,
        (words or Words()).of,
        base[0],
        absence,
    )
    done = await publish.publish(wish, there, worktree, branches, forge)
    return *done, *unlifted, *_told(refused, settings, base[0])


def _told(refused: Iterable[Refused], settings: PullRequests, base: str) -> Iterable[Published]:
    """Give the record of what is not offered, as it would have been."""
    for one in refused:
        for request in plan.plan(one.bumps, settings, base):
            plain = _without_secrets(request)
            yield Published(one.operation, plain, one.pull_request, one.reason, one.code)


def _without_secrets(request: ChangeRequest) -> ChangeRequest:
    """Give a change request whose words may be published: a registry may repeat what it was sent."""
    return replace(
        request,
        title=redact.clean(request.title),
        message=redact.clean(request.message),
    )


def _files(reading: Reading, request: ChangeRequest) -> dict[str, bytes]:
    changed = edited(reading, request.bumps)
    return {path: text.encode("utf-8") for path, text in changed.items()}
