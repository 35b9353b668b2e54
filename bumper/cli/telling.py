"""The work of telling: the channels of the config, what they were told before, what became of it."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING

from bumper import catalog, notify, remotes, worktree
from bumper.cli import output
from bumper.errors import BumperError, WorktreeError
from bumper.model import Report
from bumper.notifiers.base import Event
from bumper.notify import Channel, Told

if TYPE_CHECKING:
    from bumper.cli.session import Session
    from bumper.http import Http

__all__ = ["tell", "test"]

_NAMESPACE = "told"


def tell(work: Session, report: Report) -> None:
    """Tell the channels of the config; what goes wrong is said on stderr and nowhere else."""
    if not work.loaded.config.notify or work.options.offline:
        return
    place = _place(work)
    before = _before(work, place)
    standing = sorted(notify.standing(report))
    told = asyncio.run(_tell(work, report, place, before))
    kept = {
        one.channel: sorted(before.get(one.channel, ())) if one.error else standing for one in told
    }
    work.cache.put(_NAMESPACE, place, json.dumps(kept).encode())
    for one in told:
        if one.error:
            output.error(f"notify {one.channel}", "notify", one.error, one.hint)


def test(work: Session) -> tuple[Told, ...]:
    """Send a message to every channel, whatever it is told of otherwise."""
    event = Event("opened", "this is a test: nothing was changed")
    return asyncio.run(_tell(work, Report(()), _place(work), {}, event))


async def _tell(
    work: Session,
    report: Report,
    place: str,
    before: dict[str, frozenset[str]],
    test_event: Event | None = None,
) -> tuple[Told, ...]:
    async with work.http() as http:
        channels, broken = _channels(work, http)
        if test_event is None:
            return (*await notify.notify(report, channels, place, before), *broken)
        message = notify.digest(report, (test_event,), place)
        results = [await notify.deliver(channel, message) for channel in channels]
        return (*results, *broken)


def _channels(work: Session, http: Http) -> tuple[list[Channel], list[Told]]:
    """Make every channel; one that cannot be made is told as failed, the others go on."""
    channels: list[Channel] = []
    broken: list[Told] = []
    taken: set[str] = set()
    for index, settings in enumerate(work.loaded.config.notify):
        name = settings.name or settings.kind
        name = name if name not in taken else f"{name}-{index + 1}"
        taken.add(name)
        try:
            member = catalog.notifier(http, settings, os.environ, f"notify[{index}]")
        except BumperError as error:
            broken.append(Told(name, sent=False, error=error.message, hint=error.hint))
            continue
        channels.append(Channel(name, member, settings.when, settings.template))
    return channels, broken


def _before(work: Session, place: str) -> dict[str, frozenset[str]]:
    try:
        kept = json.loads(work.cache.get(_NAMESPACE, place) or b"{}")
        return {str(name): frozenset(map(str, keys)) for name, keys in kept.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


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
