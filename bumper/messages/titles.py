"""Branch names, titles and commit messages. Pure.

Only our own words and the grammar of references stand in them: no upstream text can close an issue,
skip a build or mention a person.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from bumper.model import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.model import Bump

__all__ = ["branch", "commit", "is_branch", "level", "title"]

_LONGEST_TITLE = 72
_LONGEST_SLUG = 80
_MOST_PLACES = 200
SHORT_DIGEST = 19


def branch(prefix: str, key: str) -> str:
    """Give the branch of a key: stable over versions, flat, and legal whatever the key holds."""
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:_LONGEST_SLUG].rstrip("-")
    return f"{prefix}{slug or 'images'}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def is_branch(prefix: str, name: str) -> bool:
    """Say whether a name is one that `branch` gives; below the prefix lies the ledger too."""
    return name.startswith(prefix) and re.search(r"[a-z0-9]-[0-9a-f]{6,8}\Z", name) is not None


def level(bumps: Sequence[Bump]) -> Level:
    """Give the highest level among bumps."""
    return max((bump.level for bump in bumps), key=lambda one: one.rank)


def title(bumps: Sequence[Bump], style: str = "plain") -> str:
    """Say a change request in at most 72 characters, its level in words.

    The style `conventional` is that of conventionalcommits.org 1.0.0: a major is marked as breaking.
    """
    names = {bump.use.reference.image: bump.use.reference.short for bump in bumps}
    highest = level(bumps)
    major = highest is Level.MAJOR
    if len(names) > 1:
        levels = Counter(bump.level for bump in {b.use.reference.image: b for b in bumps}.values())
        parts = ", ".join(f"{levels[one]} {one}" for one in Level if levels[one])
        text = f"bump {len(names)} images ({parts})"
    else:
        name = next(iter(names.values())).rpartition("/")[2]
        text = f"bump {name} {_step(bumps)}" + ("" if major else f" ({highest})")
    if style == "conventional":
        start = "chore(deps)!: " if major else "chore(deps): "
    else:
        start, text = ("Major: ", text) if major else ("", f"B{text[1:]}")
    return _cut(f"{start}{text}", _where(bumps))


def commit(bumps: Sequence[Bump], style: str = "plain") -> str:
    """Give the commit message: the title, the places, and trailers for `git log`."""
    lines = [title(bumps, style), ""]
    lines += [
        f"{_one_line(b.use.path)}:{b.use.line} {b.use.reference.short} {_step([b])}"
        for b in bumps[:_MOST_PLACES]
    ]
    if len(bumps) > _MOST_PLACES:
        lines.append(f"and {len(bumps) - _MOST_PLACES} more places")
    lines.append("")
    lines += sorted({_trailers(bump) for bump in bumps})
    return "\n".join(lines) + "\n"


def _trailers(bump: Bump) -> str:
    reference = bump.use.reference
    new = _spelled(bump.new_tag or reference.tag, bump.new_digest)
    return (
        f"Bumper-Image: {reference.image}\n"
        f"Bumper-From: {_spelled(reference.tag, reference.digest)}\n"
        f"Bumper-To: {new}\n"
        f"Bumper-Rule: {_one_line(bump.policy.rule)}"
    )


def _spelled(tag: str | None, digest: str | None) -> str:
    """Give `tag@digest`; an `@` at the beginning would mention somebody."""
    return "@".join(part for part in (tag, digest) if part)


def _step(bumps: Sequence[Bump]) -> str:
    """Say `1.25.3 to 1.27.0`; several old tags are not listed, a moved digest is."""
    new = bumps[0].new_tag or ""
    old = {bump.use.reference.tag for bump in bumps}
    if not new or new in old:
        return f"{bumps[0].use.reference.tag} to {(bumps[0].new_digest or '')[:SHORT_DIGEST]}"
    if len({bump.new_tag for bump in bumps}) > 1:
        return "to newer versions"
    return f"{next(iter(old))} to {new}" if len(old) == 1 and None not in old else f"to {new}"


def _where(bumps: Sequence[Bump]) -> str:
    """Give the folder that holds every file of the bumps, "" for the root."""
    folders = [bump.use.path.split("/")[:-1] for bump in bumps]
    common = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return _one_line("/".join(common))


def _cut(text: str, where: str) -> str:
    """Add the folder where it fits."""
    longer = f"{text} in {where}"
    return (
        longer
        if where and len(longer) <= _LONGEST_TITLE and where.isascii()
        else text[:_LONGEST_TITLE]
    )


def _one_line(text: str) -> str:
    """Give a path or a setting's place as text in which nothing is live: no reference, no `[skip ci]`."""
    flat = "".join(char if char.isprintable() and char not in "@#!" else "?" for char in text)
    return re.sub(r"\[(?=\s*[A-Za-z])", "?", flat)
