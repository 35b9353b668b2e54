"""The work of `run`: read the base commit, look up, publish."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bumper import branches as where
from bumper import catalog, ci, ledgers, sources
from bumper import run as line
from bumper.cli import committing, grounds, output, results, session, telling, trigger, wording
from bumper.errors import WorktreeError
from bumper.model import Operation, Problem, Report
from bumper.presence import Presence
from bumper.publish import look
from bumper.publishing.board import Board

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.cli.grounds import Ground
    from bumper.cli.options import Options
    from bumper.forges.base import Forge
    from bumper.http import Http
    from bumper.model import Outcome, Published
    from bumper.publishing.ours import Branches
    from bumper.publishing.standing import Standing
    from bumper.pushes import Pushed
    from bumper.run import Reading

__all__ = ["publish", "run"]


def run(options: Options, *, dry_run: bool, event: Path | None = None) -> Report:
    """Do a whole run, or one for an event, print it and tell it."""
    work = session.Session(options)
    pushed = trigger.pushed(event, os.environ)
    report = publish(work, dry_run=dry_run, pushed=pushed)
    results.show("plan", report, options)
    results.tell(report.problems, report.outcomes)
    if dry_run:
        output.note("a dry run: nothing was written, nobody was told", options)
    else:
        telling.tell(work, report)
    return report


def publish(
    work: session.Session, *, dry_run: bool, pushed: tuple[Pushed, ...] | None = None
) -> Report:
    """Do a whole run, or one for the images that were pushed."""
    with grounds.opened(work) as ground:
        return _published(work, ground, dry_run=dry_run, pushed=pushed)


@dataclass(frozen=True, slots=True)
class _Site:
    """One run against one forge: what is read from it, and where it is written."""

    work: session.Session
    ground: Ground
    base: tuple[str, str]
    dry_run: bool
    whole: bool

    @property
    def branches(self) -> Branches:
        """Where branches are written; nowhere if nothing shall be."""
        if self.dry_run:
            return where.Untouched(self.ground.place)
        settings = self.work.loaded.config.commit
        return committing.branches(self.ground.there, self.ground.place, settings)

    def forge(self, http: Http) -> Forge:
        """Give the forge; one that is only looked at if nothing shall be written."""
        found = self.ground.forge(http)
        return catalog.FORGES["dry-run"](found) if self.dry_run else found


def _published(
    work: session.Session,
    ground: Ground,
    *,
    dry_run: bool,
    pushed: tuple[Pushed, ...] | None,
) -> Report:
    settings, there = work.loaded.config, ground.there
    whole = not work.options.only and pushed is None
    base = ground.tree.head(settings.forge.base, local=ground.is_local)
    committing.refuse_own(base[0], ground.place.prefix)
    files = sources.Committed(ground.tree, base[1])
    reading = work.meant(line.read(files, work.loaded, work.options.only, work.cache))
    if pushed is not None:
        reading = trigger.narrowed(reading, pushed)
    site = _Site(work, ground, base, dry_run, whole)
    page = Board() if whole and settings.pull_requests.dashboard else None
    standing = asyncio.run(_looked(site, page))
    outcomes, problems = _looked_up(site, reading)
    published = asyncio.run(_propose(site, reading, outcomes, standing, page))
    for note in page.notes if page is not None else ():
        output.note(note, work.options)
    told = ci.told_of_the_jobs(there.kind, there.token, os.environ)
    if told and any(done.operation is Operation.CREATED for done in published):
        output.note(told, work.options)
    found = (*reading.scan.problems, *problems, *(page.problems if page is not None else ()))
    return Report(outcomes, found, published, work.requests, whole=whole, dry=dry_run)


async def _looked(site: _Site, page: Board | None) -> Standing:
    """Read what stands on the forge and what people asked for there, before anything is looked up."""
    work, prefix = site.work, site.ground.place.prefix
    async with work.http(site.ground.there) as http:
        forge = site.forge(http)
        if page is not None:
            await page.hear(forge)
        found = await look(prefix, site.branches, forge)
    asked = page.early if page is not None else frozenset()
    work.early = asked | found.early
    work.anew = page is not None and bool(page.wanted("recheck"))
    return found


def _looked_up(site: _Site, reading: Reading) -> tuple[tuple[Outcome, ...], tuple[Problem, ...]]:
    """Decide every use; where an age counts, by the ledger, which is written before anything else."""
    work = site.work
    if not work.counts_ages(reading):
        return work.look_up(reading), ()
    place = site.ground.place
    shared = ledgers.Shared(site.ground.tree, place, place.prefix)
    ledger, tip = shared.read()
    outcomes = work.look_up(reading, ledger)
    try:
        if not site.dry_run:
            shared.write(ledger, tip, datetime.now(UTC))
    except WorktreeError as error:
        reason = f"the ages seen in this run are lost: {error.message}"
        return outcomes, (
            Problem(shared.branch, None, "ledger", reason, "let bumper push this branch"),
        )
    return outcomes, ()


async def _propose(
    site: _Site,
    reading: Reading,
    outcomes: tuple[Outcome, ...],
    standing: Standing,
    page: Board | None,
) -> tuple[Published, ...]:
    work, there, tree, commit = site.work, site.ground.there, site.ground.tree, site.base[1]
    async with work.http(there) as http:
        forge = site.forge(http)
        registry_for = wording.registries(work, http, reading)
        published = await line.propose(
            reading,
            outcomes,
            work.loaded.config.pull_requests,
            site.base,
            tree,
            site.branches,
            forge,
            standing,
            whole=site.whole,
            owners=partial(wording.owners, there, tree, commit),
            words=wording.words(work, there, http, commit, registry_for, told=not site.dry_run),
            now=datetime.now(UTC),
            presence=None if registry_for is None else Presence(work.lists, outcomes, registry_for),
            asked=page,
        )
        if page is not None:
            await page.show(forge, outcomes, published)
        return published
