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

__all__ = ["branch", "commit", "is_branch", "level", "target", "title"]

_LONGEST_TITLE = 72
_LONGEST_SLUG = 80
SHORT_DIGEST = 19


def branch(prefix: str, key: str) -> str:
    """Give the branch of a key: stable over versions, flat, and legal whatever the key holds."""
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:_LONGEST_SLUG].rstrip("-")
    return f"{prefix}{slug or 'images'}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def is_branch(prefix: str, name: str) -> bool:
    """Say whether a name is one that `branch` gives; below the prefix lies the ledger too."""
    return name.startswith(prefix) and re.search(r"[a-z0-9]-[0-9a-f]{6}\Z", name) is not None


def target(bump: Bump) -> str:
    """Give what a bump moves to, as `image=tag@digest`."""
    digest = f"@{bump.new_digest}" if bump.new_digest else ""
    return f"{bump.use.reference.image}={bump.new_tag or bump.use.reference.tag or ''}{digest}"


def level(bumps: Sequence[Bump]) -> Level:
    """Give the highest level among bumps."""
    return max((bump.level for bump in bumps), key=lambda one: one.rank)


def title(bumps: Sequence[Bump]) -> str:
    """Say a change request in at most 72 characters, its level in words."""
    names = {bump.use.reference.image: bump.use.reference.short for bump in bumps}
    where = _where(bumps)
    highest = level(bumps)
    if len(names) > 1:
        counts = Counter(
            bump.level for bump in {(b.use.reference.image): b for b in bumps}.values()
        )
        parts = ", ".join(f"{counts[one]} {one}" for one in Level if counts[one])
        return _cut(f"Bump {len(names)} images ({parts})", where)
    name = next(iter(names.values())).rpartition("/")[2]
    step = _step(bumps)
    if highest is Level.MAJOR:
        return _cut(f"Major: bump {name} {step}", where)
    return _cut(f"Bump {name} {step} ({highest})", where)


def commit(bumps: Sequence[Bump]) -> str:
    """Give the commit message: the title, the places, and trailers for `git log`."""
    lines = [title(bumps), ""]
    lines += [
        f"{_one_line(b.use.path)}:{b.use.line} {b.use.reference.short} {_step([b])}" for b in bumps
    ]
    lines.append("")
    for text in sorted({_trailers(bump) for bump in bumps}):
        lines.append(text)
    return "\n".join(lines) + "\n"


def _trailers(bump: Bump) -> str:
    reference = bump.use.reference
    old = "@".join(part for part in (reference.tag, reference.digest) if part)
    new = target(bump).partition("=")[2]
    return f"Bumper-Image: {reference.image}\nBumper-From: {old}\nBumper-To: {new}"


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
    return (
        "".join(char if char.isprintable() else "?" for char in text)
        .replace("@", "?")
        .replace("#", "?")
    )
