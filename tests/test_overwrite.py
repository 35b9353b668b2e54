"""What `set` was told: how far it moves an image."""

from __future__ import annotations

import pytest

from bumper import overwrite
from bumper.model import Level
from tests.support import use

LEVELS = [
    ("1.2.3", "2.0.0", Level.MAJOR),
    ("v1.2.3", "v1.3.0", Level.MINOR),
    ("1.2.3", "1.2.4", Level.PATCH),
    ("1.2.3-alpine", "1.2.3-alpine3.20", Level.PATCH),
    ("16-alpine", "17-alpine", Level.MAJOR),
    ("1.2", "1.2.1", Level.PATCH),
    ("latest", "stable", Level.PATCH),
    ("9" * 200, "1", Level.MAJOR),
]


@pytest.mark.parametrize(("old", "new", "level"), LEVELS)
def test_the_level_is_how_far_the_numbers_are_apart(old: str, new: str, level: Level) -> None:
    there = use(f"ghcr.io/acme/web:{old[:128]}")
    (outcome,) = overwrite.overwrite([there], overwrite.targets([f"ghcr.io/acme/web={new}"]))
    assert getattr(outcome, "level", None) is level
