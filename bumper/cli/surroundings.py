"""What a repository is like before bumper: its forge, its stacks, other systems' marks. Asks nobody."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import attach, catalog, remotes, worktree
from bumper.errors import WorktreeError
from bumper.reports import wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bumper.cli.session import Session
    from bumper.reading import Reading

__all__ = ["Found", "look"]

# In the order of what is surest; a repository on Gitea often has a `.github` folder too.
_FOLDERS = (
    (".forgejo", "forgejo"),
    (".gitea", "gitea"),
    (".woodpecker", "woodpecker"),
    (".woodpecker.yml", "woodpecker"),
    (".woodpecker.yaml", "woodpecker"),
    (".drone.yml", "drone"),
    (".gitlab-ci.yml", "gitlab"),
    (".github", "github"),
)
_HOSTS = ("github", "gitlab", "forgejo", "gitea")
_KINDS = {"github": "github", "gitea": "gitea", "forgejo": "gitea", "gitlab": "gitlab"}


@dataclass(frozen=True, slots=True)
class Found:
    """What is here.

    `ci` names what would run bumper, "" where nothing says so; `kind` is the forge as the config spells
    it, "" where it is plain from the remote; `stacks` counts the references by format, `peers` the files
    by system; `settings` are the settings files of other systems; `excluded` says what was left out.
    """

    ci: str
    kind: str
    stacks: Mapping[str, int]
    files: int
    peers: Mapping[str, int]
    settings: tuple[str, ...]
    excluded: tuple[str, ...] = ()


def look(work: Session) -> Found:
    """Look at the files and at the remote's address."""
    root = work.options.root
    reading = work.read()
    host = _host(root)
    ci = _ci(root, host)
    stacks = Counter(use.format for use in reading.scan.uses)
    paths = [path for one in catalog.MIGRATIONS.values() for path in one.PATHS]
    return Found(
        ci,
        "" if _is_plain(host) else _KINDS.get(ci, ""),
        dict(stacks.most_common()),
        len({use.path for use in reading.scan.uses}),
        _peers(reading),
        tuple(path for path in paths if (root / path).is_file()),
        tuple(wording.excluded(reading.scan)),
    )


def _host(root: Path) -> str:
    try:
        tree = worktree.Worktree(root)
    except WorktreeError:
        return ""
    try:
        remote = remotes.parse(tree.remote_url() or "")
    finally:
        tree.close()
    return remote.host if remote is not None else ""


def _ci(root: Path, host: str) -> str:
    if os.environ.get("FORGEJO_ACTIONS") or host == "codeberg.org":
        return "forgejo"
    there = [name for path, name in _FOLDERS if (root / path).exists()]
    named = [name for name in _HOSTS if name in host]
    # A forge that its host names has runners of its own; Woodpecker and Drone stand beside any.
    beside = [name for name in there if name in {"woodpecker", "drone"}]
    return (*beside, *named, *there, "")[0]


def _is_plain(host: str) -> bool:
    """Say whether `run` knows the forge by its host; see `target`."""
    known = any(name in host for name in ("gitea", "forgejo", "gitlab"))
    return host in {"github.com", "codeberg.org"} or known


def _peers(reading: Reading) -> dict[str, int]:
    counts = Counter(
        name
        for text in reading.texts.values()
        for name in catalog.SYSTEMS
        if name in catalog.DIALECTS and attach.speaks(catalog.DIALECTS[name], text)
    )
    counts.update({name: 1 for name in reading.scan.speaks if name not in counts})
    return {name: counts[name] for name in catalog.SYSTEMS if counts[name]}
