"""What the values of Dependabot's options are in our words, and the options that have none. Pure. No member.

Source: docs.github.com, "Dependabot options reference", and the schema at json.schemastore.org, which a
test reads key by key.
"""

from __future__ import annotations

import re
from typing import Any

from bumper import windows
from bumper.migrations.page import listed
from bumper.migrations.renovate_rules import LEVELS
from bumper.migrations.spans import age

__all__ = ["ASIDE", "LOST", "TOP_LOST", "Said", "said"]

Said = tuple[tuple[tuple[str, str], ...], frozenset[str] | None]
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
TOP_LOST = {
    "registries": "name them under `registries`, with the secrets as $NAME of the environment",
    "multi-ecosystem-groups": "only images are looked up; `group` joins them",
}
# Options that say nothing of an image.
ASIDE = {
    "insecure-external-code-execution": "nothing from the repository is run",
    "name": "a name for people",
    "vendor": "images are not vendored",
    "versioning-strategy": "is of libraries",
    "patterns": "says what of a multi-ecosystem-group is meant, and there is none",
    "enable-beta-ecosystems": "is of Dependabot itself",
}
_INTERVALS = {
    "daily": "* * * * 1-5", "weekly": "* * * * {day}", "monthly": "* * 1 * *",
    "quarterly": "* * 1 1,4,7,10 *", "semiannually": "* * 1 1,7 *", "yearly": "* * 1 1 *",
}  # fmt: skip
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_BOUND = re.compile(r"(>=|>)\s*v?(\d+(?:\.\d+)*)")


def said(key: str, value: Any) -> Said:  # noqa: ANN401 - as written
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
        return (("min-age", age(f"{days.pop()} days")),), None
    if key == "groups":
        return (("group", _group(value)),), None
    if key == "open-pull-requests-limit":
        return (), frozenset(LEVELS)
    return _ignored(value)


def _group(value: dict[str, Any]) -> str:
    """Give the name of a group that is of all images and steps it may be of."""
    if value.get("applies-to") == "security-updates":
        raise ValueError("no update is a security update alone; the group would be of all")
    if "group-by" in value:
        raise ValueError("all places of an image share a pull request anyway; leave the group out")
    if "dependency-type" in value:
        raise ValueError("an image is of no type: name `patterns`")
    kinds = set(listed(value.get("update-types")))
    if kinds and kinds != {"minor", "patch"}:
        raise ValueError("a group is of all steps but majors, which stand alone")
    return str(value["name"])


def _ignored(value: dict[str, Any]) -> Said:
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
