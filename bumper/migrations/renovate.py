"""Renovate's config file. Pure.

Source: docs.renovatebot.com, "Configuration Options", "Presets"; what is not of images is left out.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bumper.errors import TextError
from bumper.migrations.base import Claim, Draft, Verdict
from bumper.migrations.page import Page
from bumper.migrations.renovate_files import Files
from bumper.migrations.renovate_reader import Reader
from bumper.migrations.renovate_rules import decide

if TYPE_CHECKING:
    from bumper.migrations.renovate_rules import Rule
    from bumper.model import ImageUse

__all__ = ["NAME", "PATHS", "read"]

NAME = "renovate"
PATHS: tuple[str, ...] = (
    "renovate.json", "renovate.json5", ".github/renovate.json", ".github/renovate.json5",
    ".gitlab/renovate.json", ".gitlab/renovate.json5", ".renovaterc", ".renovaterc.json",
    ".renovaterc.json5",
)  # fmt: skip


def read(path: str, text: str) -> Draft:
    """Read a config; see `migrations.base.Migration`."""
    page = Page(path, text)
    reader = Reader(page)
    try:
        reader.read()
    except (AttributeError, TypeError) as error:
        raise TextError(f"{path}: a value has another shape than Renovate takes", line=1) from error
    rules = reader.rules
    files = Files({**page.value, "ignorePaths": reader.ignored})
    return Draft(
        NAME,
        partial(_verdict, files, rules),
        tuple(_claim(rule) for rule in rules if rule.settings),
        _top(reader.top, rules),
        tuple(reader.translated),
        tuple(reader.lost),
        tuple(reader.aside),
    )


def _verdict(files: Files, rules: tuple[Rule, ...], use: ImageUse) -> Verdict:
    return decide(rules, use) if files.reads(use) else Verdict(None)


def _claim(rule: Rule) -> Claim:
    images, files, exact = rule.matchers.globs()
    return Claim(rule.entry, rule.matchers.mean, rule.settings, images, files, exact)


def _top(top: dict[str, Any], rules: tuple[Rule, ...]) -> dict[str, Any]:
    """Add what all rules together need: a group is nothing where images stand alone."""
    grouped = any(key == "group" for rule in rules for key, _ in rule.pairs)
    # What Renovate leaves out unless told otherwise is nothing; ours has defaults of its own.
    return {"files.exclude": [], **top, **({"pull-requests.per": "group"} if grouped else {})}
