"""Which tags were refused, told in few words: how many by reason, the first of those that may surprise. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bumper.harmless import code, prose, spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import Refusal

__all__ = ["told"]

_REFUSED = {
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
    "too-young": "younger than `min-age`",
}
# Of these everybody expects the refusal: their number is enough.
_PLAIN = frozenset(_REFUSED) - {"above-policy", "pre-release", "too-young"}


def told(refused: Iterable[Refusal]) -> tuple[str, tuple[str, ...]]:
    """Say how many tags were seen, and of those whose refusal may surprise the first few."""
    counts: Counter[str] = Counter()
    named_by: dict[str, list[str]] = {}
    for refusal in refused:
        counts[refusal.code] += 1
        named = named_by.setdefault(refusal.code, [])
        if refusal.code not in _PLAIN and len(named) < 3:
            named.append(f"{code(refusal.tag)}: {spans(refusal.reason)}")
    if not counts:
        return "", ()
    words: Counter[str] = Counter()
    for key, number in counts.items():
        words[_REFUSED.get(key, prose(key.replace("-", " ")))] += number
    text = " · ".join(f"{number} {reason}" for reason, number in words.most_common())
    lines = tuple(
        f"{code(key)} {one}{f' (and {counts[key] - 3} more)' if n == 2 and counts[key] > 3 else ''}"
        for key, named in named_by.items()
        for n, one in enumerate(named)
    )
    return f"{sum(counts.values()) + 1} tags seen: {text} · **1 chosen**", lines
