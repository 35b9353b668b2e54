"""The work of `explain`: one use that stands in no file, judged like every other."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import catalog, confirm, decide, policies, reference, resolve
from bumper.cli import output, places, session
from bumper.config import settle
from bumper.errors import UsageError
from bumper.model import Complete, ImageUse, Ranking
from bumper.reports import records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bumper.cli.options import Options
    from bumper.model import Candidate, Listing, Outcome, Policy, Refusal

__all__ = ["explain"]

_SHOWN = 15


def explain(options: Options, image: str, policy: str | None, tags: Path | None) -> int:
    """Print the verdicts on every tag; exit 3 if the image could not be looked up."""
    work = session.Session(options)
    parsed = reference.parse(image)
    found = places.find(work, parsed)
    use = replace(found[0], reference=parsed) if found else ImageUse("", 0, 0, "", "", parsed, ())
    settled = places.settled(work, use)
    if policy is not None:
        try:
            settled = replace(policies.parse(policy, settled), rule="--policy")
        except ValueError as error:
            raise UsageError(f"--policy: {error}", code="bad-policy") from error
    if tags is not None:
        given: Listing = Complete(tuple(dict.fromkeys(_lines(tags))))
        ranked = decide.screen(use, settled) or _rank(use, given, settled)
        result = _offline(ranked) if isinstance(ranked, Ranking) else ranked
    else:
        ranked, result = asyncio.run(_ask(work, use, settled))
    ranking = ranked if isinstance(ranked, Ranking) else Ranking(use, settled, (), ())
    result = settle.heeded(result)
    document = {**records.explanation(ranking, result), "places": places.records(work, found)}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if output.style(options) != "json":
        text = _told(ranking, result, wordy=bool(options.verbose))
        text += "".join(f"{line}\n" for line in places.lines(work, found))
    output.result(text, options)
    return 3 if result.status == "failed" else 0


async def _ask(
    work: session.Session, use: ImageUse, policy: Policy
) -> tuple[Ranking | Outcome, Outcome]:
    screened = decide.screen(use, policy)
    if screened is not None:
        return screened, screened
    accounts = {use.reference.image: policy.auth} if policy.auth else {}
    async with work.registries(accounts) as registry_for:
        listing = None
        if decide.needs_tags(use, policy):
            listing = (await resolve.resolve([use.reference], registry_for))[use.reference.image]
        ranked = _rank(use, listing, policy)
        if not isinstance(ranked, Ranking):
            return ranked, ranked
        return ranked, (await confirm.confirm([ranked], registry_for))[0]


def _rank(use: ImageUse, listing: Listing | None, policy: Policy) -> Ranking | Outcome:
    return decide.rank(use, listing, policy, catalog.scheme(policy))


def _offline(ranking: Ranking) -> Outcome:
    """Give the outcome that no registry was asked about."""
    return confirm.unconfirmed(ranking) if ranking.candidates else confirm.at_rest(ranking)


def _lines(path: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read", code="no-tags-file") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _told(ranking: Ranking, result: Outcome, *, wordy: bool) -> str:
    """Say it for a person: the verdict, the candidates, the refusals by reason."""
    use = ranking.use.reference
    lines = [f"{use}: {result.status}: {result.reason}"]
    lines.append(
        f"policy {ranking.policy.written} from {ranking.policy.rule}, scheme {ranking.policy.scheme}"
    )
    lines += _candidates(ranking.candidates)
    lines += _refusals(ranking.refused, wordy=wordy)
    return "\n".join(lines) + "\n"


def _candidates(candidates: Sequence[Candidate]) -> list[str]:
    lines = [f"  + {one.tag}  {one.level}" for one in candidates[:_SHOWN]]
    more = len(candidates) - _SHOWN
    return [*lines, f"  + {more} more below"] if more > 0 else lines


def _refusals(refused: Sequence[Refusal], *, wordy: bool) -> list[str]:
    by_code: dict[str, list[Refusal]] = {}
    for refusal in refused:
        by_code.setdefault(refusal.code, []).append(refusal)
    lines = []
    for code, found in sorted(by_code.items(), key=lambda item: -len(item[1])):
        lines.append(f"  - {len(found)} {code}, such as {found[-1].tag}: {found[-1].reason}")
        if wordy:
            lines += [f"      {one.tag}: {one.reason}" for one in found]
    return lines
