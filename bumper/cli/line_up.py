"""What `explain` says of every tag, for a person and as plain data. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bumper import catalog
from bumper.model import Hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.cli.whatif import Change
    from bumper.model import Candidate, Outcome, Ranking, Refusal
    from bumper.schemes.base import Scheme

__all__ = ["told", "verdicts"]

_SHOWN = 15


def verdicts(ranking: Ranking) -> list[dict[str, Any]]:
    """Give for every tag `tag, verdict, code, reason, level, parts`, candidates first, best first."""
    scheme = catalog.scheme(ranking.policy)
    found: list[dict[str, Any]] = [
        {
            "tag": one.tag,
            "verdict": "candidate",
            "code": "newer",
            "reason": f"newer, by a {one.level} step",
            "level": str(one.level),
            "parts": _parts(scheme, one.tag),
        }
        for one in ranking.candidates
    ]
    held = ranking.hold.tag if ranking.hold is not None else None
    found += [
        {
            "tag": one.tag,
            "verdict": "held" if one.tag == held else "refused",
            "code": one.code,
            "reason": one.reason,
            "level": None,
            "parts": [] if one.code == "not-an-image" else _parts(scheme, one.tag),
        }
        for one in ranking.refused
    ]
    return found


def _parts(scheme: Scheme, tag: str) -> list[dict[str, str]]:
    return [{"part": part, "text": text} for part, text in scheme.pieces(tag)]


def told(ranking: Ranking, result: Outcome, changes: Sequence[Change], *, wordy: bool) -> str:
    """Say it for a person: the verdict, the setting, the candidates, the refusals by reason."""
    use, policy = ranking.use.reference, ranking.policy
    lines = [f"{use}: {result.status}: {result.reason}"]
    lines.append(f"policy {policy.written} from {policy.rule}, scheme {policy.scheme}")
    scheme = catalog.scheme(policy)
    if use.tag is not None:
        lines.append(f"read as {_spelled(scheme, use.tag)}")
    lines += _candidates(ranking.candidates, scheme, wordy=wordy)
    lines += _refusals(ranking.refused, scheme, wordy=wordy)
    for change in changes:
        lines.append(f"  ? {change.line} would give {change.chosen or change.status}")
    if isinstance(result, Hold) and not changes:
        lines.append("  ? no single line of config changes this")
    return "\n".join(lines) + "\n"


def _spelled(scheme: Scheme, tag: str) -> str:
    """Give a tag taken apart, such as `version 3.12 + variant -alpine + environment 3.20`."""
    return " + ".join(f"{part} {text}" for part, text in scheme.pieces(tag)) or "no version"


def _candidates(candidates: Sequence[Candidate], scheme: Scheme, *, wordy: bool) -> list[str]:
    shown = candidates if wordy else candidates[:_SHOWN]
    lines = []
    for one in shown:
        parts = f"  ({_spelled(scheme, one.tag)})" if wordy else ""
        lines.append(f"  + {one.tag}  {one.level}{parts}")
    more = len(candidates) - len(shown)
    return [*lines, f"  + {more} more below"] if more > 0 else lines


def _refusals(refused: Sequence[Refusal], scheme: Scheme, *, wordy: bool) -> list[str]:
    by_code: dict[str, list[Refusal]] = {}
    for refusal in refused:
        by_code.setdefault(refusal.code, []).append(refusal)
    lines = []
    for code, found in sorted(by_code.items(), key=lambda item: -len(item[1])):
        lines.append(f"  - {len(found)} {code}, such as {found[-1].tag}: {found[-1].reason}")
        if wordy:
            lines += [
                f"      {one.tag}: {one.reason}  ({_spelled(scheme, one.tag)})" for one in found
            ]
    return lines
