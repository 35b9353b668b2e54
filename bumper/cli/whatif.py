"""Which one line of config would change what becomes of an image: tried, not guessed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bumper import catalog, confirm, decide, policies
from bumper.model import Level, Ranking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Listing, Outcome, Policy

__all__ = ["Change", "changes", "judged"]

_LEVELS = (Level.PATCH, Level.MINOR, Level.MAJOR)
_GUARDS = ("scheme-jump", "pushed-earlier")


@dataclass(frozen=True, slots=True)
class Change:
    """A line to write in a rule or beside the image, and what would be chosen then (None: nothing)."""

    line: str
    status: str
    chosen: str | None


def judged(
    use: ImageUse, listing: Listing | None, policy: Policy
) -> tuple[Ranking | Outcome, Outcome]:
    """Give the ranking and the outcome as if the registry vouched for everything; none is asked."""
    ranked = decide.screen(use, policy) or decide.rank(use, listing, policy, catalog.scheme(policy))
    if not isinstance(ranked, Ranking):
        return ranked, ranked
    if ranked.candidates:
        return ranked, confirm.unconfirmed(ranked)
    return ranked, confirm.at_rest(ranked)


def changes(use: ImageUse, listing: Listing | None, policy: Policy) -> list[Change]:
    """Give every single line that changes what is chosen, the smallest step first."""
    if listing is None:
        return []
    _, now = judged(use, listing, policy)
    found = []
    for line, other in _lines(policy):
        _, then = judged(use, listing, other)
        if (_chosen(then), then.status) != (_chosen(now), now.status):
            found.append(Change(line, then.status, _chosen(then)))
    return found


def _chosen(outcome: Outcome) -> str | None:
    return getattr(outcome, "new_tag", None) if outcome.status == "bump" else None


def _lines(policy: Policy) -> Iterator[tuple[str, Policy]]:
    """Yield each line that could stand there, and the policy with it."""
    for level in _LEVELS:
        if policy.level is not level or policy.range is not None:
            yield f"policy: {level}", replace(policies.parse(str(level), policy), pin=False)
    if not policy.prerelease:
        yield "prerelease: true", replace(policy, prerelease=True)
    if policy.environment != "follow":
        yield "environment: follow", replace(policy, environment="follow")
    for guard in _GUARDS:
        if guard not in policy.lift:
            yield f"lift: [{guard}]", replace(policy, lift=(*policy.lift, guard))
    if policy.stepwise is not False:
        yield "stepwise: false", replace(policy, stepwise=False)
    if policy.deny:
        yield "deny: []", replace(policy, deny=())
    if policy.tags is not None:
        yield "tags: ''", replace(policy, tags="")
