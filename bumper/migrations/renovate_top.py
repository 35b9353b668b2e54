"""Renovate's options that are for all images: the key of ours, and its value. Pure. No member.

Source: docs.renovatebot.com, "Configuration Options".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bumper import windows
from bumper.migrations.page import listed
from bumper.migrations.renovate_files import excluded

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KEYS", "value"]

KEYS = {
    "prConcurrentLimit": "pull-requests.limit", "prHourlyLimit": "pull-requests.per-hour",
    "timezone": "pull-requests.timezone", "branchPrefix": "pull-requests.branch-prefix",
    "labels": "pull-requests.labels", "semanticCommits": "pull-requests.commit-style",
    "baseBranches": "forge.base", "baseBranchPatterns": "forge.base",
    "dependencyDashboard": "pull-requests.dashboard", "draftPR": "pull-requests.draft", "gitAuthor": "commit.author",
    "ignorePaths": "files.exclude", "includePaths": "files.include",
}  # fmt: skip
_SIMPLE: dict[str, Callable[[Any], Any]] = {
    "timezone": lambda said: windows.check_zone(str(said)),
    "labels": lambda said: list(map(str, listed(said))),
    "dependencyDashboard": bool,
    "draftPR": bool,
}
_PREFIX = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w-][\w.-]*)*[/-]", re.ASCII)


def value(key: str, said: Any) -> Any:  # noqa: ANN401 - an option's, then a key's of ours
    """Give an option for all as our key wants it.

    Raises:
        ValueError: Ours cannot say it.
    """
    if key in _SIMPLE:
        return _SIMPLE[key](said)
    if key == "branchPrefix" and not _PREFIX.fullmatch(str(said)):
        raise ValueError("a prefix is text alone, and ends in / or -")
    if key == "semanticCommits":
        if said == "auto":
            raise ValueError("is chosen, not found out: pull-requests.commit-style")
        return "conventional" if said in {"enabled", True} else "plain"
    if key in {"baseBranches", "baseBranchPatterns"}:
        names = [str(one) for one in listed(said)]
        if len(names) != 1 or not names[0].strip("/") or names[0] != names[0].strip("/"):
            raise ValueError("one branch is kept current; run bumper once for each")
        return names[0]
    if key in {"ignorePaths", "includePaths"}:
        globs = [excluded(str(one)) for one in listed(said)]
        if any(one.startswith(("/", "./")) for one in globs):
            raise ValueError("begins as no path does, so it means none")
        return globs
    if key.endswith("Limit") and (not isinstance(said, int) or said < 0):
        raise ValueError("is no number of pull requests")
    return said
