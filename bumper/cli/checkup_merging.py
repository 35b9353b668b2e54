"""What `doctor` says of the base branch: what a merge needs there, and whether `automerge` fits to it.

Source: GitHub's GraphQL schema (`Ref.refUpdateRule`, `Ref.rules`), the API description that Gitea and Forgejo
serve (`Branch`), GitLab's documentation, "Projects API", "Merge request approvals API".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.cli.checkup_asked import document, entries
from bumper.errors import BumperError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.cli.checkup_asked import Asking
    from bumper.cli.checkup_wanted import Wanted

__all__ = ["RULES", "merging"]

_NAME = "merging"
RULES = (
    "query($owner: String!, $name: String!, $ref: String!) { repository(owner: $owner, name: $name) { "
    "autoMergeAllowed ref(qualifiedName: $ref) { "
    "refUpdateRule { requiredApprovingReviewCount requiredStatusCheckContexts } "
    "rules(first: 100) { nodes { parameters { __typename "
    "... on PullRequestParameters { requiredApprovingReviewCount } "
    "... on RequiredStatusChecksParameters { requiredStatusChecks { context } } } } } } } }"
)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a branch requires: reviews and whether there are checks, None where nobody says."""

    reviews: int | None = None
    checks: bool | None = None
    allowed: bool = True


async def merging(asking: Asking, described: Mapping[str, Any], wanted: Wanted) -> list[Check]:
    """Say what a merge into the base branch needs; a warning where `automerge` cannot do as it says."""
    base = wanted.base or str(described.get("default_branch") or "")
    if not base:
        return []
    try:
        rules = await _READERS[asking.there.kind](asking, described, base)
    except BumperError:
        rules = _Rules()
    if rules is None:
        fix = "set `forge.base` to a branch that is there"
        return [Check(_NAME, BROKEN, f"there is no branch `{base}`", fix)]
    if not wanted.automerge:
        return [Check(_NAME, GOOD, f"by a person; `{base}` requires {_required(rules)}")]
    faults = _faults(base, rules, waits_for_reviews=asking.there.kind == "github")
    return faults or [Check(_NAME, GOOD, f"by itself once `{base}` has {_required(rules)}")]


def _required(rules: _Rules) -> str:
    if rules.reviews is None and rules.checks is None:
        return "what the forge does not tell"
    reviews = "no review"
    if rules.reviews:
        reviews = f"{rules.reviews} approval{'' if rules.reviews == 1 else 's'}"
    checks = "green checks" if rules.checks else "no checks"
    return f"{'reviews unknown' if rules.reviews is None else reviews} and {checks}"


def _faults(base: str, rules: _Rules, *, waits_for_reviews: bool) -> list[Check]:
    """Give why `automerge` does less, or more, than one might think."""
    if rules.reviews is None and rules.checks is None:
        told = f"the forge does not tell what `{base}` requires"
        return [Check(_NAME, LOOK, told, "look at the branch's protection yourself")]
    found = []
    if not rules.allowed:
        fix = "turn on Settings > General > Allow auto-merge"
        found.append(Check(_NAME, LOOK, "the forge merges nothing by itself here", fix))
    if rules.checks is False and not (waits_for_reviews and rules.reviews):
        told = f"`{base}` requires no checks, so nothing is merged by itself"
        found.append(Check(_NAME, LOOK, told, "require a check that runs on pull requests"))
    elif rules.reviews == 0:
        told = (
            f"`{base}` requires no review: what `automerge` allows is merged with nobody's approval"
        )
        fix = "if that is not meant, require a review in its protection, or set `automerge: never`"
        found.append(Check(_NAME, LOOK, told, fix))
    return found


async def _of_gitea(asking: Asking, _: Mapping[str, Any], base: str) -> _Rules | None:
    answer = await asking.get(f"{asking.repository}/branches/{quote(base)}")
    if answer.status == 404:
        return None
    told = document(answer)
    if "protected" not in told:
        return _Rules()
    checks = bool(told.get("enable_status_check") and told.get("status_check_contexts"))
    return _Rules(int(told.get("required_approvals") or 0), checks)


async def _of_gitlab(asking: Asking, described: Mapping[str, Any], base: str) -> _Rules | None:
    branch = quote(base, safe="")
    if (await asking.get(f"{asking.repository}/repository/branches/{branch}")).status == 404:
        return None
    checks = described.get("only_allow_merge_if_pipeline_succeeds")
    answer = await asking.get(f"{asking.repository}/approval_rules")
    # The free edition has no such rules.
    rules = [] if answer.status == 404 else entries(answer)
    if rules is None:
        return _Rules(None, checks)
    needed = (int(one.get("approvals_required") or 0) for one in rules if _is_for(one, base))
    return _Rules(max(needed, default=0), checks)


def _is_for(rule: Mapping[str, Any], base: str) -> bool:
    branches = rule.get("protected_branches") or []
    return not branches or any(one.get("name") == base for one in branches)


async def _of_github(asking: Asking, _: Mapping[str, Any], base: str) -> _Rules | None:
    """Read both kinds of protection, as one who is no administrator sees them."""
    owner, name = asking.there.slug.split("/", 1)
    wanted = {"owner": owner, "name": name, "ref": f"refs/heads/{base}"}
    there = (await asking.graphql(RULES, wanted)).get("repository")
    if not isinstance(there, dict):
        return _Rules()
    ref = there.get("ref")
    if ref is None:
        return None
    old = ref.get("refUpdateRule") or {}
    nodes = (ref.get("rules") or {}).get("nodes") or []
    told = [(one or {}).get("parameters") or {} for one in nodes]
    reviews = [old.get("requiredApprovingReviewCount") or 0]
    reviews += [one.get("requiredApprovingReviewCount") or 0 for one in told]
    checks = old.get("requiredStatusCheckContexts") or [
        check for one in told for check in one.get("requiredStatusChecks") or ()
    ]
    return _Rules(max(reviews), bool(checks), there.get("autoMergeAllowed") is not False)


_READERS = {"gitea": _of_gitea, "gitlab": _of_gitlab, "github": _of_github}
