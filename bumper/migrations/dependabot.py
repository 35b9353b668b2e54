"""Dependabot's file: its entries for docker, docker-compose and helm. Pure.

An entry reads the files of its own folders alone, and the `ignore` conditions of one image add up.
Source: docs.github.com, "Dependabot options reference".
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bumper.errors import TextError
from bumper.migrations.base import Claim, Draft, Entry, Verdict
from bumper.migrations.dependabot_entry import Images, conditions, top, whole
from bumper.migrations.dependabot_values import ASIDE, LOST, TOP_LOST
from bumper.migrations.page import Page, listed, shown
from bumper.migrations.renovate_rules import LEVELS, policy_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.migrations.dependabot_entry import Condition
    from bumper.model import ImageUse

__all__ = ["NAME", "PATHS", "read"]

NAME = "dependabot"
PATHS: tuple[str, ...] = (".github/dependabot.yml", ".github/dependabot.yaml")
_ECOSYSTEMS = ("docker", "docker-compose", "helm")
# What an entry says that is read here or in `dependabot_entry`.
READ = frozenset(
    {
        "package-ecosystem", "directory", "directories", "schedule", "cooldown", "groups", "ignore",
        "labels", "reviewers", "assignees", "target-branch", "open-pull-requests-limit",
    }
)  # fmt: skip


def read(path: str, text: str) -> Draft:
    """Read the file; see `migrations.base.Migration`."""
    page = Page(path, text)
    try:
        return _draft(page, listed(page.value.get("updates")))
    except (AttributeError, TypeError, KeyError) as error:
        raise TextError(f"{path}: a value has another shape than Dependabot takes") from error


def _draft(page: Page, updates: list[Any]) -> Draft:
    claims: list[Claim] = []
    everything: list[Condition] = []
    lost: list[Entry] = []
    aside: list[Entry] = []
    mine: list[dict[str, Any]] = []
    for index, update in enumerate(updates):
        line = page.line("updates", index)
        if update["package-ecosystem"] not in _ECOSYSTEMS:
            text = shown("package-ecosystem", update["package-ecosystem"])
            aside.append(Entry(page.path, line, text, "is not of images"))
            continue
        mine.append(update)
        found, refused = conditions(page, index, update)
        everything += found
        lost += refused
        _unsaid(page, ("updates", index), update, LOST, lost, aside)
    _unsaid(page, (), page.value, TOP_LOST if mine else {}, lost, aside)
    for one in everything:
        claims += _claims(one)
    said, refused = top(page, mine)
    images = tuple(Images.of(update) for update in mine)
    return Draft(
        NAME, partial(_verdict, images, tuple(everything)), tuple(claims), said[0], tuple(said[1]),
        (*lost, *refused), tuple(aside),
    )  # fmt: skip


def _unsaid(
    page: Page,
    where: tuple[str | int, ...],
    options: Mapping[str, Any],
    reasons: Mapping[str, str],
    lost: list[Entry],
    aside: list[Entry],
) -> None:
    """Tell of every option that is not read; `registries` hold secrets, so nothing of a mapping is shown."""
    for key, value in options.items():
        entry = Entry(page.path, page.line(*where, key), shown(key, value), "")
        if key in reasons:
            lost.append(replace(entry, new=reasons[key]))
        elif key in ASIDE:
            aside.append(replace(entry, new=ASIDE[key]))
        elif where and key not in READ:
            lost.append(replace(entry, new="is not known here"))


def _claims(one: Condition) -> tuple[Claim, ...]:
    pairs = one.pairs
    if one.forbidden is not None:
        allowed = {level: level not in one.forbidden for level in LEVELS}
        pairs = (*pairs, *policy_of(allowed)[0])
    if not pairs:
        return ()
    return (Claim(one.entry, one.mean, pairs, one.images, one.where.globs),)


def _verdict(
    images: tuple[Images, ...], everything: tuple[Condition, ...], use: ImageUse
) -> Verdict:
    """Say how Dependabot goes about a use: all conditions that mean it count together."""
    if not any(one.mean(use) for one in images):
        return Verdict(None)
    said: dict[str, str] = {}
    forbidden: set[str] = set()
    ranges: list[str] = []
    for one in everything:
        if one.mean(use):
            said.update(pair for pair in one.pairs if pair[0] != "policy")
            forbidden |= one.forbidden or frozenset()
            ranges += [value for key, value in one.pairs if key == "policy"]
    pairs, unsaid = policy_of({level: level not in forbidden for level in LEVELS})
    if forbidden:
        said.update(pairs)
    if ranges and not forbidden:
        said["policy"] = " ".join(dict.fromkeys(ranges))
    elif ranges and not whole(forbidden):
        unsaid = f"both {pairs[0][1]} at the most and {' '.join(ranges)}"
    return Verdict(tuple(said.items()), unsaid)
