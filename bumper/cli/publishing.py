"""The work of `run`: read the base commit, look up, publish."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bumper import branches as where
from bumper import catalog, ledgers, sources, worktree
from bumper import run as line
from bumper.cli import committing, output, session, target, telling, trigger, wording
from bumper.errors import UsageError, WorktreeError
from bumper.model import Problem, Report
from bumper.presence import Presence
from bumper.publishing.board import Board

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.cli.options import Options
    from bumper.cli.target import Target
    from bumper.fast_import import Hand
    from bumper.model import Outcome, Published
    from bumper.publishing.ours import Branches
    from bumper.pushes import Pushed
    from bumper.run import Reading
    from bumper.worktree import Worktree

__all__ = ["publish", "run"]


def run(options: Options, *, dry_run: bool, event: Path | None = None) -> Report:
    """Do a whole run, or one for an event, print it and tell it."""
    work = session.Session(options)
    pushed = trigger.pushed(event, os.environ)
    report = publish(work, dry_run=dry_run, pushed=pushed)
    session.show("plan", report, options)
    session.tell(report.problems, report.outcomes)
    if not dry_run:
        telling.tell(work, report)
    return report


def publish(
    work: session.Session, *, dry_run: bool, pushed: tuple[Pushed, ...] | None = None
) -> Report:
    """Do a whole run, or one for the images that were pushed."""
    settings = work.loaded.config.forge
    plain = worktree.Worktree(work.options.root)
    try:
        there = target.find(settings, plain.remote_url())
    finally:
        plain.close()
    if work.options.offline and there.kind != "local":
        raise UsageError("`run --offline` needs `forge: {kind: local}`", code="offline")
    with committing.hand(work.loaded.config.commit) as hand:
        return _published(work, there, hand, dry_run=dry_run, pushed=pushed)


def _published(
    work: session.Session,
    there: Target,
    hand: Hand,
    *,
    dry_run: bool,
    pushed: tuple[Pushed, ...] | None,
) -> Report:
    settings = work.loaded.config.forge
    whole = not work.options.only and pushed is None
    tree = worktree.Worktree(work.options.root, token=there.token or None, hand=hand)
    try:
        base = tree.head(settings.base, local=there.kind == "local")
        _not_ours(base[0], work.loaded.config.pull_requests.branch_prefix)
        files = sources.Committed(tree, base[1])
        reading = line.read(files, work.loaded, work.options.only, work.cache)
        if pushed is not None:
            reading = trigger.narrowed(reading, pushed)
        page = Board() if whole and work.loaded.config.pull_requests.dashboard else None
        if page is not None:
            asyncio.run(_heard(work, there, tree, page))
            work.anew = bool(page.wanted("recheck"))
        outcomes, problems = _looked_up(work, tree, reading, there, dry_run=dry_run)
        published = asyncio.run(
            _propose(
                work,
                there,
                tree,
                base,
                reading,
                outcomes,
                page,
                dry_run=dry_run,
                whole=whole,
            )
        )
    finally:
        tree.close()
    for note in page.notes if page is not None else ():
        output.note(note, work.options)
    found = (*reading.scan.problems, *problems, *(page.problems if page is not None else ()))
    return Report(outcomes, found, published, work.requests, whole=whole)


def _looked_up(
    work: session.Session, tree: Worktree, reading: Reading, there: Target, *, dry_run: bool
) -> tuple[tuple[Outcome, ...], tuple[Problem, ...]]:
    """Decide every use; where an age counts, by the ledger, which is written before anything else."""
    if not work.counts_ages(reading):
        return work.look_up(reading), ()
    prefix = work.loaded.config.pull_requests.branch_prefix
    local = there.kind == "local"
    place = where.Local(tree, prefix) if local else where.Remote(tree, prefix)
    shared = ledgers.Shared(tree, place, prefix)
    ledger, tip = shared.read()
    outcomes = work.look_up(reading, ledger)
    try:
        if not dry_run:
            shared.write(ledger, tip, datetime.now(UTC))
    except WorktreeError as error:
        reason = f"the ages seen in this run are lost: {error.message}"
        return outcomes, (
            Problem(shared.branch, None, "ledger", reason, "let bumper push this branch"),
        )
    return outcomes, ()


async def _heard(work: session.Session, there: Target, tree: Worktree, page: Board) -> None:
    """Read what people ticked on the dashboard, before anything is looked up."""
    async with work.http() as http:
        await page.hear(there.forge(http, tree))


async def _propose(  # noqa: PLR0913 - as `run.propose`
    work: session.Session,
    there: Target,
    tree: Worktree,
    base: tuple[str, str],
    reading: Reading,
    outcomes: tuple[Outcome, ...],
    page: Board | None,
    *,
    dry_run: bool,
    whole: bool,
) -> tuple[Published, ...]:
    local = there.kind == "local"
    prefix = work.loaded.config.pull_requests.branch_prefix
    place = where.Local(tree, prefix) if local else where.Remote(tree, prefix)
    settings = work.loaded.config
    branches: Branches = (
        where.Untouched(place) if dry_run else committing.branches(there, place, settings.commit)
    )
    async with work.http() as http:
        forge = there.forge(http, tree)
        if dry_run:
            forge = catalog.FORGES["dry-run"](forge)
        registry_for = wording.registries(work, http, reading)
        published = await line.propose(
            reading,
            outcomes,
            settings.pull_requests,
            base,
            tree,
            branches,
            forge,
            whole=whole,
            owners=partial(wording.owners, there, tree, base[1]),
            words=wording.words(work, there, http, base[1], registry_for, told=not dry_run),
            now=datetime.now(UTC),
            presence=None if registry_for is None else Presence(work.lists, outcomes, registry_for),
            asked=page,
        )
        if page is not None:
            await page.show(forge, outcomes, published)
        return published


def _not_ours(base: str, prefix: str) -> None:
    """Refuse to keep one of our own branches current.

    Raises:
        UsageError: The base is one.
    """
    if base.startswith(prefix):
        raise UsageError(
            f"{base}: a branch of bumper's own cannot be the base",
            code="own-base",
            hint="switch to the branch to keep current, or name it as `forge.base`",
        )
