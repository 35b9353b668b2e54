"""The work of `doctor`: every check in order, one line each; a check that fails stops no other."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bumper.cli import (
    checkup_forge,
    checkup_here,
    checkup_notify,
    checkup_registries,
    checkup_wanted,
    locate,
    output,
    session,
)
from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.errors import BumperError, ConfigError
from bumper.harmless import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.cli.options import Options
    from bumper.cli.session import Session

__all__ = ["checkup", "told"]

_MARKS = {GOOD: "✓", LOOK: "!", BROKEN: "✗"}
_PLAIN_MARKS = {GOOD: "+", LOOK: "!", BROKEN: "x"}
_COLOURS = {GOOD: "32", LOOK: "33", BROKEN: "31"}


def checkup(options: Options) -> int:
    """Run every check and print it; give 1 if something is broken, else 0."""
    checks = list(_checks(options))
    if output.style(options) in {"json", "jsonl"}:
        document = {"schema_version": 1, "checks": [asdict(check) for check in checks]}
        text = json.dumps(document, indent=2) + "\n"
    else:
        text = told(checks, encoding=sys.stdout.encoding or "ascii")
    output.result(text, options)
    return 1 if any(check.state == BROKEN for check in checks) else 0


def told(checks: list[Check], encoding: str = "utf-8") -> str:
    """Give the lines: a mark, a word, what was looked at, what was seen; the fix stands below."""
    marks = _MARKS if encoding.lower().replace("-", "") == "utf8" else _PLAIN_MARKS
    width = max((len(check.name) for check in checks), default=0)
    lines = []
    for check in checks:
        word = f"{marks[check.state]} {check.state:<6}"
        coloured = f"\x1b[{_COLOURS[check.state]}m{word}\x1b[0m"
        lines.append(f"{coloured}  {check.name:<{width}}  {printable(check.told)}")
        if check.fix and check.state != GOOD:
            lines.append(f"{'':<8}  {'':<{width}}  fix: {printable(check.fix)}")
    return "".join(f"{line}\n" for line in lines)


def _checks(options: Options) -> Iterator[Check]:
    yield checkup_here.python()
    yield checkup_here.git()
    work, wrong = _opened(options)
    base = work.loaded.config.forge.base if work is not None else None
    yield from checkup_here.repository(options.root, base)
    if wrong is not None:
        yield wrong
    if work is None:
        return
    yield from checkup_here.config(work)
    yield checkup_here.cache_folder()
    yield from asyncio.run(_asked(work))


def _opened(options: Options) -> tuple[Session | None, Check | None]:
    """Read the config; what is wrong with it is a check."""
    try:
        return session.Session(options), None
    except ConfigError as error:
        told = Check("config", BROKEN, "; ".join(error.problems), "mend the lines named here")
    except BumperError as error:
        told = Check("config", BROKEN, error.message, error.hint or "see `bumper config lint`")
    return None, told


async def _asked(work: Session) -> list[Check]:
    """Give what the network says, each host asked once."""
    if work.options.offline:
        return [Check("network", LOOK, "not asked: --offline", "leave --offline away")]
    remote = checkup_here.remote(work.options.root)
    checks: list[Check] = []
    try:
        there = locate.find(work.loaded.config.forge, remote)
    except BumperError as error:
        there = None
        checks.append(Check("forge", BROKEN, error.message, error.hint))
    try:
        uses = work.read().scan.uses
    except BumperError:  # the check of the files has said so
        uses = ()
    moment, wanted = datetime.now(UTC), checkup_wanted.wanted(work.loaded, uses)
    async with work.http(there) as http:
        if there is not None:
            checks += await checkup_forge.forge(http, there, os.environ, moment, wanted)
        if uses:
            checks += await checkup_registries.registries(http, work)
        checks += checkup_notify.channels(work, http)
    return checks
