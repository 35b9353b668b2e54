"""Whole files, before and after, byte for byte. A case is a folder; there is no code in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bumper import catalog, run
from bumper.config.images import Files
from bumper.config.model import Compat, Config
from bumper.config.read import Loaded
from bumper.model import Bump, Level, Policy
from bumper.reference import parse_name
from tests.support import HERE

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.model import ImageUse

CASES = sorted(path.parent for path in (HERE / "golden").rglob("plan.json"))
# What Flux's markers say is a question of deciding, not of editing.
EVERYWHERE = Loaded(Config(files=Files(exclude=()), compat=Compat(flux=False)))


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def planned(use: ImageUse, wish: dict[str, Any]) -> bool:
    reference = use.reference
    fits = reference.image == parse_name(wish["image"]).image and reference.tag == wish["current"]
    ignored = any(one.key == "policy" and one.value == "ignore" for one in use.settings)
    return fits and not ignored and wish.get("digest") in {None, reference.digest}


def bump(use: ImageUse, wish: dict[str, Any]) -> Bump:
    digest = wish.get("new_digest") if use.reference.digest else None
    return Bump(use, Policy(), wish["new"], digest, Level.PATCH, "test", "test")


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c.parent.name}/{c.name}") for c in CASES])
def test_golden(case: Path) -> None:
    plan = json.loads((case / "plan.json").read_text(encoding="utf-8"))
    before = files(case / "before")
    reading = run.read(before.items(), EVERYWHERE)
    bumps = [
        bump(use, wish) for use in reading.scan.uses for wish in plan["bumps"] if planned(use, wish)
    ]
    bumps = [one for one in bumps if one.use.slots[0].part != "image"]
    changed = {path: text.encode() for path, text in run.edited(reading, bumps).items()}
    assert {**before, **changed} == files(case / "after")


def test_every_format_has_a_case_that_changes_and_one_that_must_not() -> None:
    for name in (*catalog.FORMATS, *catalog.POINTERS):
        cases = [case for case in CASES if case.parent.name == name]
        changing = {files(case / "before") != files(case / "after") for case in cases}
        assert changing == {True, False}, name
