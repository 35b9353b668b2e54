"""What `doctor` asks the forge: may this token do the work, and will CI start on what it opens.

The forges say less than one would like; what they do not say is told as unknown. Source: GitHub's
documentation, "Permissions required for GitHub Apps", "Triggering a workflow from a workflow"; the API
description that Gitea and Forgejo serve (`Repository.permissions`, `archived`, `has_pull_requests`);
GitLab's documentation, "Projects API" (`permissions`, each an `access_level`).
"""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.errors import BumperError
from bumper.http import Bound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bumper.cli.target import Target
    from bumper.http import Http, Response

__all__ = ["forge"]

_MOST_SECONDS_OFF = 300
_FIXES = {
    401: "make a new token: this one is not valid here",
    403: "give the token the right to read this repository",
    404: "let the token see the repository, or set `forge.slug`",
}
_SCOPES = {
    "github": "give it contents: write and pull-requests: write",
    "gitea": "give it the scopes write:repository and write:issue, of a user who may push",
    "gitlab": "give it the scope api, of a Developer of the project or more",
}
# A Developer of a project may push a branch. Source: docs.gitlab.com, "Members API", access levels.
_DEVELOPER = 30
_ALLOW = "turn on Settings > Actions > General > Allow GitHub Actions to create and approve pull requests"


async def forge(
    http: Http, there: Target, variables: Mapping[str, str], now: datetime
) -> list[Check]:
    """Give what the forge says of the repository and of the token; nothing is changed there."""
    if there.kind == "local":
        return [Check("forge", GOOD, "local: pull requests are files in the repository")]
    where = f"{there.kind} {there.slug} at {there.api}"
    try:
        answer = await _get(http, there, _path(there))
    except BumperError as error:
        # The hint of a request that failed is written for registries.
        fix = "check `forge.url`, its name and the network"
        return [Check("forge", BROKEN, f"{where}: {error.message}", fix)]
    if answer.status != 200:
        fix = _FIXES.get(answer.status, "check `forge.url`")
        return [
            Check("forge", BROKEN, f"{where}: answered {answer.status}", fix),
            *_clock(answer, now),
        ]
    described = _document(answer)
    checks = [Check("forge", GOOD, where), *_state(described)]
    checks.append(await _scope(http, there) or _push(there, described, answer))
    checks += await _who(http, there, variables)
    return [*checks, *_clock(answer, now)]


def _path(there: Target) -> str:
    """Give where a forge describes the repository."""
    return (
        f"projects/{quote(there.slug, safe='')}"
        if there.kind == "gitlab"
        else f"repos/{there.slug}"
    )


async def _get(http: Http, there: Target, path: str, content: bytes | None = None) -> Response:
    scheme = "token" if there.kind == "gitea" else "Bearer"
    secret = Bound.to(there.api, {"Authorization": f"{scheme} {there.token}"})
    return await http.request(
        "GET" if content is None else "POST",
        f"{there.api}/{path}",
        headers={"Accept": "application/json", "Content-Type": "application/json"},
        secret_headers=secret,
        content=content,
        retry=content is None,
    )


async def _scope(http: Http, there: Target) -> Check | None:
    """Say which scope a token of Gitea lacks; None where it has both, or another forge is there.

    `permissions` there are the user's, whatever the token may. So a branch and a label are ordered
    without a name: a token that may is told that the name is missing (422), and nothing is made.
    """
    if there.kind != "gitea":
        return None
    for path, scope in (("branches", "write:repository"), ("labels", "write:issue")):
        try:
            answer = await _get(http, there, f"repos/{there.slug}/{path}", b"{}")
        except BumperError:
            return None
        if answer.status == 403:
            told = str(_document(answer).get("message", "")) or f"it lacks {scope}"
            return Check("token", BROKEN, told[:200], _SCOPES["gitea"])
    return None


