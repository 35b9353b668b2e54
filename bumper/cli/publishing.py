"""The work of `run`: read the base commit, look up, publish."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bumper import branches as where
from bumper import catalog, codeowners, ledgers, sources, worktree
from bumper import run as line
from bumper.cli import committing, session, target, telling, trigger
from bumper.config import settle
from bumper.errors import UsageError, WorktreeError
from bumper.keep import Keep
from bumper.model import Problem, Report
from bumper.presence import Presence
from bumper.publishing import board
from bumper.releases import Releases
from bumper.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bumper.cli.options import Options
    from bumper.cli.target import Target
    from bumper.fast_import import Hand
    from bumper.http import Http
    from bumper.model import Outcome, Published
    from bumper.publishing.ours import Branches
    from bumper.pushes import Pushed
    from bumper.registries.base import Registry
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
        outcomes, problems = _looked_up(work, tree, reading, there, dry_run=dry_run)
        published, untold = asyncio.run(
            _propose(
                work,
                there,
                tree,
                base,
                reading,
                outcomes,
                dry_run=dry_run,
                whole=whole,
            )
        )
    finally:
        tree.close()
    found = (*reading.scan.problems, *problems, *untold)
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


async def _propose(  # noqa: PLR0913 - as `run.propose`
    work: session.Session,
    there: Target,
    tree: Worktree,
    base: tuple[str, str],
    reading: Reading,
    outcomes: tuple[Outcome, ...],
    *,
    dry_run: bool,
    whole: bool,
) -> tuple[tuple[Published, ...], tuple[Problem, ...]]:
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
        registry_for = _registries(work, http, reading)
        published = await line.propose(
            reading,
            outcomes,
            settings.pull_requests,
            base,
            tree,
            branches,
            forge,
            whole=whole,
            owners=partial(_owners, there, tree, base[1]),
            words=_words(work, there, http, base[1], registry_for, told=not dry_run),
            now=datetime.now(UTC),
            presence=None if registry_for is None else Presence(work.lists, outcomes, registry_for),
        )
        if not whole or not settings.pull_requests.dashboard:
            return published, ()
        return published, await board.show(forge, outcomes, published)


def _registries(
    work: session.Session, http: Http, reading: Reading
) -> Callable[[str], Registry] | None:
    """Give the registries to ask while it is published; None where nobody is to be asked."""
    if work.options.offline or work.options.replay is not None:
        return None
    accounts = settle.accounts(work.loaded, reading.scan.uses)
    keep = Keep(work.cache)
    return catalog.registries(http, work.loaded.config, os.environ, None, keep, accounts)


def _words(
    work: session.Session,
    there: Target,
    http: Http,
    commit: str,
    registry_for: Callable[[str], Registry] | None,
    *,
    told: bool,
) -> Words:
    """Give what writes the text of a pull request; the makers are asked where somebody will read it."""
    template = work.loaded.config.pull_requests.template or ""
    if not told or registry_for is None:
        return Words(there.files(commit), template)
    notes = Releases(http, Keep(work.cache), registry_for, there.notes_api())
    return Words(there.files(commit), template, notes.of)


def _owners(there: Target, tree: Worktree, commit: str, path: str) -> tuple[str, ...]:
    """Give the owners of a path by the forge's own file, as it stands in the commit."""
    for place in codeowners.PLACES.get(there.kind, ()):
        content = tree.content(commit, place)
        if content is not None:
            return codeowners.rules(there.kind, content.decode(errors="replace"))(path)
    return ()


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
