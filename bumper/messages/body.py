"""The words of a pull request, in the order of a reviewer's doubts. Pure.

What, how risky, where, why this and what was refused, how to undo. Markdown that GitHub and Gitea
both render; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bumper.messages.harmless import code, prose
from bumper.model import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Bump

__all__ = ["body"]

_LONGEST = 60_000
_MOST_PLACES = 50
_REASONS = {
    "other-variant": "of another variant",
    "other-precision": "with another number of parts",
    "other-prefix": "with another prefix",
    "other-kind": "counted in another way",
    "older": "not newer",
    "equal": "not newer",
    "current": "the current one",
    "pre-release": "pre-releases",
    "no-version": "without a version",
    "not-an-image": "no images",
    "above-policy": "above the policy",
}


def body(bumps: Sequence[Bump]) -> str:
    """Give the body of a change request, at most 60,000 characters, cut between blocks."""
    images = {bump.use.reference.image: bump for bump in bumps}
    blocks = [_summary(bumps), _table(bumps)]
    blocks += [_why(bump) for bump in images.values()]
    blocks += [block for bump in images.values() if (block := _content(bump))]
    last = (
        "<sub>Merging applies this, by whatever applies this repository. Closing refuses just these "
        "versions; a newer one will be offered. Undo: revert the merge.</sub>"
    )
    text, left = "", _LONGEST - len(last)
    for block in blocks:
        if len(block) + 2 > left:
            text += "_The rest is left out: the text would be too long._\n\n"
            break
        text += f"{block}\n\n"
        left -= len(block) + 2
    return f"{text}{last}\n"


def _summary(bumps: Sequence[Bump]) -> str:
    lines = []
    for image, bump in {bump.use.reference.image: bump for bump in bumps}.items():
        of_image = [one for one in bumps if one.use.reference.image == image]
        highest = max((one.level for one in of_image), key=lambda level: level.rank)
        word = f"**{highest}**" if highest is Level.MAJOR else str(highest)
        rule = f"policy {code(bump.policy.written)} from {prose(bump.policy.rule)}"
        lines.append(f"**{bump.use.reference.short} {_change(of_image)}** · {word} · {rule}")
    return "\n\n".join(lines)


def _change(bumps: Sequence[Bump]) -> str:
    old = sorted({one.use.reference.tag or (one.use.reference.digest or "")[:19] for one in bumps})
    new = sorted({one.new_tag or (one.new_digest or "")[:19] for one in bumps})
    return f"{', '.join(old)} → {', '.join(new)}"


def _table(bumps: Sequence[Bump]) -> str:
    lines = ["| Where | Now | New | Level |", "| --- | --- | --- | --- |"]
    for bump in bumps[:_MOST_PLACES]:
        reference = bump.use.reference
        now = "@".join(part for part in (reference.tag, (reference.digest or "")[:19]) if part)
        new = "@".join(
            p for p in (bump.new_tag or reference.tag, (bump.new_digest or "")[:19]) if p
        )
        place = f"{bump.use.path}:{bump.use.line}"
        lines.append(
            f"| {code(place)} {code(bump.use.where)} | {code(now)} | {code(new)} | {bump.level} |"
        )
    if len(bumps) > _MOST_PLACES:
        lines.append(f"| and {len(bumps) - _MOST_PLACES} more places | | | |")
    return "\n".join(lines)


def _why(bump: Bump) -> str:
    """Say why this tag, and how many others were refused for which reason."""
    counts = Counter(_REASONS.get(one.code, prose(one.code)) for one in bump.refused)
    told = " · ".join(f"{number} {reason}" for reason, number in counts.most_common())
    seen = f"{sum(counts.values()) + 1} tags seen: {told} · **1 chosen**" if counts else ""
    reference = bump.use.reference
    ask = code(f"bumper explain {reference.short}:{reference.tag}")
    return (
        f"<details><summary>Why {bump.new_tag or 'this digest'}?</summary>\n\n"
        f"{prose(bump.reason)}\n\n{seen}\n\nEvery verdict: {ask}\n\n</details>"
    )


def _content(bump: Bump) -> str:
    """Say what the registry vouched for: the digest and the platforms."""
    if bump.manifest is None:
        return ""
    lines = [f"{bump.use.reference.short}: digest {code(bump.manifest.digest)}"]
    if bump.manifest.platforms:
        lines.append(f"platforms {', '.join(code(one) for one in bump.manifest.platforms)}")
    return (
        "<details><summary>What the registry has</summary>\n\n"
        + ", ".join(lines)
        + "\n\n</details>"
    )
