"""The work of telling: the channels of the config, what they were told before, what became of it."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bumper import catalog, news, notify, remotes, worktree
from bumper.cli import grounds, output
from bumper.config.channels import names
from bumper.errors import BumperError, WorktreeError
from bumper.model import Report
from bumper.notifiers.base import Event
from bumper.notify import Channel, Told
from bumper.told import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bumper.cli.session import Session
    from bumper.http import Http

__all__ = ["channels", "tell", "test"]

_HINT = "let bumper push its own branches"


@dataclass(frozen=True, slots=True)
class _Site:
    """What telling needs: the repository and its forge, and what was told, on a branch."""

    ground: grounds.Ground
    memory: Memory
    before: Mapping[str, frozenset[str]]


def tell(work: Session, report: Report) -> None:
    """Tell the channels of the config; what goes wrong is said on stderr and nowhere else."""
    if not work.loaded.config.notify or work.options.offline:
        return
    try:
        with _site(work) as site:
            _told(work, site, report)
    except BumperError as error:
        output.error("notify", "notify", f"what was told is not known: {error.message}", _HINT)


def test(work: Session) -> tuple[Told, ...]:
    """Send a message to every channel, whatever it is told of otherwise; no value of a monitoring changes."""
    event = Event("opened", "this is a test: nothing was changed")

    async def send() -> tuple[Told, ...]:
        async with work.http() as http:
            made, broken = channels(work, http)
            message = replace(news.digest(Report(()), (event,), _place(work)), trial=True)
            results = [await notify.deliver(channel, message) for channel in made]
            return (*results, *broken)

    return asyncio.run(send())


@contextmanager
def _site(work: Session) -> Iterator[_Site]:
    config = work.loaded.config
    with grounds.opened(work) as ground:
        prefix = config.pull_requests.branch_prefix
        base, _ = ground.tree.head(config.forge.base, local=ground.is_local)
        memory = Memory(ground.tree, ground.place, prefix, base)
        yield _Site(ground, memory, memory.read())


def _told(work: Session, site: _Site, report: Report) -> None:
    results, report = asyncio.run(_tell(work, site, report))
    kept = {
        one.channel: before if one.error else news.standing(report, before)
        for one in results
        for before in (site.before.get(one.channel, frozenset()),)
    }
    for one in results:
        if one.error:
            output.error(f"notify {one.channel}", "notify", one.error, one.hint)
    site.memory.write(kept, datetime.now(UTC))


async def _tell(work: Session, site: _Site, report: Report) -> tuple[tuple[Told, ...], Report]:
    """Tell every channel; give what became of it, and the report with what had to be asked for."""
    async with work.http(site.ground.there) as http:
        made, broken = channels(work, http)
        known = frozenset[str]().union(*site.before.values())
        if news.gone(report, known):
            forge = site.ground.forge(http)
            found = await forge.pull_requests(site.memory.prefix)
            ours = tuple(one for one in found if one.own_head)
            report = replace(report, pull_requests=ours)
        told = await notify.notify(report, made, _place(work), site.before)
        return (*told, *broken), report


def channels(work: Session, http: Http) -> tuple[list[Channel], list[Told]]:
    """Make every channel; one that cannot be made is told as failed, the others go on."""
    made: list[Channel] = []
    broken: list[Told] = []
    entries = work.loaded.config.notify
    for index, (name, settings) in enumerate(zip(names(entries), entries, strict=True)):
        try:
            member = catalog.notifier(http, settings, os.environ, f"notify[{index}]")
        except BumperError as error:
            broken.append(Told(name, sent=False, error=error.message, hint=error.hint))
            continue
        made.append(Channel(name, member, settings.when, settings.template, settings.level))
    return made, broken


def _place(work: Session) -> str:
    """Give the repository's name on its forge, else its folder's."""
    slug = work.loaded.config.forge.slug or os.environ.get("GITHUB_REPOSITORY")
    if slug:
        return slug
    folder = work.options.root.resolve()
    try:
        tree = worktree.Worktree(folder)
    except WorktreeError:
        return folder.name
    remote = remotes.parse(tree.remote_url() or "")
    tree.close()
    return remote.slug if remote is not None else folder.name
