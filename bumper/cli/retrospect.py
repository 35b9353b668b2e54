"""The work of `history`: the log of the base branch, read and shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from bumper import past, worktree
from bumper.cli import home, output
from bumper.config import load
from bumper.config.globs import matches_image
from bumper.harmless import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bumper.cli.options import Options
    from bumper.past import Merged

__all__ = ["history"]


def history(options: Options, most: int) -> int:
    """Print what was merged, the newest first, then the count."""
    loaded = load.load(home.at_top(options)[0].root, options.config)
    tree = worktree.Worktree(options.root)
    try:
        branch, commit = tree.head(loaded.config.forge.base)
        log, cut = tree.log(commit, past.FORMAT), tree.is_shallow()
    finally:
        tree.close()
    if cut:
        output.note("the clone is shallow: older merges are not here", options)
    found = [one for one in past.merged(past.read(log)) if _is_wanted(one, options.only)]
    shown = found[:most]
    if output.style(options) in {"json", "jsonl"}:
        document = {
            "schema_version": 1,
            "branch": branch,
            "merged": [asdict(one) for one in shown],
            "summary": _summary(found),
        }
        output.result(json.dumps(document, indent=2) + "\n", options)
    else:
        output.result(
            "".join(f"{printable(line)}\n" for line in _lines(branch, shown, found)), options
        )
    return 0


def _is_wanted(one: Merged, globs: Sequence[str]) -> bool:
    return not globs or any(matches_image(glob, one.image) for glob in globs)


def _lines(branch: str, shown: list[Merged], found: list[Merged]) -> Iterable[str]:
    for one in shown:
        undone = f"  reverted {one.reverted[:10]}" if one.reverted else ""
        yield f"{one.when[:10]}  {one.image}  {one.old} -> {one.new}  {one.commit[:10]}  by {one.by}{undone}"
    counts = _summary(found)
    more = f", the newest {len(shown)} shown" if len(found) > len(shown) else ""
    yield f"{counts['merged']} merged into {branch}, {counts['reverted']} of them reverted{more}"


def _summary(found: list[Merged]) -> dict[str, int]:
    return {"merged": len(found), "reverted": sum(1 for one in found if one.reverted)}
