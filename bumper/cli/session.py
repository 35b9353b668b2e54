"""What the verbs share: config, files, registries, forge, made from the flags and the environment."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import rich_click as click

from bumper import catalog, ledgers, run, sources, worktree
from bumper.cache import NoCache, open_cache
from bumper.cli import files, home, output, progress
from bumper.config import load, settle
from bumper.errors import UsageError, WorktreeError
from bumper.http import AT_ONCE, Http
from bumper.keep import Keep
from bumper.ledger import Ledger
from bumper.model import Requests
from bumper.registries import recorded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path

    from bumper.cache import Cache
    from bumper.cli.options import Options
    from bumper.cli.target import Target
    from bumper.config.read import Loaded
    from bumper.model import Outcome
    from bumper.reading import Files, Reading
    from bumper.registries.base import Registry

__all__ = ["Session"]

_TIMEOUT_SECONDS = 30.0


class Session:
    """One call of a verb: the folder, its config, and what was read in it.

    `options` are as at the top of the repository where its config counts, `below` is the folder there;
    `top` wants all of the repository, without a config too.
    """

    def __init__(self, options: Options, *, top: bool = False) -> None:
        if not options.root.is_dir():
            raise UsageError(f"{options.root}: no such folder", code="no-folder")
        self.options, below = home.at_top(options, always=top)
        self.below = "" if top else below
        self.loaded: Loaded = load.load(self.options.root, options.config)
        self.requests = Requests()
        self.lists: dict[str, Sequence[str]] = {}
        # What people asked for on the forge: to believe nothing that was kept, to wait for no `min-age`.
        self.anew, self.early = False, frozenset[str]()

    @cached_property
    def cache(self) -> Cache:
        """What is kept between runs; written when the verb is done."""
        if self.options.no_cache:
            return NoCache()
        cache = open_cache(os.environ, lambda text: output.note(text, self.options))
        context = click.get_current_context(silent=True)
        if context is not None:
            context.call_on_close(cache.close)
        return cache

    def files(self) -> Files:
        """Give the tracked files of the folder, or all of them where it is no Git repository."""
        root = self.options.root
        try:
            tree = worktree.Worktree(root)
        except WorktreeError as error:
            if error.code != "no-repository":
                raise
            output.note(f"{root} is no Git repository: every file is read", self.options, level=1)
            return sources.OnDisk(root)
        tracked = tree.tracked(root)
        tree.close()
        start = f"{self.below}/" if self.below else ""
        files = tuple(path for path in tracked.files if path.startswith(start))
        if not files:
            output.note(f"Git tracks no file in {root / self.below}", self.options)
        return sources.OnDisk(root, files, tracked.submodules)

    def read(self) -> Reading:
        """Discover what stands in the folder."""
        return self.meant(run.read(self.files(), self.loaded, self.options.only, self.cache))

    def meant(self, reading: Reading) -> Reading:
        """Give what was read, and say so where `--only` leaves nothing of it."""
        if self.options.only and not reading.scan.uses:
            globs = ", ".join(self.options.only)
            output.note(f"--only {globs}: no image and no path here matches", self.options)
        return reading

    def counts_ages(self, reading: Reading) -> bool:
        """Say whether a setting asks how old a tag is."""
        settings = (self.loaded.config.defaults, *self.loaded.config.rules)
        merges = any(one.automerge not in {None, "never"} for one in settings)
        return (
            merges
            or self.loaded.config.pull_requests.status
            or any(one.min_age for one in settings)
            or any(
                setting.key in {"min-age", "automerge"}
                for use in reading.scan.uses
                for setting in use.settings
            )
        )

    def look_up(self, reading: Reading, ledger: Ledger | None = None) -> tuple[Outcome, ...]:
        """Decide every use, proving each bump by a trial edit.

        Ages are counted by the ledger given, else by what this clone knows of it.
        """
        if ledger is None and self.counts_ages(reading):
            ledger = self._ledger()
        return asyncio.run(self.decided(reading, ledger))

    def _ledger(self) -> Ledger:
        try:
            tree = worktree.Worktree(self.options.root)
        except WorktreeError:
            return Ledger()
        try:
            return ledgers.known_here(tree, self.loaded.config.pull_requests.branch_prefix)
        finally:
            tree.close()

    async def decided(self, reading: Reading, ledger: Ledger | None) -> tuple[Outcome, ...]:
        """Ask the registries, or the record, and decide every use and prove it."""
        accounts = settle.accounts(self.loaded, reading.scan.uses)
        async with self.registries(accounts) as registry_for:
            now = datetime.now(UTC)
            lists, early = self.lists, self.early
            return await run.look_up(reading, self.loaded, registry_for, now, ledger, lists, early)

    @asynccontextmanager
    async def registries(
        self, accounts: Mapping[str, str] | None = None
    ) -> AsyncIterator[Callable[[str], Registry]]:
        """Give the registries; write the record at the end where one is wanted."""
        options = self.options
        if options.replay is not None:
            yield catalog.replayed(recorded.load(_text(options.replay), str(options.replay)))
            return
        config = self.loaded.config
        keep = Keep(self.cache)
        if options.offline:
            yield catalog.offline(keep, config, os.environ, accounts)
            self.requests = Requests(keep.hits, keep.hits)
            return
        answers: recorded.Answers | None = None if options.record is None else {}
        # A record must hold every answer, so nothing is taken from what was kept.
        kept = None if self.anew or options.no_cache or answers is not None else keep
        async with self.http() as http, progress.shown(http, options):
            within = self.options.max_age or 0
            yield catalog.registries(http, config, os.environ, answers, kept, accounts, within)
            total, cached = sum(http.counts.values()) + keep.hits, keep.hits + keep.held
            self.requests = Requests(total, cached, dict(http.counts))
        for warning in http.warnings:
            output.note(f"{warning} (a warning of the registry)", options)
        if options.record is not None and answers is not None:
            files.write_text(options.record, recorded.dump(answers))

    def http(self, there: Target | None = None) -> Http:
        """Give the network as the flags want it; `there` is the forge, where it is asked too."""
        jobs = self.options.jobs or AT_ONCE
        return Http(
            jobs=jobs,
            timeout_seconds=self.options.timeout or _TIMEOUT_SECONDS,
            trust=catalog.trust(self.loaded.config) | (there.trusts() if there else {}),
            manners=catalog.manners(self.loaded.config, jobs),
        )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read", code="no-record") from error
