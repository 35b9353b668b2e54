"""One entry of Dependabot's file: whom it means and what it says. Pure. No member.

Source: docs.github.com, "Dependabot options reference"; a name of an image there has no registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.migrations.base import Entry
from bumper.migrations.dependabot_values import said
from bumper.migrations.names import Names, glob
from bumper.migrations.page import listed, shown
from bumper.migrations.renovate_rules import LEVELS

if TYPE_CHECKING:
    from bumper.migrations.page import Page
    from bumper.model import ImageUse

__all__ = ["Condition", "Images", "conditions", "top", "whole"]

_FORMATS = {
    "docker": {"dockerfile", "kubernetes", "helm-values"},
    "docker-compose": {"compose"},
    "helm": {"helm-values"},
}


@dataclass(frozen=True, slots=True)
class Images:
    """The uses an entry reads: files of its ecosystem in its own folders."""

    formats: frozenset[str]
    folders: tuple[str, ...]

    @classmethod
    def of(cls, update: dict[str, Any]) -> Images:
        """Read `directory` and `directories`."""
        named = [*listed(update.get("directory")), *listed(update.get("directories"))]
        formats = frozenset(_FORMATS[update["package-ecosystem"]])
        return cls(formats, tuple("/".join(_parts(str(one))) for one in named))

    def mean(self, use: ImageUse) -> bool:
        """Say whether the entry reads a use."""
        folder = use.path.rpartition("/")[0]
        return use.format in self.formats and any(glob(one, folder) for one in self.folders)

    @property
    def globs(self) -> tuple[str, ...]:
        """The same as globs for files."""
        return tuple(f"{one}/*" if one else "*" for one in self.folders)


def _parts(folder: str) -> list[str]:
    return [part for part in folder.split("/") if part not in {"", "."}]


@dataclass(frozen=True, slots=True)
class Condition:
    """What an entry says of some of its images; `forbidden` are kinds of update, None says nothing."""

    entry: Entry
    where: Images
    names: Names
    pairs: tuple[tuple[str, str], ...] = ()
    forbidden: frozenset[str] | None = None

    @property
    def images(self) -> tuple[str, ...]:
        """The names as globs; those with a registry in front are found by the images of today."""
        return () if "**" in self.names.patterns else (self.names.globs() or ())

    def mean(self, use: ImageUse) -> bool:
        """Say whether a use is meant."""
        name = use.reference.repository.removeprefix("library/")
        return self.where.mean(use) and self.names.mean(name)


def whole(forbidden: set[str]) -> bool:
    """Say whether nothing is left that a range could bound."""
    return set(LEVELS) <= forbidden


def conditions(
    page: Page, index: int, update: dict[str, Any]
) -> tuple[list[Condition], list[Entry]]:
    """Give all that one entry says of its images, and what of it no config of ours can say."""
    found: list[Condition] = []
    lost: list[Entry] = []
    where = Images.of(update)

    def say(key: str, value: Any, part: str | int = "", names: tuple[str, ...] = ("**",)) -> None:  # noqa: ANN401 - as written
        line = page.line("updates", index, key, part)
        old = shown(key, value) if names == ("**",) else f"{key}: {', '.join(names)}"
        entry = Entry(page.path, line, old, "")
        try:
            pairs, forbidden = said(key, value)
            found.append(Condition(entry, where, Names(names), pairs, forbidden))
        except ValueError as error:
            lost.append(Entry(entry.path, entry.line, entry.old, str(error)))

    for key in ("schedule", "cooldown", "reviewers", "assignees"):
        if key in update:
            say(key, update[key])
    for name, group in update.get("groups", {}).items():
        patterns = [
            *listed(group.get("patterns")),
            *(f"!{one}" for one in listed(group.get("exclude-patterns"))),
        ]
        say("groups", {"name": name, **group}, name, _names(patterns))
    for number, ignored in enumerate(listed(update.get("ignore"))):
        say("ignore", ignored, number, _names([ignored["dependency-name"]]))
    if update.get("open-pull-requests-limit") == 0:
        say("open-pull-requests-limit", 0)
    return found, lost


def _names(written: list[Any]) -> tuple[str, ...]:
    # `*` crosses the parts of a name there.
    return tuple(re.sub(r"\*+", "**", str(one)) for one in written) or ("**",)


def top(
    page: Page, mine: list[dict[str, Any]]
) -> tuple[tuple[dict[str, Any], list[Entry]], list[Entry]]:
    """Give what is for all images, with its entries, and what the entries do not agree on."""
    found: dict[str, Any] = {"files.exclude": []}
    told: list[Entry] = []
    lost: list[Entry] = []
    limits = [one.get("open-pull-requests-limit", 5) for one in mine]
    wishes = {
        "pull-requests.labels": [one["labels"] for one in mine if "labels" in one],
        "forge.base": [one["target-branch"] for one in mine if "target-branch" in one],
        "pull-requests.timezone": [
            one["schedule"]["timezone"] for one in mine if "timezone" in one.get("schedule", {})
        ],
        "pull-requests.limit": [sum(limits)] if sum(limits) else [],
    }
    line = page.line("updates")
    for key, values in wishes.items():
        if values and all(one == values[0] for one in values):
            found[key] = values[0]
            told.append(
                Entry(
                    page.path,
                    line,
                    f"all entries: {shown(key.rpartition('.')[2], values[0])}",
                    shown(key, values[0]),
                )
            )
        elif values:
            lost.append(
                Entry(page.path, line, shown(key, values), "there is one for all entries here")
            )
    if any(one.get("groups") for one in mine):
        found["pull-requests.per"] = "group"
    return (found, told), lost
