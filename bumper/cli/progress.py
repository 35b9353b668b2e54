"""How far a look-up is, on one line of a terminal's stderr; nowhere else, and gone when it is done."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bumper.cli.options import Options
    from bumper.http import Http

__all__ = ["line", "shown"]

_FIRST_SECONDS = 1.5  # what is done sooner needs no word
_EVERY_SECONDS = 0.25
_MOST_HOSTS = 4


@asynccontextmanager
async def shown(http: Http, options: Options) -> AsyncIterator[None]:
    """Show what is asked while the block runs, where somebody sits at a terminal."""
    if options.quiet or options.verbose or not sys.stderr.isatty():
        yield
        return
    task = asyncio.create_task(_show(http))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _show(http: Http) -> None:
    await asyncio.sleep(_FIRST_SECONDS)
    try:
        while True:
            sys.stderr.write(f"\r\x1b[2K{line(http.counts)}")
            sys.stderr.flush()
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def line(counts: Mapping[str, int], width: int = 79) -> str:
    """Say how many requests went where: `120 requests: docker.io 88, ghcr.io 32`."""
    busiest = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_HOSTS]
    hosts = ", ".join(f"{host} {number}" for host, number in busiest)
    more = ", …" if len(counts) > _MOST_HOSTS else ""
    return f"{sum(counts.values())} requests: {hosts}{more}"[:width]
