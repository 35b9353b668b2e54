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

__all__ = ["default_branch"]


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
