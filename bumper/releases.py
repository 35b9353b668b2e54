"""Ask the makers of images what they say of their releases. Never fails, never waits long.

Which repository that is, a setting says (`source`), else what is known of much-used images, else the
image's own labels. Asked are only forges whose API is known: GitHub, Gitea, Forgejo and GitLab; any other
source is only linked. What was told is kept, and asked for again on condition.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import platforms, provenance, release_places
from bumper.errors import BumperError
from bumper.notes import Notes, between, compared
from bumper.patience import Patience
from bumper.reference import parse_name
from bumper.release_lists import Lists
from bumper.release_places import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bumper.http import Http
    from bumper.keep import Keep
    from bumper.model import Bump, Manifest
    from bumper.provenance import Claim
    from bumper.reference import Reference
    from bumper.registries.base import Registry

__all__ = ["Releases"]

_SECONDS = 10.0
# What late answers may cost a whole run.
_SECONDS_OF_A_RUN = 30.0
_LATE = Notes(why="no release notes: their forge did not answer in time")
_COMMON = ("linux/amd64", "linux/arm64")


class Releases:
    """What the makers say, for the length of one run.

    Args:
        http: The network.
        keep: What was told before.
        registry_for: Gives the registry of a host, for labels.
        api: The forge of this run.
        seconds: How long all notes of one pull request may take.
    """

    def __init__(
        self,
        http: Http,
        keep: Keep,
        registry_for: Callable[[str], Registry],
        api: Api | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._lists = Lists(http, keep)
        self._registry_for = registry_for
        self._api = api or Api()
        self._patience = Patience(seconds, _SECONDS_OF_A_RUN)

    async def of(self, bumps: Sequence[Bump]) -> Mapping[str, Notes]:
        """Give the notes by image; what cannot be had in time is not there."""
        by_image = {bump.use.reference.image: bump for bump in bumps}
        asked = {image: self._of_one(bump) for image, bump in by_image.items()}
        found = await self._patience.told(asked)
        return {image: found.get(image, _LATE) for image in by_image}

    async def _of_one(self, bump: Bump) -> Notes:
        page = bump.policy.setting("release-notes")
        notes = Notes()
        try:
            notes = await self._looked_up(bump)
        except BumperError as error:
            notes = Notes(why=f"no release notes: {error.message}")
        except Exception as error:  # noqa: BLE001 - a stranger's answer must cost the notes alone
            notes = Notes(why=f"no release notes: an odd answer ({type(error).__name__})")
        return replace(notes, page=page.value) if page is not None else notes

    async def _looked_up(self, bump: Bump) -> Notes:
        reference = bump.use.reference
        told = bump.policy.setting("source")
        source = provenance.repository(told.value) if told is not None else ""
        source = source or provenance.known(reference.image)
        commits = ("", "")
        if not source:
            claim, before = await self._claims(bump)
            source, commits = claim.source, (before.revision, claim.revision)
            if not source:
                return Notes(why=f"no release notes: {claim.why}" if claim.why else "")
        old, new = reference.tag or "", bump.new_tag or reference.tag or ""
        place = release_places.find(source, reference.registry, self._api, told=told is not None)
        source = place.web if place is not None and place.web else source
        pages = place.pages(source) if place is not None else source
        compare = f"{pages}/compare/{'...'.join(commits)}" if all(commits) and commits[0] != commits[1] else ""  # fmt: skip
        if place is None or old == new:
            return Notes(source, compare=compare)
        try:
            releases = await self._lists.listed(place, old)
        except BumperError as error:
            return Notes(source, compare=compare, why=f"no release notes: {error.message}")
        found = between(releases, old, new)
        return Notes(source, found, compared(pages, releases, found, old, new) or compare)

    async def _claims(self, bump: Bump) -> tuple[Claim, Claim]:
        """Give what the new and the old image say of their source, as far as it is their own."""
        reference, used = bump.use.reference, (*bump.policy.platforms, *bump.use.platforms)
        new_labels, old_labels = await asyncio.gather(
            self._labels(reference, bump.manifest, bump.new_digest or bump.new_tag, used),
            self._labels(reference, bump.before, reference.digest or reference.tag, used),
        )
        base_labels = await self._base(reference, new_labels)
        old, new = reference.tag or "", bump.new_tag or reference.tag or ""
        name = reference.repository
        claim = provenance.claim(name, (old, new), new_labels, old_labels, base_labels)
        before = provenance.claim(name, (old, old), old_labels, {}, base_labels)
        return claim, before if before.source == claim.source else provenance.Claim()

    async def _labels(
        self,
        reference: Reference,
        manifest: Manifest | None,
        name: str | None,
        used: tuple[str, ...] = (),
    ) -> dict[str, str]:
        """Give the labels of an image: an index's own, and those of the image for a platform in use.

        Where nothing says which platform is, the most common one is asked for.
        """
        registry = self._registry_for(reference.registry)
        try:
            if manifest is None:
                if name is None:
                    return {}
                manifest = await registry.manifest(reference.repository, name)
            labels = dict(manifest.labels)
            wanted = (*used, *_COMMON, *manifest.contents)
            inner = next(iter(platforms.contents(wanted, manifest.contents).values()), None)
            if inner is not None and inner != manifest.digest:
                one = await registry.manifest(reference.repository, inner)
                labels = {**one.labels, **labels}
        except BumperError:
            return {}
        return labels

    async def _base(self, reference: Reference, labels: Mapping[str, str]) -> dict[str, str]:
        """Give the labels of the image that one says it is built on; no other registry is asked for it."""
        told = labels.get(provenance.BASE, "").partition("@")[0]
        name, _, tag = (
            told.rpartition(":") if ":" in told.rpartition("/")[2] else (told, "", "latest")
        )
        try:
            base = parse_name(name)
        except BumperError:
            return {}
        if base.registry not in {reference.registry, "docker.io"} or base.image == reference.image:
            return {}
        return await self._labels(base, None, tag)
