"""Renovate's presets as the options they stand for. Pure. No member.

Only what concerns images. Source: docs.renovatebot.com, "Presets".
"""

from __future__ import annotations

import re
from typing import Any

from bumper.migrations.spans import PRESETS

__all__ = ["ASIDE", "options"]

_PATHS = [
    "**/node_modules/**", "**/bower_components/**", "**/vendor/**", "**/examples/**",
    "**/__tests__/**", "**/test/**", "**/tests/**", "**/__fixtures__/**",
]  # fmt: skip
_IMAGES = {"matchDatasources": ["docker"]}
_RECOMMENDED = {"ignorePaths": _PATHS}


def _merging(*kinds: str) -> dict[str, Any]:
    return {"packageRules": [{"matchUpdateTypes": list(kinds), "automerge": True}]}


_KNOWN: dict[str, dict[str, Any]] = {
    "config:recommended": _RECOMMENDED,
    "config:base": _RECOMMENDED,
    "config:best-practices": {
        **_RECOMMENDED, "packageRules": [{**_IMAGES, "pinDigests": True}],
    },
    ":ignoreModulesAndTests": _RECOMMENDED,
    "docker:pinDigests": {"packageRules": [{**_IMAGES, "pinDigests": True}]},
    "docker:disable": {"packageRules": [{**_IMAGES, "enabled": False}]},
    "docker:disableMajor": {
        "packageRules": [{**_IMAGES, "matchUpdateTypes": ["major"], "enabled": False}]
    },
    "docker:enableMajor": {
        "packageRules": [{**_IMAGES, "matchUpdateTypes": ["major"], "enabled": True}]
    },
    "group:allNonMajor": {
        "packageRules": [
            {
                "matchPackageNames": ["*"],
                "matchUpdateTypes": ["minor", "patch"],
                "groupName": "all non-major dependencies",
            }
        ]
    },
    ":disableMajorUpdates": {"major": {"enabled": False}},
    ":disableDigestUpdates": {"digest": {"enabled": False}},
    ":pinDigests": {"pinDigests": True},
    ":pinDigestsDisabled": {"pinDigests": False},
    ":semanticCommits": {"semanticCommits": "enabled"},
    ":semanticCommitsDisabled": {"semanticCommits": "disabled"},
    ":prHourlyLimit1": {"prHourlyLimit": 1},
    ":prHourlyLimit2": {"prHourlyLimit": 2},
    ":prHourlyLimit4": {"prHourlyLimit": 4},
    ":prHourlyLimitNone": {"prHourlyLimit": 0},
    ":prConcurrentLimit10": {"prConcurrentLimit": 10},
    ":prConcurrentLimit20": {"prConcurrentLimit": 20},
    ":prConcurrentLimitNone": {"prConcurrentLimit": 0},
    ":disableRateLimiting": {"prHourlyLimit": 0, "prConcurrentLimit": 0},
    ":dependencyDashboard": {"dependencyDashboard": True},
    ":disableDependencyDashboard": {"dependencyDashboard": False},
    ":automergeAll": {"automerge": True},
    ":automergeMinor": _merging("minor", "patch", "digest"),
    ":automergePatch": _merging("patch"),
    ":automergeDigest": _merging("digest"),
    **{name: {"schedule": text.split("; ")} for name, text in PRESETS.items()},
}  # fmt: skip
# Presets that say nothing of images, or what is so here anyway.
ASIDE = frozenset(
    {
        ":rebaseStalePrs", ":configMigration",
        ":separateMajorReleases", ":separateMultipleMajorReleases", ":ignoreUnstable", ":gitSignOff",
        ":maintainLockFilesWeekly", ":maintainLockFilesDisabled", ":preserveSemverRanges",
        ":pinDevDependencies", ":pinDependencies", ":pinAllExceptPeerDependencies", ":enablePreCommit",
        ":updateNotScheduled", ":autodetectRangeStrategy", ":autodetectPinVersions",
        ":semanticPrefixFixDepsChoreOthers", "group:monorepos", "group:recommended",
        "helpers:pinGitHubActionDigests", "helpers:pinGitHubActionDigestsToSemver",
        "security:minimumReleaseAgeNpm", "npm:unpublishSafe", ":enableVulnerabilityAlerts",
        "workarounds:all", "replacements:all", "abandonments:recommended",
        "security:openssf-scorecard", "mergeConfidence:all-badges",
    }
)  # fmt: skip
_GIVEN = re.compile(r"(?P<name>:[A-Za-z]+)\((?P<given>.*)\)")


def options(preset: str) -> dict[str, Any] | None:
    """Give the options of a preset, empty where none is of images; None where it is not known."""
    name = preset.removeprefix("default") if preset.startswith("default:") else preset
    if name in _KNOWN:
        return _KNOWN[name]
    if name in ASIDE:
        return {}
    match = _GIVEN.fullmatch(name)
    if match is None:
        return None
    given = [one.strip() for one in match["given"].split(",")]
    known: dict[str, dict[str, Any]] = {
        ":timezone": {"timezone": given[0]},
        ":label": {"labels": given},
        ":labels": {"labels": given},
    }
    return known.get(match["name"])
