"""What needs a person first, and which characters a finding means. Pure.

A finding is an outcome that somebody may want to act on: unknown, held, or to bump. What is current or
ignored is none.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bumper.model import Bump, Failure, Hold, Part
from bumper.reports import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bumper.model import ImageUse, Outcome, Report

__all__ = ["KINDS", "RULES", "findings", "fingerprints", "kind", "sentence", "width"]

# In the order of urgency: not knowing comes before everything that is known.
KINDS = ("unknown", "hold", "major", "minor", "patch", "digest")
# What each kind means, and what to do about it; the last is about files, not images.
RULES = {
    "unknown": ("The image could not be looked up.", "See `bumper explain IMAGE:TAG`."),
    "hold": ("A person must decide.", "`bumper explain IMAGE:TAG` says what would let it pass."),
    "major": ("A newer major version is out.", "Read its release notes, then `bumper apply`."),
    "minor": ("A newer minor version is out.", "`bumper apply` or `bumper run` takes it."),
    "patch": ("A newer patch version is out.", "`bumper apply` or `bumper run` takes it."),
    "digest": ("The tag was pushed again.", "`bumper apply` or `bumper run` takes it."),
    "unreadable": ("A file or a setting cannot be read.", "Mend it, or see `files.exclude`."),
}


def kind(outcome: Outcome) -> str:
    """Say which of `KINDS` an outcome is, "" for one that is no finding."""
    status = wording.status(outcome)
    return status if isinstance(outcome, Bump | Hold | Failure) else ""


def findings(report: Report) -> list[Outcome]:
    """Give the findings, the most urgent first, then in the order of the files."""
    found = [outcome for outcome in report.outcomes if kind(outcome)]
    return sorted(found, key=lambda one: KINDS.index(kind(one)))


def sentence(outcome: Outcome) -> str:
    """Say a finding in one line: `nginx 1.25.3 -> 1.27.0 (minor): why`."""
    name, why = outcome.use.reference.short, outcome.reason
    return wording.printable(f"{name} {wording.change(outcome)} ({wording.status(outcome)}): {why}")


def width(use: ImageUse) -> int:
    """Give how many characters stand from the column of a use on: its tag, else digest, else name."""
    for part in (Part.TAG, Part.DIGEST, Part.NAME):
        slot = use.slot(part)
        if slot is not None:
            return slot.span.end - slot.span.start
    reference = use.reference
    return len(reference.tag or reference.digest or str(reference))


def fingerprints(outcomes: Iterable[Outcome]) -> list[str]:
    """Name each outcome by what stays when lines move or versions change: its file, place and image.

    The same image at the same place of a file is told apart by counting.
    """
    seen: dict[tuple[str, ...], int] = {}
    names = []
    for outcome in outcomes:
        use = outcome.use
        name = (use.path, use.where, use.reference.image)
        seen[name] = seen.get(name, 0) + 1
        told = "\0".join((*name, str(seen[name])))
        names.append(sha256(told.encode(errors="surrogatepass")).hexdigest())
    return names
