"""One registry's odd answer costs its own images and no others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bumper import confirm, reference, resolve
from bumper.model import (
    Bump,
    Candidate,
    Complete,
    Failure,
    Hold,
    Incomplete,
    Level,
    Policy,
    Ranking,
)
from bumper.registries.recorded import Replay
from tests.support import use

if TYPE_CHECKING:
    from bumper.model import (
        Listing,
        Manifest,
    )

DIGEST = "sha256:" + "0" * 64


class Odd:
    """A registry whose answers break the reader in a way that nobody thought of."""

    async def tags(self, repository: str) -> Listing:
        raise ValueError(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        raise TypeError(repository, reference)

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        return None

    async def digest(self, repository: str, reference: str) -> str:
        raise TypeError(repository, reference)


def test_an_odd_answer_leaves_the_other_lists_alone() -> None:
    good = Replay("good.example", {"good.example/a/b": {"tags": ["1.0.0"]}})
    wanted = [reference.parse("odd.example/a/b:1.0.0"), reference.parse("good.example/a/b:1.0.0")]
    found = asyncio.run(
        resolve.resolve(wanted, lambda host: Odd() if host == "odd.example" else good)
    )
    assert isinstance(found["odd.example/a/b"], Incomplete)
    assert found["good.example/a/b"] == Complete(("1.0.0",))


def test_an_odd_manifest_fails_its_own_image() -> None:
    ranking = Ranking(
        use("odd.example/a/b:1.0.0"), Policy(), (Candidate("1.1.0", Level.MINOR),), ()
    )
    (outcome,) = asyncio.run(confirm.confirm([ranking], lambda _: Odd()))
    assert isinstance(outcome, Failure)
    assert outcome.code == "odd-answer"


@pytest.mark.parametrize(
    ("platforms", "kind"),
    [
        pytest.param(["linux/amd64", "linux/arm64"], Bump, id="all-there"),
        pytest.param(["linux/amd64"], Hold, id="row-96-one-lost"),
        pytest.param([], Hold, id="row-96-unknown"),
    ],
)
def test_a_lost_platform_is_a_hold(platforms: list[str], kind: type) -> None:
    manifests = {
        "1.0.0": {"digest": DIGEST, "platforms": ["linux/amd64", "linux/arm64"]},
        "1.1.0": {"digest": DIGEST, "platforms": platforms},
    }
    registry = Replay("r.example", {"r.example/a/b": {"manifests": manifests}})
    ranking = Ranking(use("r.example/a/b:1.0.0"), Policy(), (Candidate("1.1.0", Level.MINOR),), ())
    (outcome,) = asyncio.run(confirm.confirm([ranking], lambda _: registry))
    assert isinstance(outcome, kind)
