"""`report`: one file, the same bytes for the same moment, any format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bumper.cli import demonstration, reporting
from bumper.errors import UsageError
from tests.support import bumper

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = demonstration.SAMPLE / "repository"
REPLAY = ("-C", REPOSITORY, "--replay", demonstration.SAMPLE / "answers.json")


def test_the_page_is_the_same_for_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764547200")
    pages = []
    for name in ("site/index.html", "again.html"):
        ran = bumper("report", *REPLAY, "-o", tmp_path / name)
        assert (ran.code, ran.out) == (0, "")
        assert "15 images in 5 files" in ran.err
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert b"2025-12-01 00:00 UTC" in pages[0]


def test_without_a_file_the_page_is_the_result() -> None:
    assert bumper("report", *REPLAY).out.startswith("<!doctype html>")


def test_any_other_format_goes_to_a_file_too(tmp_path: Path) -> None:
    target = tmp_path / "bumper.sarif"
    ran = bumper("report", *REPLAY, "-f", "sarif", "-o", target)
    assert ran.code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    ran = bumper("report", *REPLAY, "-o", tmp_path / "taken" / "index.html")
    assert ran.code == 3
    assert "[not-writable]" in ran.err


@pytest.mark.parametrize(
    "told", [pytest.param("yesterday", id="a-word"), pytest.param("9" * 30, id="beyond-time")]
)
def test_a_moment_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        reporting.when({"SOURCE_DATE_EPOCH": told})
