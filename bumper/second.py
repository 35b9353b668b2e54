"""A second process that reads texts while this one does, where there are many and a second core.

A process costs 0.4 s and 55 MB, so the first thousand texts are read without one. Nothing depends on
it: where it cannot be started or ends too soon, its texts are read here.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from typing import TYPE_CHECKING

from bumper import catalog, findings
from bumper.errors import TextError
from bumper.finder import Finder, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from bumper.config.model import Config
    from bumper.model import Scan

    _Text = tuple[str, bytes | None]

__all__ = ["Fresh", "Second"]

_NOT_BEFORE = 1_000


class Fresh:
    """Texts that are being read, here or by the second process."""

    def __init__(self, second: Second, texts: Sequence[_Text], found: list[Scan] | None) -> None:
        self._second = second
        self.texts = texts
        self.found = found

    def is_done(self) -> bool:
        """Say whether `take` need not wait."""
        return self.found is not None or self._second.has_answered()

    def take(self) -> Iterable[tuple[str, Scan]]:
        """Give path and findings of each text."""
        if self.found is None:
            self._second.answer()
        return zip((path for path, _ in self.texts), self.found or (), strict=True)


class Second:
    """The second process; it has one batch at a time.

    Args:
        finder: How texts are read here.
        config: What the second process makes its own finder from.
    """

    def __init__(self, finder: Finder, config: Config) -> None:
        self._finder = finder
        self._config = config
        self._count = 0
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._asked: Fresh | None = None
        self._useful = _cores() > 1

    def is_free(self) -> bool:
        """Say whether the next batch goes to the second process; it is started where it pays."""
        if self._asked is not None and self.has_answered():
            self.answer()
        if self._line is None and self._useful and self._count >= _NOT_BEFORE:
            self._start()
        return self._line is not None and self._asked is None

    def read(self, texts: Sequence[_Text]) -> Fresh:
        """Read texts: there, if it is free and there are any, else here and now."""
        self._count += len(texts)
        if texts and self.is_free() and self._line is not None:
            fresh = Fresh(self, texts, None)
            known = self._finder.neighbours
            near = {path: known[path] for path, _ in texts if path in known}
            try:
                self._line.send((near, list(texts)))
            except (OSError, ValueError):
                self.close()
            else:
                self._asked = fresh
                return fresh
        return Fresh(self, texts, self._here(texts))

    def has_answered(self) -> bool:
        """Say whether what was asked of it is there, or never will be."""
        try:
            return self._line is None or self._line.poll()
        except OSError:
            return True

    def answer(self) -> None:
        """Wait for what was asked of it, and put it where it is expected."""
        fresh, self._asked = self._asked, None
        if fresh is None:
            return
        try:
            answered: list[bytes] = self._line.recv() if self._line is not None else []
            pairs = zip(fresh.texts, answered, strict=True)
            fresh.found = [findings.load(path, found) for (path, _), found in pairs]
        except (EOFError, OSError, ValueError, TextError):
            self.close()
            fresh.found = self._here(fresh.texts)

    def close(self) -> None:
        """Let the second process end; it is not started again."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.join(1.0)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        self._line = self._process = None
        self._useful = False

    def _here(self, texts: Sequence[_Text]) -> list[Scan]:
        return [search(path, content, self._finder) for path, content in texts]

    def _start(self) -> None:
        # Spawned, not forked: a fork has the locks of threads that it has not.
        context = get_context("spawn")
        here, there = context.Pipe()
        work = (there, self._config, self._finder.unread)
        process = context.Process(target=_work, args=work, daemon=True)
        try:
            process.start()
        except (OSError, ValueError, RuntimeError):
            here.close()
            self._useful = False
        else:
            self._line, self._process = here, process
        finally:
            there.close()


def _work(line: Connection, config: Config, unread: tuple[str, ...]) -> None:
    """Read what comes along the line until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pointers = catalog.pointers(config)
    while True:
        try:
            near, texts = line.recv()
            finder = Finder(pointers, near, unread)
            line.send([findings.dump(search(path, content, finder)) for path, content in texts])
        except (EOFError, OSError):
            return


def _cores() -> int:
    """Give how many cores we may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
