"""Ask the registries for the tags of every repository, each once, all hosts at the same time.

An answer that may not be whole becomes `Incomplete` with its reason: it must decide nothing.
What the tags mean is `decide`'s business.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bumper.errors import BumperError
from bumper.model import Incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bumper.model import Listing
    from bumper.reference import Reference
    from bumper.registries.base import Registry

__all__ = ["listing", "resolve"]


async def resolve(
    references: Iterable[Reference], registry_for: Callable[[str], Registry]
) -> dict[str, Listing]:
    """Give the tag list of each image, by its normalised name; one look-up per repository."""
    wanted = {reference.image: reference for reference in references}
    found = await asyncio.gather(*(listing(one, registry_for) for one in wanted.values()))
    return dict(zip(wanted, found, strict=True))


async def listing(reference: Reference, registry_for: Callable[[str], Registry]) -> Listing:
    """Give the tag list of one image."""
    try:
        return await registry_for(reference.registry).tags(reference.repository)
    except BumperError as error:
        return Incomplete(error.code, error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - a stranger's answer must cost one image, not the run
        reason = f"{reference.image}: an answer that cannot be read ({type(error).__name__})"
        return Incomplete("odd-answer", reason)
