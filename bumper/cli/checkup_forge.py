"""What `doctor` asks the forge: may this token do the work, and will CI start on what it opens.

The forges say less than one would like; what they do not say is told as unknown. Source: GitHub's
documentation, "Triggering a workflow from a workflow"; the API description that Gitea and Forgejo serve
(`archived`, `has_pull_requests`, `has_issues`); GitLab's documentation, "Projects API" (`issues_access_level`).
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bumper import ci
from bumper.apis.hints import TLS
from bumper.cli import checkup_merging, checkup_rights
from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.cli.checkup_asked import Asking, document
from bumper.errors import BumperError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bumper.cli.checkup_wanted import Wanted
    from bumper.cli.target import Target
    from bumper.http import Http, Response

__all__ = ["forge"]

_MOST_SECONDS_OFF = 300
_FIXES = {
    401: "make a new token: this one is not valid here",
    403: "give the token the right to read this repository",
    404: "let the token see the repository, or set `forge.slug`",
}
_ALLOW = "turn on Settings > Actions > General > Allow GitHub Actions to create and approve pull requests"


async def forge(
    http: Http, there: Target, variables: Mapping[str, str], now: datetime, wanted: Wanted
) -> list[Check]:
    """Give what the forge says of the repository and of the token; nothing is changed there."""
    if there.kind == "local":
        return [Check("forge", GOOD, "local: pull requests are files in the repository")]
    where, asking = f"{there.kind} {there.slug} at {there.api}", Asking(http, there)
    try:
        answer = await asking.get(asking.repository)
    except BumperError as error:
        # The hint of a request that failed is written for registries.
        fix = TLS if error.code == "tls" else "check `forge.url`, its name and the network"
        return [Check("forge", BROKEN, f"{where}: {error.message}", fix)]
    if answer.status != 200:
        fix = _FIXES.get(answer.status, "check `forge.url`")
        return [
            Check("forge", BROKEN, f"{where}: answered {answer.status}", fix),
            *_clock(answer, now),
        ]
    described = document(answer)
    checks = [Check("forge", GOOD, where), *_trust(there), *_state(described, wanted)]
    checks.append(await checkup_rights.rights(asking, answer, wanted, variables))
    checks += await _who(asking, variables)
    heard = await checkup_rights.people(asking)
    checks += [heard] if heard is not None else []
    checks += await checkup_merging.merging(asking, described, wanted)
    return [*checks, *_clock(answer, now)]


def _trust(there: Target) -> list[Check]:
    if not there.trust.insecure:
        return []
    return [Check("forge", LOOK, "whoever answers at its address is given the token", TLS)]


def _state(described: Mapping[str, Any], wanted: Wanted) -> list[Check]:
    checks = []
    if described.get("archived"):
        checks.append(Check("forge", BROKEN, "the repository is archived", "unarchive it"))
    if described.get("has_pull_requests") is False:
        fix = "turn them on in the repository's settings, Advanced"
        checks.append(Check("forge", BROKEN, "pull requests are turned off", fix))
    none = (
        described.get("has_issues") is False or described.get("issues_access_level") == "disabled"
    )
    if wanted.dashboard and none:
        fix = "turn them on in the repository's settings, or `pull-requests.dashboard` off"
        checks.append(Check("forge", BROKEN, "issues are turned off, and a dashboard is one", fix))
    return checks


async def _who(asking: Asking, variables: Mapping[str, str]) -> list[Check]:
    """Say whether pull requests can be opened and whether CI starts on them."""
    jobs = ci.is_the_jobs(asking.there.token, variables)
    try:
        if asking.there.kind == "github":
            return [await _on_github(asking, jobs=jobs)]
        who = document(await asking.get("user"))
        login = who.get("login") or who.get("username")
    except BumperError as error:
        return [Check("pull requests", LOOK, error.message, error.hint or "try again later")]
    if login in {"gitea-actions", "forgejo-actions"} or jobs:
        told = f"as `{login or 'the job itself'}`: no CI will start on them"
        return [Check("pull requests", LOOK, told, "give the token of a bot user")]
    known = f"as {login}; CI starts on them" if login else "as a user that the token does not name"
    return [Check("pull requests", GOOD, known)]


async def _on_github(asking: Asking, *, jobs: bool) -> Check:
    answer = await asking.get(f"{asking.repository}/actions/permissions/workflow")
    allowed = document(answer).get("can_approve_pull_request_reviews")
    if not jobs:
        return Check("pull requests", GOOD, "CI starts on them")
    if allowed is False:
        return Check("pull requests", BROKEN, "the job's token may open none", _ALLOW)
    told = "with the job's own token their workflows wait for an approval"
    return Check("pull requests", LOOK, told, "give the token of a GitHub App or of a bot user")


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
