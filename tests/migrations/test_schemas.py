"""The vendors' own schemas, option by option: each is said, or set aside, or lost with a reason.

The schemas are those that `check-jsonschema` ships, as the vendors publish them.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from bumper.migrations import dependabot, renovate

if TYPE_CHECKING:
    from bumper.migrations.base import Draft

UNKNOWN = "is not known here"


def schema(name: str) -> dict[str, Any]:
    """A vendor's schema."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def sample(option: dict[str, Any]) -> Any:
    """A value that the schema allows: its own example where it has one."""
    kinds = option.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    chosen = (option.get("enum") or [None])[-1]
    values = {
        "boolean": True,
        "integer": 3,
        "number": 3,
        "array": ["word"],
        "object": {"enabled": False},
    }
    return chosen if chosen is not None else values.get(str(kind), "word")


def heard(draft: Draft) -> list[str]:
    """What became of the options, in words; what is for all images without an option is left out."""
    told = [entry.new for entry in (*draft.lost, *draft.aside, *draft.translated)]
    return [*told, *(claim.entry.old for claim in draft.claims)]


RENOVATE = schema("renovate")
# A sample that the option itself would take, where the schema's own says too little.
GOOD: dict[str, Any] = {
    "allowedVersions": "<17", "minimumReleaseAge": "3 days", "schedule": ["before 5am"], "versioning": "docker",
    "timezone": "Europe/Berlin", "branchPrefix": "renovate/", "baseBranchPatterns": ["main"],
    "extends": ["config:recommended"], "packageRules": [{"matchPackageNames": ["nginx"], "enabled": False}],
    "ignoreDeps": ["nginx"], "semanticCommits": "enabled", "major": {"enabled": False},
    "minor": {"enabled": False}, "patch": {"enabled": False}, "digest": {"enabled": False},
}  # fmt: skip
SAID = {
    "addLabels", "assignees", "assigneesFromCodeOwners", "dependencyDashboard", "draftPR", "gitAuthor", "extends", "reviewers",
    "reviewersFromCodeOwners",
    "allowedVersions", "baseBranchPatterns", "branchPrefix", "digest", "enabled", "groupName", "ignoreDeps",
    "ignorePaths", "ignoreUnstable", "includePaths", "labels", "major", "minimumReleaseAge", "minor", "packageRules",
    "patch", "pinDigests", "prConcurrentLimit", "prHourlyLimit", "schedule", "semanticCommits", "timezone", "versioning",
}  # fmt: skip
# Settings that stand only in a rule, in a host's entry or in an extractor of one's own.
INNER = set(RENOVATE["definitions"]) - set(RENOVATE["properties"])
BLOCKS = {
    "argocd", "cloudbuild", "docker-compose", "dockerfile", "flux", "github-actions", "gitlabci", "helm-values",
    "kubernetes", "kustomize", "quadlet", "regex",
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(RENOVATE["properties"]))
def test_renovates_option(key: str) -> None:
    option = RENOVATE["definitions"].get(key, RENOVATE["properties"][key])
    draft = renovate.read("renovate.json", json.dumps({key: GOOD.get(key, sample(option))}))
    told = heard(draft)
    assert told, f"{key} vanishes"
    assert UNKNOWN not in told
    assert bool(draft.claims or draft.translated) == (key in SAID | BLOCKS), told


@pytest.mark.parametrize("key", sorted(key for key in INNER if key.startswith("match")))
def test_renovates_matcher(key: str) -> None:
    rule = {key: ["docker" if key == "matchDatasources" else "major"], "enabled": False}
    draft = renovate.read("renovate.json", json.dumps({"packageRules": [rule]}))
    assert draft.claims or draft.lost or draft.aside, f"a rule by {key} vanishes"


ENTRY = schema("dependabot")["definitions"]["update"]["properties"]
VALUES: dict[str, Any] = {
    "schedule": {"interval": "weekly"}, "cooldown": {"default-days": 3}, "groups": {"all": {"patterns": ["*"]}},
    "ignore": [{"dependency-name": "nginx"}], "open-pull-requests-limit": 3, "directories": ["/"],
    "target-branch": "main", "labels": ["deps"],
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(ENTRY))
def test_dependabots_option_of_an_entry(key: str) -> None:
    head = {"package-ecosystem": "docker", "directory": "/"}
    plain = heard(read_entry(head))
    if key in {"package-ecosystem", "directory"}:
        return
    draft = read_entry({**head, key: VALUES.get(key, sample(ENTRY[key]))})
    told = heard(draft)
    assert told != plain or key == "directories", f"{key} vanishes"
    assert UNKNOWN not in told
    assert bool(draft.claims) == (key in {"schedule", "cooldown", "groups", "ignore", "assignees"})


def read_entry(entry: dict[str, Any]) -> Draft:
    text = json.dumps({"version": 2, "updates": [entry]})
    return dependabot.read(".github/dependabot.yml", text)


@pytest.mark.parametrize("key", sorted(schema("dependabot")["properties"]))
def test_dependabots_option_of_the_file(key: str) -> None:
    entry = {"package-ecosystem": "docker", "directory": "/"}
    text = json.dumps(
        {"version": 2, "updates": [entry], key: {"a": {"password": "canary"}}}
        if key not in {"version", "updates"}
        else {"version": 2, "updates": [entry]}
    )
    told = dependabot.read(".github/dependabot.yml", text)
    assert "canary" not in str(told)
    assert key in {"version", "updates"} or told.lost or told.aside, f"{key} vanishes"


@pytest.mark.parametrize("key", ["applies-to", "dependency-type", "group-by"])
def test_dependabots_option_of_a_group(key: str) -> None:
    said = {
        "applies-to": "security-updates",
        "dependency-type": "production",
        "group-by": "dependency-name",
    }
    groups = {"all": {"patterns": ["*"], key: said[key]}}
    draft = read_entry({"package-ecosystem": "docker", "directory": "/", "groups": groups})
    assert [entry.old.split(":")[0] for entry in draft.lost] == ["groups"]