def _document(answer: Response) -> dict[str, Any]:
    try:
        read = json.loads(answer.body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _state(described: Mapping[str, Any]) -> list[Check]:
    checks = []
    if described.get("archived"):
        checks.append(Check("forge", BROKEN, "the repository is archived", "unarchive it"))
    if described.get("has_pull_requests") is False:
        fix = "turn them on in the repository's settings, Advanced"
        checks.append(Check("forge", BROKEN, "pull requests are turned off", fix))
    return checks


def _push(there: Target, described: Mapping[str, Any], answer: Response) -> Check:
    rights: Any = described.get("permissions")
    scopes = answer.headers.get("x-oauth-scopes")
    expires = answer.headers.get("github-authentication-token-expiration")
    until = f", valid until {expires}" if expires else ""
    if scopes is not None and there.kind == "github" and scopes.strip():
        held = {one.strip() for one in scopes.split(",")}
        if not held & {"repo", "public_repo"}:
            return Check("token", BROKEN, f"its scopes are {scopes}", "give it the scope repo")
    if there.kind == "gitlab" and isinstance(rights, dict):
        levels = [one.get("access_level", 0) for one in rights.values() if isinstance(one, dict)]
        rights = {"push": max(levels) >= _DEVELOPER} if levels else rights
    if not isinstance(rights, dict) or "push" not in rights:
        return Check(
            "token", LOOK, f"the forge does not say what it may{until}", _SCOPES[there.kind]
        )
    if rights["push"] is True:
        return Check("token", GOOD, f"may push{until}")
    # What an App's token may is not told by the user's rights that stand here.
    state = LOOK if there.token.startswith("ghs_") else BROKEN
    return Check("token", state, f"may read, and not push{until}", _SCOPES[there.kind])


async def _who(http: Http, there: Target, variables: Mapping[str, str]) -> list[Check]:
    """Say whether pull requests can be opened and whether CI starts on them."""
    try:
        if there.kind == "github":
            return await _on_github(http, there, variables)
        who = _document(await _get(http, there, "user"))
        login = who.get("login") or who.get("username")
    except BumperError as error:
        return [Check("pull requests", LOOK, error.message, error.hint or "try again later")]
    if login in {"gitea-actions", "forgejo-actions"} or _is_the_jobs(there, variables):
        told = f"as `{login or 'the job itself'}`: no CI will start on them"
        return [Check("pull requests", LOOK, told, "give the token of a bot user")]
    known = f"as {login}; CI starts on them" if login else "as a user that the token does not name"
    return [Check("pull requests", GOOD, known)]


async def _on_github(http: Http, there: Target, variables: Mapping[str, str]) -> list[Check]:
    answer = await _get(http, there, f"repos/{there.slug}/actions/permissions/workflow")
    allowed = _document(answer).get("can_approve_pull_request_reviews")
    if not _is_the_jobs(there, variables):
        return [Check("pull requests", GOOD, "CI starts on them")]
    if allowed is False:
        return [Check("pull requests", BROKEN, "the job's token may open none", _ALLOW)]
    told = "with the job's own token their workflows wait for an approval"
    return [Check("pull requests", LOOK, told, "give the token of a GitHub App or of a bot user")]


def _is_the_jobs(there: Target, variables: Mapping[str, str]) -> bool:
    return bool(variables.get("GITHUB_ACTIONS")) and there.token == variables.get("GITHUB_TOKEN")


def _clock(answer: Response, now: datetime) -> list[Check]:
    try:
        there = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return []
    if there.tzinfo is None:
        return []
    off = int((now - there).total_seconds())
    if abs(off) <= _MOST_SECONDS_OFF:
        return [Check("clock", GOOD, f"within {_MOST_SECONDS_OFF} s of the forge's")]
    fix = "set the clock: ages and schedules are counted by it"
    return [Check("clock", LOOK, f"{abs(off)} s {'ahead' if off > 0 else 'behind'}", fix)]
