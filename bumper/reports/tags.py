"""How a tag was chosen, told by the tags around it. Pure.

The file's, the chosen one, and those refused for a reason that a person may want to change; the others
are counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bumper.model import Bump
from bumper.reports import wording

if TYPE_CHECKING:
    from bumper.model import Outcome, Refusal

__all__ = ["around", "new", "why"]

# Reasons that follow from a setting or a guard; the others say that it is another kind of tag.
_TELLING = frozenset(
    {
        "above-policy", "out-of-range", "denied", "not-allowed", "pre-release", "too-young", "above-latest",
        "other-environment", "skips-a-major", "waits-for-group", "scheme-jump", "pushed-earlier", "not-confirmed",
    }
)  # fmt: skip
_MOST_TAGS = 3


def around(outcome: Outcome) -> list[str]:
    """Give the tags around a bump, then how many others there are and why not; none for the rest."""
    if not isinstance(outcome, Bump):
        return []
    told = [one for one in outcome.refused if one.code in _TELLING]
    shown = told[-_MOST_TAGS:]
    lines = [f"{wording.now(outcome)}: in the file", f"{new(outcome)}: chosen"]
    lines += [f"{one.tag}: {one.reason}" for one in shown]
    named = {one.tag for one in shown}
    rest = Counter(one.code for one in outcome.refused if _is_other(one, named))
    if rest:
        counted = ", ".join(f"{number} {code}" for code, number in sorted(rest.items()))
        lines.append(f"and others: {counted}")
    return lines


def new(outcome: Outcome) -> str:
    """Give what it moves to, or would: the tag, else the digest, "" where nothing moves."""
    tag = getattr(outcome, "new_tag", None)
    if tag and tag != outcome.use.reference.tag:
        return str(tag)
    digest = getattr(outcome, "new_digest", None)
    return str(digest)[: wording.SHORT_DIGEST] if digest else ""


def why(outcome: Outcome) -> list[str]:
    """Say a decision with all that led to it, one line each, for a terminal."""
    use, policy = outcome.use, outcome.policy
    status = f"{wording.change(outcome)}  {wording.status(outcome)}: {outcome.reason}"
    lines = [f"{use.path}:{use.line}  {use.reference.short} {status} [{outcome.code}]"]
    lines.append(f"    policy {policy.written} from {policy.rule}, scheme {policy.scheme}")
    lines += [
        f"    {one.key} {one.value} from {one.source}" for one in policy.said if one.key != "policy"
    ]
    lines += [f"    {line}" for line in around(outcome)]
    return [wording.printable(line) for line in lines]


def _is_other(refusal: Refusal, named: set[str]) -> bool:
    return refusal.code != "current" and refusal.tag not in named
