"""What the config asks of a forge, as far as a token needs more for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.config import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.config.read import Loaded
    from bumper.model import ImageUse

__all__ = ["Wanted", "wanted"]

_WORKFLOWS = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`base` is the branch that is kept current, "" for the default one; `workflows`: images stand in some."""

    base: str = ""
    automerge: bool = False
    dashboard: bool = False
    status: bool = False
    workflows: bool = False


def wanted(loaded: Loaded, uses: Sequence[ImageUse]) -> Wanted:
    """Give what the config and the settings beside the images ask for."""
    settings = loaded.config.pull_requests
    return Wanted(
        loaded.config.forge.base or "",
        not settings.draft and any(_merges(loaded, use) for use in uses),
        settings.dashboard,
        settings.status,
        any(use.path.startswith(_WORKFLOWS) for use in uses),
    )


def _merges(loaded: Loaded, use: ImageUse) -> bool:
    said = settle.policy(loaded, use).setting("automerge")
    return said is not None and said.value != "never"
