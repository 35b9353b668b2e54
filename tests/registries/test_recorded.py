"""Records of answers: what was recorded is replayed whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bumper.model import Complete, Incomplete, Manifest
from bumper.registries import recorded
from bumper.registries.recorder import Recorder

if TYPE_CHECKING:
    from bumper.model import Listing

DIGEST = "sha256:" + "1" * 64
SINGLE = Manifest(DIGEST, "x")
WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    listing: Listing
    described: Manifest = SINGLE

    async def tags(self, repository: str) -> Listing:
        assert repository == "a/b"
        return self.listing

    async def manifest(self, repository: str, reference: str) -> Manifest:
        assert (repository, reference) == ("a/b", "1")
        return self.described

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        return None

    async def digest(self, repository: str, reference: str) -> str:
        return (await self.manifest(repository, reference)).digest


def recorded_text(given: Given) -> str:
    answers: recorded.Answers = {}
    recorder = Recorder(given, "r.example", answers)

    async def ask() -> None:
        await recorder.tags("a/b")
        await recorder.manifest("a/b", "1")

    asyncio.run(ask())
    return recorded.dump(answers)


@pytest.mark.parametrize(
    "listing",
    [
        pytest.param(Complete(("1", "2")), id="tags-alone"),
        pytest.param(Complete(("1", "2"), {"1": WHEN}, {"1": DIGEST}), id="push-times-and-digests"),
        pytest.param(Incomplete("list-cut", "page 2 failed", "run later"), id="incomplete"),
    ],
)
def test_a_list_is_replayed_as_it_was(listing: Listing) -> None:
    replay = recorded.Replay("r.example", recorded.load(recorded_text(Given(listing)), "record"))
    assert asyncio.run(replay.tags("a/b")) == listing


def test_a_manifest_is_replayed_as_it_was() -> None:
    manifest = Manifest(DIGEST, "t", ("linux/amd64",), None, {"a": "b"}, {"linux/amd64": DIGEST})
    text = recorded_text(Given(Complete(()), manifest))
    replay = recorded.Replay("r.example", recorded.load(text, "record"))
    assert asyncio.run(replay.manifest("a/b", "1")) == manifest


@pytest.mark.parametrize("told", ["", "yesterday", "2026-03-01T12:30:00", 7])
def test_a_push_time_that_cannot_be_read_is_unknown(told: object) -> None:
    answers = {"r.example/a/b": {"tags": ["1"], "pushed": {"1": told}}}
    assert asyncio.run(recorded.Replay("r.example", answers).tags("a/b")) == Complete(("1",))
