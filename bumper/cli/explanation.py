"""The work of `explain`: one use that stands in no file, judged like every other."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bumper import catalog, confirm, decide, policies, reference, resolve
from bumper.cli import line_up, output, places, session, whatif
from bumper.config import settle
from bumper.errors import UsageError
from bumper.model import Complete, ImageUse, Incomplete, Ranking
from bumper.reports import records, wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bumper.cli.options import Options
    from bumper.model import Listing, Outcome, Policy, Refusal

__all__ = ["explain"]


def explain(options: Options, image: str, policy: str | None, tags: Path | None) -> int:
    """Print the verdicts on every tag; exit 3 if the image could not be looked up."""
    work = session.Session(options)
    parsed = reference.parse(image)
    scan = places.find(work, parsed)
    found = scan.uses
    use = replace(found[0], reference=parsed) if found else ImageUse("", 0, 0, "", "", parsed, ())
    settled = places.settled(work, use)
    if policy is not None:
        try:
            settled = replace(policies.parse(policy, settled), rule="--policy")
        except ValueError as error:
            raise UsageError(f"--policy: {error}", code="bad-policy") from error
    if tags is not None:
        listing: Listing | None = Complete(tuple(dict.fromkeys(_lines(tags))))
        ranked, result = whatif.judged(use, listing, settled)
    else:
        listing, ranked, result = asyncio.run(_ask(work, use, settled))
    ranking = _with_verdicts(ranked, listing)
    result = settle.heeded(result)
    changes = whatif.changes(use, listing if isinstance(listing, Complete) else None, settled)
    if output.style(options) == "json":
        document = {
            **records.explanation(ranking, result),
            "verdicts": line_up.verdicts(ranking),
            "changes": [asdict(change) for change in changes],
            "places": places.records(work, found),
            "excluded": dict(scan.excluded),
        }
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    else:
        text = line_up.told(ranking, result, changes, wordy=bool(options.verbose))
        told = [*places.lines(work, found), *wording.excluded(scan)]
        text += "".join(f"{line}\n" for line in told)
    output.result(text, options)
    return 3 if result.status == "failed" else 0


async def _ask(
    work: session.Session, use: ImageUse, policy: Policy
) -> tuple[Listing | None, Ranking | Outcome, Outcome]:
    screened = decide.screen(use, policy)
    if screened is not None:
        return None, screened, screened
    accounts = {use.reference.image: policy.auth} if policy.auth else {}
    async with work.registries(accounts) as registry_for:
        listing: Listing | None = await resolve.listing(use.reference, registry_for)
        if isinstance(listing, Incomplete) and not decide.needs_tags(use, policy):
            listing = None  # then it decides nothing, and only the verdicts are missing
        ranked = decide.rank(use, listing, policy, catalog.scheme(policy))
        if not isinstance(ranked, Ranking):
            return listing, ranked, ranked
        return listing, ranked, (await confirm.confirm([ranked], registry_for))[0]


def _with_verdicts(ranked: Ranking | Outcome, listing: Listing | None) -> Ranking:
    """Give a ranking for whatever was decided: where nothing was compared, each tag says so."""
    if isinstance(ranked, Ranking):
        return ranked
    refused: Sequence[Refusal] = ()
    if isinstance(listing, Complete):
        code = "policy-ignore" if ranked.policy.level is None else "no-comparison"
        scheme = catalog.scheme(ranked.policy)
        refused = decide.idle(ranked.use, listing, scheme, code)
    return Ranking(ranked.use, ranked.policy, (), refused)


def _lines(path: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read", code="no-tags-file") from error
    return [line.strip() for line in text.splitlines() if line.strip()]
