"""How much is pulled: the layers of what stands in a file and of what a bump brings, compressed.

Asked for where a pull request is written, not where it is planned: a plan has a thousand bumps, a run
writes ten. What the registry told anyway (Docker Hub's API, the manifest of a single image) costs nothing;
else the image of one platform is described on each side, once, as it is kept by its digest. Never fails,
never waits long.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import platforms
from bumper.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bumper.model import Bump, Manifest
    from bumper.registries.base import Registry

__all__ = ["Sizes"]

_SECONDS = 10.0
# What late answers may cost a whole run.
_SECONDS_OF_A_RUN = 20.0
_COMMON = "linux/amd64"


class Sizes:
    """The sizes of one run's images.

    Args:
        registry_for: Gives the registry of a host.
        seconds: How long those of one pull request may take.
    """

    def __init__(self, registry_for: Callable[[str], Registry], seconds: float = _SECONDS) -> None:
        self._registry_for = registry_for
        self._patience = Patience(seconds, _SECONDS_OF_A_RUN)

    async def of(self, bumps: Sequence[Bump]) -> tuple[Bump, ...]:
        """Give the bumps with their sizes, in their order; what cannot be had in time is not there."""
        kinds = {_kind(one): one for one in bumps}
        found = await self._patience.told({kind: self._of_one(one) for kind, one in kinds.items()})
        return tuple(replace(one, sizes=found.get(_kind(one), (0, 0))) for one in bumps)

    async def _of_one(self, bump: Bump) -> tuple[int, int]:
        try:
            return await self._looked_up(bump)
        except Exception:  # noqa: BLE001 - a stranger's answer must cost the size alone
            return 0, 0

    async def _looked_up(self, bump: Bump) -> tuple[int, int]:
        reference = bump.use.reference
        registry = self._registry_for(reference.registry)
        repository, tag = reference.repository, reference.tag or "latest"
        new = bump.manifest
        if new is None:
            new = await registry.manifest(repository, bump.new_digest or bump.new_tag or tag)
        old = bump.before
        if old is None:
            old = await registry.manifest(repository, reference.digest or tag)
        used = (*bump.policy.platforms, *bump.use.platforms)
        platform = _chosen(used, old, new)
        if platform is None:
            return 0, 0
        before, after = await asyncio.gather(
            *(_size(registry, repository, one, platform) for one in (old, new))
        )
        return before, after


def _kind(bump: Bump) -> tuple[str, str]:
    """Give what bumps have in common that are one question."""
    return str(bump.use.reference), bump.target


def _chosen(used: Sequence[str], old: Manifest, new: Manifest) -> str | None:
    """Give the first platform in use that both have, else the most common one."""
    single = () if old.is_index else old.platforms
    for platform in (*used, *single, _COMMON, *new.platforms):
        if all(platforms.alike(platform, one.platforms) is not None for one in (old, new)):
            return platform
    return None


async def _size(registry: Registry, repository: str, whole: Manifest, platform: str) -> int:
    """Give the size of the image for a platform."""
    name = platforms.alike(platform, whole.sizes)
    if name is not None:
        return whole.sizes[name]
    digest = whole.contents.get(platforms.alike(platform, whole.contents) or "")
    if digest is None or digest == whole.digest:
        return 0
    one = await registry.manifest(repository, digest)
    return next(iter(one.sizes.values()), 0)
