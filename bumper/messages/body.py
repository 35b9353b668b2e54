"""The words of a pull request, in the order of a reviewer's doubts. Pure.

What, how risky, where, what changed, why this and what was refused, how to say no, how to undo.
Markdown that GitHub and Gitea both render; nothing is loaded from elsewhere. The form is the template
beside this file; a user's own is filled in with the same values. Whatever the input, the text fits:
what is long is told shorter, step by step.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bumper import __version__, templates
from bumper.harmless import code, in_html, prose
from bumper.messages import boxes, release_notes
from bumper.messages.boxes import Asked
from bumper.messages.fitting import cut
from bumper.messages.places import Files
from bumper.messages.rows import MOST_PLACES, rows
from bumper.model import Level
from bumper.templates import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bumper.messages.rows import Row
    from bumper.model import Bump
    from bumper.notes import Notes

__all__ = ["LONGEST", "VALUES", "Around", "body", "template"]

# GitHub takes 65,536 characters; the hidden marker stands in front.
LONGEST = 60_000
# What a template may use.
VALUES = ("headline", "warnings", "any_age", "any_size", "rows", "details", "boxes", "undo")
_SHOWN = (
    "name", "now", "new", "level", "size", "age", "aged", "warn", "rule", "settings", "reason", "seen", "refused",
    "digests", "platforms", "lost",
)  # fmt: skip
_UNDO = (
    "Merging applies this, by whatever applies this repository. Closing refuses just these "
    "versions; a newer one will be offered. Undo: revert the merge."
)


@dataclass(frozen=True, slots=True)
class Around:
    """What the words need to know beside the bumps.

    `notes` are the release notes by image; `template` is the user's own, "" for ours.
    """

    files: Files = field(default_factory=Files)
    notes: Mapping[str, Notes] = field(default_factory=dict)
    template: str = ""


@dataclass(frozen=True, slots=True)
class _Thrift:
    """How much is told: places of an image, characters of its notes, whether refusals are named."""

    places: int
    notes: int
    refused: bool
    details: bool = True


_STEPS = (
    _Thrift(MOST_PLACES, 20_000, refused=True),
    _Thrift(10, 4_000, refused=True),
    _Thrift(5, 1_000, refused=False),
    _Thrift(3, 0, refused=False),
    _Thrift(1, 0, refused=False, details=False),
)


def body(bumps: Sequence[Bump], around: Around | None = None, longest: int = LONGEST) -> str:
    """Give the body of a change request, at most `longest` characters."""
    around = around or Around()
    found = rows(bumps, around.files, around.notes)
    text = ""
    for thrift in _STEPS:
        text = _filled(_values(found, thrift), around.template)
        if len(text) <= longest:
            return text
    return cut(text, longest)


@cache
def template() -> str:
    """Give our own template."""
    return (resources.files("bumper.messages") / "pull_request.md.jinja").read_text("utf-8")


def _values(found: Sequence[Row], thrift: _Thrift) -> dict[str, Any]:
    """Give what a template may use; every value is ready Markdown, `summary` is HTML."""
    told = [_details(row, thrift, alone=len(found) == 1) for row in found] if thrift.details else []
    return {
        "headline": _headline(found),
        "warnings": _warnings(found),
        "any_age": any(row.age for row in found),
        "any_size": any(row.size for row in found),
        "rows": [
            {**{key: getattr(row, key) for key in _SHOWN}, "where": row.where(thrift.places)}
            for row in found
        ],
        "details": [part for parts in told for part in parts],
        "boxes": "\n".join(_boxes(found)),
        "undo": f"{_UNDO} bumper {__version__} · {_ask(found[0])}",
    }


def _filled(told: dict[str, Any], own: str) -> str:
    if own:
        try:
            return templates.render(own, told) + "\n"
        except TemplateFault as fault:
            said = prose(str(fault))
            return f"_`pull-requests.template`: {said}_\n\n{templates.render(template(), told)}\n"
    return templates.render(template(), told) + "\n"


def _headline(found: Sequence[Row]) -> str:
    if len(found) == 1:
        row = found[0]
        facts = [f"**{row.name} {row.step}**", row.level, row.aged, row.rule]
        return " · ".join(fact for fact in facts if fact)
    levels = Counter(row.level for row in found)
    order = sorted(levels, key=lambda word: -Level(word.strip("*")).rank)
    names = len({row.bumps[0].use.reference.image for row in found})
    return f"**{names} images** · " + ", ".join(f"{levels[word]} {word}" for word in order)


def _warnings(found: Sequence[Row]) -> list[str]:
    lines = []
    for row in found:
        if row.data:
            lines.append(f"{row.short} keeps data: a major is a migration. Read {prose(row.data)}.")
        if row.lost:
            lines.append(f"{row.short} {row.new} is no longer there for {row.lost}.")
        lines += [f"{row.short}: {line}" for line in row.asks]
    return lines if len(lines) <= 20 else [*lines[:20], f"and {len(lines) - 20} more, see below"]


def _details(row: Row, thrift: _Thrift, *, alone: bool) -> list[dict[str, str]]:
    """Give the folded parts of one image; in a group it has one, with all of them."""
    first = row.bumps[0]
    tag = in_html(first.new_tag or "this digest")
    notes = release_notes.block(row.notes, thrift.notes) if thrift.notes else ""
    lost = f"lost: {row.lost}" if row.lost else ""
    there = "\n\n".join(part for part in (row.digests, row.platforms, lost) if part)
    noted = release_notes.summary(row.notes)
    parts = (
        (noted, "Release notes", notes),
        (f"Why {tag}?", "Why", _why(row, thrift)),
        ("What the registry has", "What the registry has", there),
    )
    if alone:
        return [{"summary": summary, "text": text} for summary, _, text in parts if text]
    name = in_html(first.use.reference.short)
    text = "\n\n".join(f"**{head}**\n\n{text}" for _, head, text in parts if text)
    return [{"summary": f"{name}: {noted}" if notes else name, "text": text}]


def _why(row: Row, thrift: _Thrift) -> str:
    parts = [row.reason, row.seen]
    if thrift.refused and row.refused:
        parts.append("\n".join(f"- {line}" for line in row.refused[:12]))
    parts.append(row.rule + (f" · {row.settings}" if row.settings else ""))
    parts.append(f"Every verdict: {_ask(row)}")
    return "\n\n".join(part for part in parts if part)


def _ask(row: Row) -> str:
    reference = row.bumps[0].use.reference
    return code(f"bumper explain {reference.short}:{reference.tag or 'latest'}")


def _boxes(found: Sequence[Row]) -> list[str]:
    lines = [boxes.box(Asked("rebase"), "rebase or retry this pull request")]
    for row in found:
        lines.append(boxes.box(row.skip, f"never propose {row.words} again"))
        if row.level == f"**{Level.MAJOR}**":
            image = row.bumps[0].use.reference
            words = f"no majors of {prose(image.short)}"
            lines.append(boxes.box(Asked("skip-major", image.image), words))
    return lines
