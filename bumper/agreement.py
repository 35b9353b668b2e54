"""The proof of a migration: two readings of one repository, use by use. Pure.

What is compared is what decides: not who said it, nor how it was spelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bumper.model import ImageUse, Policy

__all__ = ["Difference", "Place", "decides", "differences", "place"]

Place = tuple[str, int, int, str]
_NOT_COMPARED = frozenset(
    {"written", "rule", "sources", "said", "monitor", "note", "place", "refusal", "fault"}
)
# Settings of a use that are not in its policy's own fields.
_SAID = (
    "schedule", "notify", "release-notes", "reviewers", "assignees", "labels", "automerge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One use for which the two readings part: each key as `before`, by the other system, and `after`."""

    use: ImageUse
    keys: tuple[tuple[str, str, str], ...]


def place(use: ImageUse) -> Place:
    """Give what names a use in every reading of one repository."""
    return use.path, use.line, use.column, use.where


def differences(
    uses: Sequence[ImageUse],
    before: Mapping[Place, dict[str, str]],
    after: Mapping[Place, dict[str, str]],
) -> tuple[Difference, ...]:
    """Give every use that is not decided the same way; one that is not looked at is as if ignored."""
    found = []
    for use in uses:
        one = before.get(place(use), _IGNORED)
        other = after.get(place(use), _IGNORED)
        if one != other:
            keys = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
            told = tuple((key, one.get(key, "-"), other.get(key, "-")) for key in keys)
            found.append(Difference(use, told))
    return tuple(found)


_IGNORED = {"policy": "ignore"}


def decides(policy: Policy | None) -> dict[str, str]:
    """Give what of a policy decides, key by key; None and `ignore` are the same."""
    if policy is None:
        return _IGNORED
    if policy.fault or policy.refusal:
        return {"policy": policy.fault or policy.refusal}
    if policy.level is None:
        return _IGNORED
    fields = {
        name: value
        for name in policy.__dataclass_fields__
        if name not in _NOT_COMPARED
        for value in (getattr(policy, name),)
        if value not in (None, (), False, 0, "")
    }
    said = {key: one.value for key in _SAID if (one := policy.setting(key)) is not None}
    monitor = {"monitor": "true"} if policy.monitor else {}
    return {key: str(value) for key, value in {**fields, **said, **monitor}.items()}
