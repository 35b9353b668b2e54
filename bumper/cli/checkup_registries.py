"""What `doctor` asks the registries in use: one question each, by an image that stands in the files."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from typing import TYPE_CHECKING

from bumper import catalog
from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.config import settle
from bumper.errors import BumperError, NotFoundError, RateLimitedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.cli.session import Session
    from bumper.http import Http
    from bumper.model import ImageUse
    from bumper.registries.base import Registry

__all__ = ["registries"]

_FEW_PULLS = 20


async def registries(http: Http, work: Session) -> list[Check]:
    """Give a check for every registry, the most used first; all are asked at once."""
    uses = work.read().scan.uses
    counts = Counter(use.reference.registry for use in uses)
    accounts = settle.accounts(work.loaded, uses)
    try:
        registry_for = catalog.registries(
            http, work.loaded.config, os.environ, None, None, accounts
        )
    except BumperError as error:
        # A secret that the config names and the environment lacks: nobody can be asked.
        return [Check("registries", BROKEN, error.message, error.hint or "set it, and run again")]
    asked = [_one(registry_for, _first(uses, host), count) for host, count in counts.most_common()]
    return list(await asyncio.gather(*asked))


def _first(uses: tuple[ImageUse, ...], host: str) -> ImageUse:
    """Give a use with a tag, which is what can be asked for."""
    there = [use for use in uses if use.reference.registry == host]
    return next((use for use in there if use.reference.tag), there[0])


async def _one(registry_for: Callable[[str], Registry], use: ImageUse, count: int) -> Check:
    reference = use.reference
    images = f"{count} image{'' if count == 1 else 's'}"
    name = f"registry {reference.registry}"
    try:
        registry = registry_for(reference.registry)
        await registry.digest(reference.repository, reference.tag or "latest")
    except NotFoundError:
        told = f"{images}; {reference.short}:{reference.tag or 'latest'} is not there, or hidden"
        return Check(
            name, LOOK, told, "check the spelling, or name credentials under `registries:`"
        )
    except RateLimitedError as error:
        return Check(name, LOOK, f"{images}; {error.message}", error.hint)
    except BumperError as error:
        fix = error.hint or f"see `registries.{reference.registry}` in the config"
        return Check(name, BROKEN, f"{images}; {error.message}", fix)
    left = getattr(registry, "pulls_left", None)
    if left is None:
        return Check(name, GOOD, f"{images}; answers")
    state = GOOD if left >= _FEW_PULLS else LOOK
    return Check(
        name, state, f"{images}; answers, {left} pulls are left", "log in to raise the limit"
    )
