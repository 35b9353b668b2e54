"""What one check of `doctor` found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BROKEN", "GOOD", "LOOK", "Check"]

GOOD, LOOK, BROKEN = "good", "look", "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """A thing that was looked at: `state` is good, look or broken; `fix` is what to do, in one line."""

    name: str
    state: str
    told: str
    fix: str = ""
