"""One entry of Dependabot's file: whom it means and what it says. Pure. No member.

Source: docs.github.com, "Dependabot options reference"; a name of an image there has no registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper import windows
from bumper.migrations.base import Entry
from bumper.migrations.names import Names, glob
from bumper.migrations.page import listed, shown
from bumper.migrations.renovate_rules import LEVELS

if TYPE_CHECKING:
    from bumper.migrations.page import Page
    from bumper.model import ImageUse

__all__ = ["LOST", "Condition", "Images", "conditions", "top", "whole"]

_FORMATS = {
    "docker": {"dockerfile", "kubernetes", "helm-values"},
    "docker-compose": {"compose"},
    "helm": {"helm-values"},
}
_WORDS = "the words of a pull request are bumper's own; `pull-requests.commit-style` is the choice"
LOST = {
    "allow": "says whom to look at; write a rule with `policy: ignore` for the others",
    "commit-message": _WORDS,
    "exclude-paths": "name the paths under `files.exclude`",
    "milestone": "is a number there; `pull-requests.milestone` is its name",
    "multi-ecosystem-group": "only images are looked up; `group` joins them",
    "pull-request-branch-name": "a branch's name follows from its images",
    "rebase-strategy": "a branch is kept on top of its base at any time",
    "registries": "name them under `registries`, with the secrets as $NAME of the environment",
}
_INTERVALS = {
    "daily": "* * * * 1-5", "weekly": "* * * * {day}", "monthly": "* * 1 * *",
    "quarterly": "* * 1 1,4,7,10 *", "semiannually": "* * 1 1,7 *", "yearly": "* * 1 1 *",
}  # fmt: skip
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_BOUND = re.compile(r"(>=|>)\s*v?(\d+(?:\.\d+)*)")


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
        return cls(formats, tuple(str(one).strip("/") for one in named))

    def mean(self, use: ImageUse) -> bool:
        """Say whether the entry reads a use."""
        folder = use.path.rpartition("/")[0]
        return use.format in self.formats and any(glob(one, folder) for one in self.folders)

    @property
    def globs(self) -> tuple[str, ...]:
        """The same as globs for files."""
        return tuple(f"{one}/*" if one else "*" for one in self.folders)


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
            pairs, forbidden = _said(key, value)
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


def _said(key: str, value: Any) -> tuple[tuple[tuple[str, str], ...], frozenset[str] | None]:  # noqa: ANN401 - as written
    """Give what one setting says: pairs of ours, and the kinds of update it forbids.

    Raises:
        ValueError: Ours cannot say it.
    """
    if key == "schedule":
        return (("schedule", _schedule(value)),), None
    if key in {"reviewers", "assignees"}:
        return ((key, ",".join(map(str, listed(value)))),), None
    if key == "cooldown":
        days = {one for name, one in value.items() if name.endswith("days")}
        if len(days) != 1 or "default-days" not in value or {"include", "exclude"} & value.keys():
            raise ValueError("one age counts for every step and image here; `min-age` of a rule")
        return (("min-age", f"{days.pop()}d"),), None
    if key == "groups":
        kinds = set(listed(value.get("update-types")))
        if kinds and kinds != {"minor", "patch"}:
            raise ValueError("a group is of all steps but majors, which stand alone")
        return (("group", str(value["name"])),), None
    if key == "open-pull-requests-limit":
        return (), frozenset(LEVELS)
    return _ignored(value)


def _ignored(value: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], frozenset[str] | None]:
    kinds = [str(one).rpartition("semver-")[2] for one in listed(value.get("update-types"))]
    bounds = [_BOUND.fullmatch(str(one).strip()) for one in listed(value.get("versions"))]
    if bounds and kinds:
        raise ValueError("a range and a step together are no policy of ours")
    if bounds:
        if None in bounds:
            raise ValueError("only >= and > are read; write the range that is left as `policy`")
        left = [f"{'<' if one[1] == '>=' else '<='}{one[2]}" for one in bounds if one]
        return (("policy", " ".join(left)),), None
    if "patch" in kinds and set(kinds) != {"major", "minor", "patch"}:
        raise ValueError("a policy of ours that takes a step takes the smaller ones too")
    return (), frozenset(kinds or LEVELS)


def _schedule(value: dict[str, Any]) -> str:
    interval = str(value["interval"])
    if interval == "cron":
        return windows.check(str(value["cronjob"]))
    if interval not in _INTERVALS:
        raise ValueError(f"{interval!r} is no interval")
    day = str(value.get("day", "monday"))
    cron = _INTERVALS[interval].format(day=_DAYS.index(day) if day in _DAYS else 1)
    clock = re.fullmatch(r"(\d\d):(\d\d)", str(value.get("time", "")))
    if clock is not None:
        cron = " ".join([str(int(clock[2])), str(int(clock[1])), *cron.split()[2:]])
    return windows.check(cron)


def top(
    page: Page, mine: list[dict[str, Any]]
) -> tuple[tuple[dict[str, Any], list[Entry]], list[Entry]]:
    """Give what is for all images, with its entries, and what the entries do not agree on."""
    said: dict[str, Any] = {"files.exclude": []}
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
            said[key] = values[0]
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
        said["pull-requests.per"] = "group"
    return (said, told), lost
