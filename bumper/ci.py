"""What the CI that runs us says of the repository, read from its environment.

GitHub, Gitea and Forgejo use the same names. Source: GitHub's documentation, "Variables reference"
(GITHUB_EVENT_PATH, GITHUB_REF), "Webhook events and payloads" (`repository.default_branch`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["default_branch", "is_the_jobs", "told_of_the_jobs"]

# What becomes of pull requests that are opened with the token of the job itself.
_JOBS = {
    "github": "their CI waits for an approval",
    "gitea": "no CI starts on them",
}


def is_the_jobs(token: str, variables: Mapping[str, str]) -> bool:
    """Say whether a token is the one that a job of Actions was given."""
    return bool(variables.get("GITHUB_ACTIONS")) and token == variables.get("GITHUB_TOKEN")


def told_of_the_jobs(kind: str, token: str, variables: Mapping[str, str]) -> str:
    """Give what is worth knowing of pull requests that a token opened; "" where there is nothing."""
    if kind not in _JOBS or not is_the_jobs(token, variables):
        return ""
    better = "the token of a GitHub App or of a bot user starts it"
    return f"opened with the job's own token: {_JOBS[kind]}; {better}"


def default_branch(variables: Mapping[str, str]) -> str | None:
    """Give the repository's default branch, else the branch that CI builds; None if it says neither.

    A pull request's own reference (`refs/pull/7/merge`) is no branch to keep current.
    """
    event = variables.get("GITHUB_EVENT_PATH")
    if event:
        try:
            told = json.loads(Path(event).read_text(encoding="utf-8"))["repository"][
                "default_branch"
            ]
        except (OSError, ValueError, LookupError, TypeError):
            told = None
        if isinstance(told, str) and told:
            return told
    built = variables.get("GITHUB_REF", "")
    return built.removeprefix("refs/heads/") if built.startswith("refs/heads/") else None
