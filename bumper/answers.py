"""What the registries answered about one image in this run: equal questions share one answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.model import Manifest, Ranking
    from bumper.registries.base import Registry

__all__ = ["Answers", "Lately"]


class Answers:
    """What was asked in this run, so that equal questions share one answer."""

    def __init__(self, registry_for: Callable[[str], Registry]) -> None:
        self._registry_for = registry_for
        self._manifests: dict[tuple[str, str], asyncio.Future[Manifest]] = {}
        self._lately: dict[tuple[str, str], Manifest | None] = {}
        self._digests: dict[tuple[str, str], asyncio.Future[str]] = {}

    async def manifest(self, ranking: Ranking, reference: str) -> Manifest:
        """Describe a tag or digest of the ranking's repository."""
        image = ranking.use.reference
        key = (image.image, reference)
        if key not in self._manifests:
            registry = self._registry_for(image.registry)
            asked = registry.manifest(image.repository, reference)
            self._manifests[key] = asyncio.ensure_future(asked)
        return await self._manifests[key]

    async def described(self, ranking: Ranking, reference: str) -> Manifest:
        """Describe a tag or digest as it is now or was lately."""
        image = ranking.use.reference
        key = (image.image, reference)
        if ":" in reference or key in self._manifests:
            return await self.manifest(ranking, reference)
        if key not in self._lately:
            self._lately[key] = self._registry_for(image.registry).lately(
                image.repository, reference
            )
        return self._lately[key] or await self.manifest(ranking, reference)

    def lately(self) -> Lately:
        """Give the same answers, and those of the last day where they will do."""
        return Lately(self)

    def seen(self, ranking: Ranking) -> Manifest | None:
        """Give what the file names now, if it was described already; nothing is asked for it."""
        image = ranking.use.reference
        for name in (image.digest, image.tag):
            if name is None:
                continue
            asked = self._manifests.get((image.image, name))
            if asked is not None and asked.done() and asked.exception() is None:
                return asked.result()
            if lately := self._lately.get((image.image, name)):
                return lately
        return None

    async def digest(self, ranking: Ranking, reference: str) -> str:
        """Give the digest of a tag of the ranking's repository."""
        image = ranking.use.reference
        key = (image.image, reference)
        if key in self._manifests:
            return (await self._manifests[key]).digest
        if key not in self._digests:
            registry = self._registry_for(image.registry)
            self._digests[key] = asyncio.ensure_future(registry.digest(image.repository, reference))
        return await self._digests[key]


class Lately:
    """The same answers, and those of the last day where they will do."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def manifest(self, ranking: Ranking, reference: str) -> Manifest:
        """Describe a tag or digest as it is now or was lately."""
        return await self._answers.described(ranking, reference)

    async def digest(self, ranking: Ranking, reference: str) -> str:
        """Give the digest of a tag as it is now."""
        return await self._answers.digest(ranking, reference)
