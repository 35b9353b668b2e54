"""What `doctor` finds out about a token: what it may of what the config asks for, and what it lacks.

GitHub and Gitea say what a user may, and not what the token may. So things are ordered without a name: who
may is told that it is missing (422), who may not is told so, and nothing is made either way. Source: GitHub's
documentation, "Permissions required for fine-grained personal access tokens", "Scopes for OAuth apps";
GitLab's, "Personal access tokens API" (`self`), "Projects API" (`permissions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bumper import ci
from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.cli.checkup_asked import document
from bumper.errors import BumperError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.cli.checkup_asked import Asking
    from bumper.cli.checkup_wanted import Wanted
    from bumper.http import Response

__all__ = ["people", "rights"]

_SCOPES = {
    "github": "give it contents: write and pull-requests: write",
    "gitea": "give it the scopes write:repository and write:issue, of a user who may push",
    "gitlab": "give it the scope api, of a Developer of the project or more",
}
# A Developer of a project may push a branch. Source: docs.gitlab.com, "Members API", access levels.
_DEVELOPER = 30
_NO_COMMIT = "0" * 40


async def rights(
    asking: Asking, answer: Response, wanted: Wanted, variables: Mapping[str, str]
) -> Check:
    """Say what the token may of what is asked for, by what the forge answered of the repository."""
    described, kind = document(answer), asking.there.kind
    expires = answer.headers.get("github-authentication-token-expiration", "")
    if kind == "gitlab":
        told = await _of_gitlab(asking)
        if told is None:
            return Check("token", BROKEN, "its scopes lack api", _SCOPES[kind])
        expires = told
    lacking = _lacking(asking, answer, wanted, variables) or await _refused(asking, wanted)
    if lacking:
        return Check("token", BROKEN, *lacking)
    until = f", valid until {expires}" if expires else ""
    may = _may_push(kind, described)
    if may is None:
        told = f"the forge does not say what it may{until}"
        return Check("token", LOOK, told, _SCOPES[kind])
    if may:
        return Check("token", GOOD, f"may push{_beside(wanted)}{until}")
    # What an App's token may is not told by the user's rights that stand here.
    state = LOOK if asking.there.token.startswith("ghs_") else BROKEN
    return Check("token", state, f"may read, and not push{until}", _SCOPES[kind])


def _beside(wanted: Wanted) -> str:
    words = ", open pull requests"
    words += ", keep the dashboard" if wanted.dashboard else ""
    return words + (", set the status of commits" if wanted.status else "")


def _may_push(kind: str, described: Mapping[str, Any]) -> bool | None:
    told = described.get("permissions")
    if not isinstance(told, dict):
        return None
    if kind == "gitlab":
        levels = [one.get("access_level", 0) for one in told.values() if isinstance(one, dict)]
        return max(levels) >= _DEVELOPER if levels else None
    may = told.get("push")
    return may if isinstance(may, bool) else None


async def _of_gitlab(asking: Asking) -> str | None:
    """Give until when a token of GitLab counts, "" where nobody says, None where it lacks the API."""
    try:
        answer = await asking.get("personal_access_tokens/self")
    except BumperError:
        return ""
    told = document(answer) if answer.status == 200 else {}
    scopes = told.get("scopes")
    if isinstance(scopes, list) and "api" not in scopes:
        return None
    return str(told.get("expires_at") or "")


def _lacking(
    asking: Asking, answer: Response, wanted: Wanted, variables: Mapping[str, str]
) -> tuple[str, str] | None:
    """Give what a classic token of GitHub lacks by its scopes, or the job's own, and the fix."""
    if asking.there.kind != "github":
        return None
    scopes = answer.headers.get("x-oauth-scopes", "")
    held = {one.strip() for one in scopes.split(",")} if scopes.strip() else None
    if held is not None and not held & {"repo", "public_repo"}:
        return f"its scopes are {scopes}", "give it the scope repo"
    if not wanted.workflows:
        return None
    if held is not None and "workflow" not in held:
        return "images stand in .github/workflows", "give it the scope workflow too"
    if ci.is_the_jobs(asking.there.token, variables):
        told = "the job's own token may never change .github/workflows, where images stand"
        return told, "give the token of a GitHub App or of a bot user, with workflows: write"
    return None


async def _refused(asking: Asking, wanted: Wanted) -> tuple[str, str] | None:
    """Give which rights an order that names nothing was refused for, and the fix."""
    lacks, said = [], ""
    for path, right in _orders(asking.there.kind, wanted):
        answer = await asking.order(path)
        if answer is not None and answer.status in {403, 404}:
            lacks.append(right)
            said = said or str(document(answer).get("message") or "")
    if not lacks:
        return None
    if asking.there.kind == "gitea":
        return (said or f"it lacks {lacks[0]}")[:200], _SCOPES["gitea"]
    return f"lacks {', '.join(lacks)}", f"give it {' and '.join(lacks)}"


def _orders(kind: str, wanted: Wanted) -> list[tuple[str, str]]:
    """Give what is ordered, and the right that each takes."""
    if kind == "gitea":
        return [("branches", "write:repository"), ("labels", "write:issue")]
    if kind != "github":
        return []
    found = [("git/refs", "contents: write"), ("pulls", "pull-requests: write")]
    found += [("issues", "issues: write")] if wanted.dashboard else []
    return found + ([(f"statuses/{_NO_COMMIT}", "statuses: write")] if wanted.status else [])


async def people(asking: Asking) -> Check | None:
    """Say whether it can be asked who may write; who may not is not obeyed. None where nobody answers."""
    owner = asking.there.slug.partition("/")[0]
    path = "members/all?per_page=1"
    if asking.there.kind != "gitlab":
        path = f"collaborators/{owner}/permission"
    try:
        answer = await asking.get(f"{asking.repository}/{path}")
    except BumperError:
        return None
    if answer.status not in {401, 403}:
        return Check("comments", GOOD, "obeyed of those who may push")
    told = "who may push cannot be asked, so comments and boxes count for nothing"
    if asking.there.kind == "gitea":
        told = f"who may push cannot be asked: comments and boxes count of {owner} alone"
        return Check("comments", LOOK, told, "make its user an administrator of the repository")
    return Check("comments", LOOK, told, "give it a user who may push")
