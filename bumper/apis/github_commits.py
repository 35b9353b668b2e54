"""Commits that GitHub makes itself, and signs: by GraphQL, which alone can.

Source: GitHub's GraphQL reference, `createCommitOnBranch`. The commits are the token's account's, and a
file's mode stays as it is.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from bumper.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.apis.github import GitHubApi

__all__ = ["make"]


def make(api: GitHubApi, branch: str, parent: str, message: str, files: Mapping[str, bytes]) -> str:
    """Make a commit on a branch that is at its parent; give its name.

    Raises:
        ForgeError: GitHub refused, or gave no usable answer.
    """
    headline, _, rest = message.partition("\n")
    wanted = {
        "branch": {"repositoryNameWithOwner": api.slug, "branchName": branch},
        "message": {"headline": headline, "body": rest.strip("\n")},
        "expectedHeadOid": parent,
        "fileChanges": {
            "additions": [
                {"path": path, "contents": base64.b64encode(content).decode("ascii")}
                for path, content in sorted(files.items())
            ]
        },
    }
    try:
        return str(api.mutate("createCommitOnBranch", wanted, "commit { oid }")["commit"]["oid"])
    except api.refusal as error:
        raise ForgeError(
            f"{api.slug}: GitHub made no commit: {api.told(error)}",
            hint="the token needs contents: write; GitHub Enterprise has it since 3.5",
        ) from error
    except (KeyError, TypeError, OSError) as error:
        raise ForgeError(f"{api.slug}: GitHub made no commit: no usable answer") from error
