"""A file is tried once, when the last of its uses is decided; the end only gathers what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bumper import edit, proof, run
from bumper.config.read import Loaded
from bumper.model import Bump, Current, Level, Policy

if TYPE_CHECKING:
    from bumper.model import Outcome
    from bumper.reading import Reading

BOTH = "services:\n  a: {image: 'acme/one:1.0'}\n  b: {image: 'acme/two:1.0'}\n"
FILES = (("compose.yaml", BOTH.encode()), ("other/compose.yaml", b"services: {c: {image: 'acme/c:1'}}\n"))  # fmt: skip


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were tried, in their order."""
    paths: list[str] = []
    real = edit.edit

    def noted(path: str, *arguments: object) -> str:
        paths.append(path)
        return real(path, *arguments)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(edit, "edit", noted)
    return paths


def decided(reading: Reading, tag: str | None) -> list[Outcome]:
    return [
        Bump(use, Policy(), tag, None, Level.MINOR, "newer-tag", "")
        if tag
        else Current(use, Policy(), "up-to-date", "")
        for use in reading.scan.uses
    ]


def test_a_file_is_tried_when_its_last_use_is_decided(tried: list[str]) -> None:
    reading = run.read(FILES, Loaded())
    outcomes = decided(reading, "2.0")
    proven = proof.Proof(reading)
    seen = []
    for outcome in outcomes:
        proven.hear(outcome)
        seen.append(list(tried))
    assert seen == [[], ["compose.yaml"], ["compose.yaml", "other/compose.yaml"]]
    assert proven.of(outcomes) == tuple(outcomes)
    assert len(tried) == 2


def test_where_nothing_moves_nothing_is_tried(tried: list[str]) -> None:
    reading = run.read(FILES, Loaded())
    proven = proof.Proof(reading)
    for outcome in decided(reading, None):
        proven.hear(outcome)
    assert tried == []


def test_what_was_not_heard_of_is_tried_at_the_end(tried: list[str]) -> None:
    reading = run.read(FILES, Loaded())
    outcomes = decided(reading, "2.0")
    assert proof.Proof(reading).of(outcomes) == tuple(outcomes)
    assert tried == ["compose.yaml", "other/compose.yaml"]


def test_what_cannot_be_written_is_a_failure_of_its_own_use(tried: list[str]) -> None:
    """The refused one is found by halves, and only it fails; nothing is tried twice at the end."""
    reading = run.read(FILES, Loaded())
    good, _, other = decided(reading, "2.0")
    [_, bad, _] = decided(reading, "not a tag")
    proven = proof.Proof(reading)
    for outcome in (good, bad, other):
        proven.hear(outcome)
    count = len(tried)
    assert [one.status for one in proven.of((good, bad, other))] == ["bump", "failed", "bump"]
    assert len(tried) == count
