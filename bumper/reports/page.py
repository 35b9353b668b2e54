"""What stands on the HTML page, as plain values for its template. Pure."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any

from bumper.harmless import is_plain
from bumper.model import Bump, Failure
from bumper.reports import lag, ranks, records, tags, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bumper.model import Outcome, Problem, Published, Report, Scan

__all__ = ["of_report", "of_scan"]

_MOST_ATTENTION = 50
_URGENT = frozenset({"unknown", "hold", "major"})
_LONGEST = 300


def of_report(report: Report) -> dict[str, Any]:
    """Give the values of a run."""
    counts = records.summary(report)
    links = _links(report)
    urgent = [one for one in ranks.findings(report) if ranks.kind(one) in _URGENT]
    attention = [*map(_of_problem, report.problems), *_grouped(urgent, links)]
    requests = report.requests
    return {
        "tiles": _tiles(report),
        "attention": attention[:_MOST_ATTENTION],
        "attention_total": len(attention),
        "changes": [_change(one, report) for one in report.published],
        "kinds": _kinds(report.outcomes),
        "caption": f"All {counts['uses']} images, in the order of the files",
        "rows": [_row(outcome) for outcome in report.outcomes],
        "requests": {"total": requests.total, "cached": requests.cached},
        "hosts": sorted((_flat(host), number) for host, number in requests.by_registry.items()),
        **lag.values(report.outcomes),
    }


def of_scan(found: Scan) -> dict[str, Any]:
    """Give the values of what stands in a repository, where nothing was looked up."""
    rows = [
        {
            "image": use.reference.short,
            "place": _flat(f"{use.path}:{use.line}"),
            "now": use.reference.tag or "",
            "kind": "found",
            "why": _flat(f"{use.format} {use.where}"),
        }
        for use in found.uses
    ]
    return {
        "tiles": [("images", len(rows)), ("files", len({use.path for use in found.uses}))],
        "attention": [_of_problem(problem) for problem in found.problems[:_MOST_ATTENTION]],
        "attention_total": len(found.problems),
        "changes": [],
        "kinds": ["found"],
        "caption": f"All {len(rows)} references, in the order of the files",
        "rows": [{"new": "", "days": "", "tags": [], "policy": "", **row} for row in rows],
        "requests": {"total": 0, "cached": 0},
        "hosts": [],
        **lag.values(()),
    }


def _tiles(report: Report) -> list[tuple[str, object]]:
    counts = Counter(wording.status(outcome) for outcome in report.outcomes)
    ages = [one.age_seconds for one in report.outcomes if isinstance(one, Bump) and one.age_seconds]
    shown: list[tuple[str, object]] = [("images", len(report.outcomes))]
    shown += [(kind, counts[kind]) for kind in (*ranks.KINDS, "current", "ignored") if counts[kind]]
    if report.problems:
        shown.append(("files unread", len({problem.path for problem in report.problems})))
    if ages:
        shown.append(("median days behind", int(median(ages)) // 86400))
    return shown


def _kinds(outcomes: Sequence[Outcome]) -> list[str]:
    there = {wording.status(outcome) for outcome in outcomes}
    return [kind for kind in (*ranks.KINDS, "current", "ignored") if kind in there]


def _grouped(
    urgent: Sequence[Outcome], links: Mapping[tuple[str, int, int], str]
) -> list[dict[str, str]]:
    """Give what a person should look at; many images that are unknown for one reason are one."""
    unknown = Counter(one.reason for one in urgent if isinstance(one, Failure))
    shown, told = [], set()
    for one in urgent:
        number = unknown[one.reason] if isinstance(one, Failure) else 1
        if number > 1 and one.reason in told:
            continue
        told.add(one.reason)
        words = _urgent(one, links)
        if number > 1:
            words |= {
                "place": f"{words['place']} …",
                "text": _flat(f"{number} images: {one.reason}"),
            }
        shown.append(words)
    return shown


def _links(report: Report) -> dict[tuple[str, int, int], str]:
    """Give the pull request of each place that has one."""
    return {
        _at(bump): done.pull_request.url
        for done in report.published
        if done.request and done.pull_request and is_plain(done.pull_request.url, own=True)
        for bump in done.request.bumps
    }


def _at(outcome: Outcome) -> tuple[str, int, int]:
    return outcome.use.path, outcome.use.line, outcome.use.column


def _urgent(outcome: Outcome, links: Mapping[tuple[str, int, int], str]) -> dict[str, str]:
    hint = getattr(outcome, "hint", "") or ranks.RULES[ranks.kind(outcome)][1]
    place = _flat(f"{outcome.use.path}:{outcome.use.line}")
    told = f"{outcome.use.reference.short} {wording.change(outcome)}: {outcome.reason}"
    words = {"kind": ranks.kind(outcome), "place": place, "text": _flat(told), "fix": _flat(hint)}
    return {**words, "url": links.get(_at(outcome), "")}


def _of_problem(problem: Problem) -> dict[str, str]:
    place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
    told = {"place": _flat(place), "text": _flat(problem.reason), "fix": _flat(problem.hint)}
    return {"kind": "unknown", **told, "url": ""}


def _change(done: Published, report: Report) -> dict[str, str]:
    facts = records.published(done)
    told = {key: _flat(facts[key] or "") for key in ("title", "reason")}
    return {
        **told,
        "operation": wording.done(done, report),
        "url": facts["url"] if is_plain(facts["url"] or "", own=True) else "",
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    use = outcome.use
    return {
        "image": _flat(use.reference.short),
        "place": _flat(f"{use.path}:{use.line}"),
        "now": _flat(wording.now(outcome)),
        "new": _flat(tags.new(outcome)),
        "kind": wording.status(outcome),
        "days": lag.days(outcome),
        "why": _flat(outcome.reason),
        "policy": _flat(f"policy {outcome.policy.written} from {outcome.policy.rule}"),
        "tags": [_flat(line) for line in tags.around(outcome)],
    }


def _flat(text: str) -> str:
    flat = wording.printable(text).replace("`", "'")
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
