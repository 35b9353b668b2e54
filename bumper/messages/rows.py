"""The images of a change request, one row each: what moves where, how far, how old, by which setting. Pure.

Every text of a row is ready Markdown: what strangers wrote is harmless already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import images
from bumper.asides.settings import span
from bumper.harmless import code, prose, spans
from bumper.messages import places, refusals, release_notes, sizes
from bumper.messages.boxes import Asked
from bumper.model import Level
from bumper.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bumper.messages.places import Files
    from bumper.model import Bump

__all__ = ["MOST_PLACES", "Row", "rows"]

MOST_PLACES = 30
SHORT_DIGEST = 19  # "sha256:" and twelve digits, as Docker shows it
_MOST_OLD = 5
_PLACE = re.compile(r"(?P<path>[\w./-]+\.\w+):(?P<line>[0-9]{1,7})\b", re.ASCII)
_SOURCES = {
    "registry": "pushed, by the registry's word",
    "first-seen": "since bumper saw it first",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One image that moves from some tags to one."""

    bumps: tuple[Bump, ...]
    name: str
    short: str
    now: str
    new: str
    step: str
    level: str
    size: str
    age: str
    aged: str
    places: tuple[str, ...]
    rule: str
    settings: str
    reason: str
    seen: str
    refused: tuple[str, ...]
    digests: str
    platforms: str
    lost: str
    data: str
    skip: Asked
    words: str
    notes: Notes
    asks: tuple[str, ...] = ()

    def where(self, most: int) -> str:
        """Give the places, so many at most."""
        text = "<br>".join(self.places[:most])
        more = len(self.bumps) - most
        return f"{text}<br>and {more} more" if more > 0 else text

    @property
    def warn(self) -> bool:
        """Whether something about it needs a person's eyes."""
        return bool(self.lost or self.data or self.asks)


def _age(bump: Bump) -> tuple[str, str]:
    """Give how old what is proposed is, for a cell and for a sentence; nothing where nobody knows."""
    seconds, source = bump.age_seconds, bump.age_source or ""
    if seconds is None:
        return "", ""
    if not seconds and source == "first-seen":
        return "new", "seen for the first time"
    age = span(seconds)
    return age, f"{age} old ({_SOURCES.get(source, prose(source))})"


def rows(bumps: Sequence[Bump], files: Files, notes: Mapping[str, Notes]) -> tuple[Row, ...]:
    """Give the rows, those that need eyes first, then by name."""
    grouped: dict[tuple[str, str | None, str | None], list[Bump]] = {}
    for bump in bumps:
        key = (bump.use.reference.image, bump.new_tag, bump.new_digest)
        grouped.setdefault(key, []).append(bump)
    found = [
        _row(tuple(some), files, notes.get(image, Notes()))
        for (image, _, _), some in grouped.items()
    ]
    return tuple(sorted(found, key=lambda row: (not row.warn, row.bumps[0].use.reference.image)))


def _row(bumps: tuple[Bump, ...], files: Files, notes: Notes) -> Row:
    one = max(bumps, key=lambda bump: bump.level.rank)
    reference, level = one.use.reference, one.level
    now = dict.fromkeys(_spelled(b.use.reference.tag, b.use.reference.digest) for b in bumps)
    seen, refused = refusals.told(one.refused)
    age, aged = _age(one)
    return Row(
        bumps=bumps,
        name=places.image(reference),
        short=prose(reference.short),
        step=_step(bumps, one),
        now=", ".join((*list(now)[:_MOST_OLD], *(["…"] if len(now) > _MOST_OLD else []))),
        new=_spelled(one.new_tag or reference.tag, one.new_digest),
        level=f"**{level}**" if level is Level.MAJOR else str(level),
        size=sizes.told(*one.sizes),
        age=age.replace(" ", "\u00a0"),  # a cell breaks no line between a number and its unit
        aged=aged,
        places=tuple(files.line(b.use.path, b.use.line) for b in bumps[:MOST_PLACES]),
        rule=f"policy {code(one.policy.written)} from {_setting(one.policy.rule, files)}",
        settings=_settings(one, files),
        reason=spans(one.reason),
        seen=seen,
        refused=refused,
        digests=_digests(one),
        platforms=_platforms(one),
        lost=_lost(one),
        data=_data(one),
        skip=Asked("skip", one.target),
        words=f"{prose(reference.short)} {_spelled(one.new_tag or reference.tag, None if one.new_tag else one.new_digest)}",
        notes=notes,
        asks=tuple(release_notes.lifted(notes)),
    )


def _step(bumps: Sequence[Bump], one: Bump) -> str:
    """Give `1.25 → 1.27`; the digests only where nothing else moves."""
    if one.new_tag is None:
        reference = one.use.reference
        return f"{_spelled(reference.tag, reference.digest)} → {_spelled(None, one.new_digest)}"
    tags = dict.fromkeys(bump.use.reference.tag or "no tag" for bump in bumps)
    some = [code(tag) for tag in list(tags)[:_MOST_OLD]] + ["…"] * (len(tags) > _MOST_OLD)
    return f"{', '.join(some)} → {code(one.new_tag)}"


def _spelled(tag: str | None, digest: str | None) -> str:
    """Give tag and digest as two spans: an `@` between them would be a mention's."""
    parts = [code(tag)] if tag else []
    if digest:
        parts.append(code(digest[:SHORT_DIGEST]))
    return " ".join(parts) or "no tag"


def _setting(source: str, files: Files) -> str:
    """Give who set something, with its file and line linked."""
    match = _PLACE.search(source)
    if match is None:
        return prose(source)
    before, after = prose(source[: match.start()]), prose(source[match.end() :])
    link = files.line(match["path"], int(match["line"]))
    # The brackets of `rules[0] (bumper.yaml:7)` are on both sides of the link.
    return f"{before}{'' if before.endswith('(') or not before else ' '}{link}{after}"


def _settings(bump: Bump, files: Files) -> str:
    said = [one for one in bump.policy.said if one.key != "policy"][:12]
    return " · ".join(
        f"{code(f'{one.key}: {one.value}')} from {_setting(one.source, files)}" for one in said
    )


def _digests(bump: Bump) -> str:
    old = bump.use.reference.digest or (bump.before.digest if bump.before is not None else "")
    new = bump.new_digest or (bump.manifest.digest if bump.manifest is not None else "")
    if not new:
        return ""
    return f"digest {code(old)} → {code(new)}" if old and old != new else f"digest {code(new)}"


def _platforms(bump: Bump) -> str:
    if bump.manifest is None or not bump.manifest.platforms:
        return ""
    before = set(bump.before.platforms) if bump.before is not None else set()
    gained = [one for one in bump.manifest.platforms if before and one not in before]
    text = f"platforms {_listed(bump.manifest.platforms)}"
    return f"{text}, new among them {_listed(gained)}" if gained else text


def _lost(bump: Bump) -> str:
    if bump.manifest is None or bump.before is None or not bump.manifest.platforms:
        return ""
    there = set(bump.manifest.platforms)
    return _listed(one for one in bump.before.platforms if one not in there)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in list(names)[:30])


def _data(bump: Bump) -> str:
    """Give the maker's page on moving data, where a major is such a move."""
    repository, policy = bump.use.reference.repository, bump.policy
    if bump.level is not Level.MAJOR or not images.is_stateful(repository, policy.stateful):
        return ""
    return images.STATEFUL.get(repository, "the config says so")
