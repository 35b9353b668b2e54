"""What the README shows is what the program makes; `python -m tests.pictures` writes it anew."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from tests import pictures

if TYPE_CHECKING:
    import pytest

AGAIN = "make them anew: python -m tests.pictures"


def words(svg: str) -> list[str]:
    """What a reader reads: how rich draws it may change from release to release."""
    told = unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))
    return told.replace("\xa0", " ").split()


def test_the_pull_request_of_the_readme_is_the_programs() -> None:
    readme = pictures.README.read_text(encoding="utf-8")
    assert "<!-- pull request:" in readme
    assert pictures.in_readme(readme) == readme, AGAIN


def test_the_picture_of_a_plan_is_what_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(pictures.WIDTH))
    shown = words(pictures.PLAN.read_text(encoding="utf-8"))
    assert shown == words(pictures.plan()), AGAIN
    assert "16.6-alpine" in shown


def test_the_picture_loads_nothing() -> None:
    svg = pictures.PLAN.read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\s\"']+", svg))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "@font-face" not in svg
