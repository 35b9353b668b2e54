"""Where an image stands in the repository, and which settings count there, with file and line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bumper import run, worktree
from bumper.config import settle
from bumper.errors import WorktreeError
from bumper.model import Scan

if TYPE_CHECKING:
    from bumper.cli.session import Session
    from bumper.model import ImageUse, Policy
    from bumper.reference import Reference

__all__ = ["find", "lines", "records", "settled"]


def find(work: Session, wanted: Reference) -> Scan:
    """Give the uses of an image, at this tag if one is named; nothing where there is no repository."""
    try:
        worktree.Worktree(work.options.root).close()
    except WorktreeError:
        return Scan()
    reading = run.read(work.files(), work.loaded, (wanted.image,), work.cache)
    uses = (use for use in reading.scan.uses if wanted.tag in {None, use.reference.tag})
    return replace(reading.scan, uses=tuple(uses))


def settled(work: Session, use: ImageUse) -> Policy:
    """Give the policy of a use as of now."""
    return settle.policy(work.loaded, use, datetime.now(UTC))


def lines(work: Session, uses: tuple[ImageUse, ...]) -> list[str]:
    """Say for each place which setting counts, and who says so."""
    told = []
    for use in uses:
        policy = settled(work, use)
        told.append(
            f"{use.path}:{use.line}  {use.where}: policy {policy.written} from {policy.rule}"
        )
        told += [
            f"    {one.key} {one.value} from {one.source}"
            for one in policy.said
            if one.key != "policy"
        ]
        told += [f"    {text}" for text in (policy.note, policy.fault, policy.refusal) if text]
    return told


def records(work: Session, uses: tuple[ImageUse, ...]) -> list[dict[str, Any]]:
    """Give the same as plain data: `path, line, where, policy, rule, settings`."""
    return [
        {
            "path": use.path,
            "line": use.line,
            "where": use.where,
            "policy": policy.written,
            "rule": policy.rule,
            "settings": [
                {"key": one.key, "value": one.value, "source": one.source} for one in policy.said
            ],
        }
        for use in uses
        for policy in (settled(work, use),)
    ]
