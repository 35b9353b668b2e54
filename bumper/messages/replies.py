"""What we say in comments: answers to commands, and what a person should know once. Pure.

Names of people are foreign text: nobody is mentioned. What is said stands in the pull request too, so
an answer is short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.harmless import code, prose, spans
from bumper.messages import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bumper.model import Bump

__all__ = [
    "UNDECIDED",
    "by",
    "edited",
    "explained",
    "held",
    "labelled",
    "no_length",
    "no_major",
    "rebased",
    "rechecked",
    "refused",
    "reminded",
    "retargeted",
    "reworded",
]

UNDECIDED = (
    "nobody has decided in time; that is no refusal: reopen it to have it after all, and a newer "
    "version is offered"
)

_MOST_ROWS = 20


def by(person: str) -> str:
    """Say who asked; a box does not say it."""
    return f"as {prose(person)} asked" if person else "as its box was ticked"


def edited() -> str:
    """Say that the branch is a person's now."""
    return (
        "This branch holds commits that bumper did not make, so it is left alone. To have it made "
        f"anew, without them, tick *rebase* above or write {code('bumper rebase')}."
    )


def retargeted(there: str, base: str) -> str:
    """Say that a pull request goes into another branch than the one that is kept current."""
    return (
        f"This goes into {code(there)}, while {code(base)} is what bumper keeps current, so it is left alone. "
        f"Write {code('bumper rebase')} to have it made anew for {code(base)}, or close it to refuse these versions."
    )


def labelled(label: str) -> str:
    """Say what a label does."""
    return f"This is not touched while it has the label {code(label)}."


def reworded() -> str:
    """Say what becomes of the words of a person."""
    return (
        "The title or the text was changed by a person, so both stay as they are. The branch still moves: what "
        "it brings stands in its commit."
    )


def rebased(person: str) -> str:
    """Say that the branch was made anew."""
    return f"Made anew on the base branch, {by(person)}."


def refused(person: str, majors: Iterable[str]) -> str:
    """Say that a pull request is refused, and how to take that back."""
    names = ", ".join(code(one) for one in majors)
    what = (
        f"no major of {names} is offered again" if names else "these versions are not offered again"
    )
    return f"Closed, {by(person)}: {what}. Reopen it to take that back."


def held(person: str, until: datetime) -> str:
    """Say until when a pull request rests."""
    return (
        f"Rests until {until:%Y-%m-%d %H:%M} UTC, {by(person)}; {code('bumper rebase')} ends that."
    )


def reminded(end: datetime) -> str:
    """Remind of a pull request that nobody decides."""
    return (
        f"This waits for a decision: merge it, or close it to refuse these versions. On {end:%Y-%m-%d} it is "
        f"closed without one; {code('bumper hold 2w')}, a comment, an approval or a commit puts that off."
    )


def no_length() -> str:
    """Say how `hold` is written."""
    return f"For how long? Write {code('bumper hold 2w')}, or 12h, or 3d; a year at the most."


def no_major() -> str:
    """Say that `skip major` belongs elsewhere."""
    return "This is no major: write it below the pull request of one, which stands alone."


def rechecked(bumps: Iterable[Bump]) -> str:
    """Say what the registries have now."""
    rows = {bump.target: bump for bump in bumps}.values()
    told = [f"{_name(bump)} is the newest that is allowed" for bump in rows]
    return "\n".join(_listed(told, "Looked up again: this is not wanted any more."))


def explained(bumps: Iterable[Bump]) -> str:
    """Say why just these versions, and what was refused."""
    rows = {bump.target: bump for bump in bumps}.values()
    return "\n".join(_listed([_why(bump) for bump in rows], "This is not wanted any more."))


def _why(bump: Bump) -> str:
    seen, lines = refusals.told(bump.refused)
    parts = [f"{_name(bump)}: {spans(bump.reason)}, by {prose(bump.policy.rule)}", seen]
    reference = bump.use.reference
    ask = code(f"bumper explain {reference.short}:{reference.tag or 'latest'}")
    return "; ".join((*(part for part in parts if part), *lines[:5], f"every verdict: {ask}"))


def _name(bump: Bump) -> str:
    said = bump.new_tag or f"{bump.use.reference.tag or ''}@{(bump.new_digest or '')[:19]}"
    return f"{prose(bump.use.reference.short)} {code(said)}"


def _listed(lines: list[str], nothing: str) -> list[str]:
    if len(lines) > _MOST_ROWS:
        lines = [*lines[:_MOST_ROWS], f"and {len(lines) - _MOST_ROWS} more"]
    return [f"- {line}" for line in lines] or [nothing]
