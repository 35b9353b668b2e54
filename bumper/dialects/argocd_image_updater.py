"""Argo CD Image Updater: its annotations on Applications, and its ImageUpdater objects. Pure.

`image-list` of an Application names images; they are looked for in the Application itself and below
its `source.path`, in the same repository. Source: argocd-image-updater.readthedocs.io, "Configuring images", "Update
methods".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.asides.marks import Mark
from bumper.asides.settings import unknown
from bumper.dialects.argocd_objects import PREFIX, applications
from bumper.dialects.argocd_rows import OF_IMAGE, OF_WRITING, ROWS
from bumper.dialects.base import add, go_range, read_rows
from bumper.errors import InvalidReferenceError
from bumper.model import Problem, Setting
from bumper.reference import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.dialects.argocd_objects import Application
    from bumper.dialects.base import Said
    from bumper.model import ImageUse

__all__ = ["MORE", "NAME", "ROWS", "WORDS", "join"]

NAME = "argocd-image-updater"
WORDS = (PREFIX,)
# Applications without a word of it, which an ImageUpdater may name.
MORE = ("argoproj.io/v1alpha1",)
_ENTRY = re.compile(
    r"(?:(?P<alias>[^=/:\s]+(?:/[^=/:\s]+)*)=)?(?P<image>[^=\s]+?)(?::(?P<range>[^/]+))?"
)


def join(
    told: Dictionary[str, str],
    texts: Dictionary[str, str],  # noqa: ARG001 - the Protocol's
    uses: tuple[ImageUse, ...],
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give all uses with what the Applications that mean them say."""
    said: dict[ImageUse, list[Setting]] = {}
    problems: dict[Problem, None] = {}
    for application in applications(told):
        for one in _Reader(application).found():
            if isinstance(one, Problem):
                problems[one] = None
                continue
            image, settings = one
            for use in uses:
                if use.reference.image == image and application.means(use):
                    said.setdefault(use, []).extend(settings)
    return tuple(add(use, said.get(use, ())) for use in uses), tuple(problems)


class _Reader:
    """What is said of the images of one Application."""

    def __init__(self, application: Application) -> None:
        self.path = application.path
        self.annotations = application.annotations
        self.repositories = {_plain(url) for url in application.repositories}

    def found(self) -> Iterator[Problem | tuple[str, list[Setting]]]:
        """Yield each image of `image-list` with its settings, and what cannot be read."""
        listed = self.annotations.get("image-list")
        if listed is None:
            return
        writing = [mark for key, mark in self.annotations.items() if key == "write-back-method"]
        yield from (
            one
            for one in read_rows(self._named(writing), "", OF_WRITING)
            if isinstance(one, Problem)
        )
        aliases: list[str] = []
        for written in filter(None, (part.strip() for part in listed.value.split(","))):
            entry = _ENTRY.fullmatch(written)
            try:
                if entry is None:
                    raise ValueError(f"{written!r} is no [ALIAS=]IMAGE[:RANGE]")  # noqa: TRY301 - as a bad name
                image = parse_name(entry["image"]).image
                alias = (entry["alias"] or entry["image"]).replace("/", "_")
                aliases.append(alias)
                settings, faults = self._settings(alias, entry["range"], listed)
            except (ValueError, InvalidReferenceError) as error:
                yield Problem(listed.path, listed.line, "bad-setting", f"{listed.key}: {error}")
                continue
            yield from faults
            yield image, settings
        yield from self._unknown(aliases)

    @staticmethod
    def _named(marks: Iterable[Mark]) -> list[Mark]:
        return [replace(mark, key=mark.key.removeprefix(PREFIX)) for mark in marks]

    def _settings(
        self, alias: str, span: str | None, listed: Mark
    ) -> tuple[list[Setting], list[Problem]]:
        known: list[Said] = []
        for prefix in (f"{alias}.", ""):
            rows = {row.key: row for row in OF_IMAGE}
            mine = [
                Mark(key.removeprefix(prefix), mark.value, mark.path, mark.line, f"{mark.kind} {mark.key}")
                for key, mark in self.annotations.items()
                if key.startswith(prefix) and key.removeprefix(prefix) in rows
            ]  # fmt: skip
            known += read_rows(mine, "", OF_IMAGE)
        settings = [said for said in known if isinstance(said, Setting)]
        faults = [said for said in known if isinstance(said, Problem)]
        settings += [
            Setting("fault", fault.reason, f"{fault.path}:{fault.line}") for fault in faults
        ]
        strategy = next((one.value for one in settings if one.key == "strategy"), "semver")
        if strategy == "semver" and span is not None:
            settings += [Setting(key, value, listed.source) for key, value in go_range(span)]
        settings += self._writer()
        return [one for one in settings if one.key != "strategy"], faults

    def _writer(self) -> list[Setting]:
        """Give the refusal where the Image Updater writes the same lines of the same branch."""
        method, target = (
            self.annotations.get("write-back-method"),
            self.annotations.get("write-back-target"),
        )
        branch, repository = (
            self.annotations.get("git-branch"),
            self.annotations.get("git-repository"),
        )
        elsewhere = repository is not None and _plain(repository.value) not in self.repositories
        if method is None or not method.value.startswith("git") or target is None or elsewhere:
            return []
        if not target.value.startswith(("kustomization", "helmvalues")) or (
            branch is not None and ":" in branch.value
        ):
            return []
        reason = "Argo CD Image Updater writes this line on the same branch: remove its write-back"
        return [Setting("refuse", f"{reason} ({method.path}:{method.line})", method.source)]

    def _unknown(self, aliases: list[str]) -> Iterator[Problem]:
        """Yield every annotation that is none of the Image Updater's, or of an alias not listed."""
        own = [row.key for row in (*OF_IMAGE, *OF_WRITING) if "*" not in row.key]
        below = [row.key for row in OF_IMAGE]
        below += ["helm.image-name", "helm.image-tag", "helm.image-spec", "kustomize.image-name"]
        known = {*own, *(f"{alias}.{key}" for alias in aliases for key in below)}
        for key, mark in self.annotations.items():
            if key not in known:
                reason = unknown("setting", mark.key, [f"{PREFIX}{one}" for one in known])
                yield Problem(mark.path, mark.line, "unknown-setting", reason)


def _plain(url: str) -> str:
    return url.removesuffix("/").removesuffix(".git")
