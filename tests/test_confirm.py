"""What the registry vouches for: the first candidate that is whole, for every platform in use."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bumper import confirm, platforms
from bumper.errors import NotFoundError
from bumper.model import Bump, Candidate, Failure, Hold, Level, Policy, Ranking
from bumper.registries.recorded import Replay
from tests.support import use

if TYPE_CHECKING:
    from bumper.model import Listing, Manifest, Outcome

INDEX, AMD, ARM, PIN = (f"sha256:{digit * 64}" for digit in "1234")


class Registry:
    """A registry that counts what it is asked, and has lost some digests."""

    def __init__(self, manifests: dict[str, Any], gone: tuple[str, ...] = ()) -> None:
        self.inner = Replay("r.example", {"r.example/a/b": {"manifests": manifests}})
        self.gone = gone
        self.asked: list[str] = []

    async def tags(self, repository: str) -> Listing:
        return await self.inner.tags(repository)

    async def manifest(self, repository: str, reference: str) -> Manifest:
        self.asked.append(reference)
        if reference in self.gone:
            raise NotFoundError(f"{reference}: not found")
        return await self.inner.manifest(repository, reference)

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        return None

    async def digest(self, repository: str, reference: str) -> str:
        self.asked.append(f"HEAD {reference}")
        if reference in self.gone:
            raise NotFoundError(f"{reference}: not found")
        return await self.inner.digest(repository, reference)


def index(**contents: str) -> dict[str, Any]:
    named = {name.replace("_", "/"): digest for name, digest in contents.items()}
    return {"digest": INDEX, "platforms": list(named), "contents": named}


BOTH = {"linux_amd64": AMD, "linux_arm64": ARM}


def outcome(
    registry: Registry, *tags: str, written: str = ":1.0", policy: Policy | None = None
) -> Outcome:
    candidates = tuple(Candidate(tag, Level.MINOR) for tag in tags)
    ranking = Ranking(use(f"r.example/a/b{written}"), policy or Policy(), candidates, ())
    return asyncio.run(confirm.confirm([ranking], lambda _: registry))[0]


def test_row_96_every_platform_in_use_can_be_pulled() -> None:
    registry = Registry({"1.0": index(**BOTH), "1.1": index(**BOTH)})
    assert isinstance(outcome(registry, "1.1"), Bump)
    assert registry.asked == ["1.0", "1.1", f"HEAD {AMD}", f"HEAD {ARM}"]


def test_row_96_only_the_platforms_that_are_asked_for_are_asked_about() -> None:
    registry = Registry({"1.1": index(**BOTH)}, gone=(ARM,))
    found = outcome(registry, "1.1", policy=Policy(platforms=("linux/amd64",)))
    assert isinstance(found, Bump)
    assert registry.asked == ["1.1", f"HEAD {AMD}"]


def test_an_index_whose_images_are_not_there_yet_is_passed_over() -> None:
    third = "sha256:" + "5" * 64
    registry = Registry(
        {
            "1.0": index(**BOTH),
            "1.2": index(linux_amd64=AMD, linux_arm64=third),
            "1.1": index(**BOTH),
        },
        gone=(third,),
    )
    found = outcome(registry, "1.2", "1.1")
    assert isinstance(found, Bump)
    assert found.new_tag == "1.1"
    assert "1.2 its index names images that the registry does not have" in found.reason


def test_row_73_a_tag_that_is_gone_gives_way_to_the_next() -> None:
    registry = Registry({"1.0": index(**BOTH), "1.1": index(**BOTH)}, gone=("1.2",))
    found = outcome(registry, "1.2", "1.1")
    assert isinstance(found, Bump)
    assert found.new_tag == "1.1"


def test_row_98_a_pin_that_is_gone_is_said_and_moved_by_its_tag() -> None:
    registry = Registry({"1.0": index(**BOTH), "1.1": index(**BOTH)}, gone=(PIN,))
    found = outcome(registry, "1.1", written=f":1.0@{PIN}")
    assert isinstance(found, Bump)
    assert (found.new_tag, found.new_digest) == ("1.1", INDEX)
    assert "is gone from the registry" in found.reason


def test_nothing_is_asked_without_end() -> None:
    tags = tuple(f"2.{n}" for n in range(40))
    registry = Registry({"1.0": index(**BOTH)}, gone=tags)
    assert isinstance(outcome(registry, *tags), Hold)
    assert len(registry.asked) == 13


def test_row_61_a_registry_that_denies_is_unknown_and_never_current() -> None:
    assert isinstance(outcome(Registry({}), "1.1"), Failure)


@pytest.mark.parametrize(
    ("needed", "there", "lost"),
    [
        pytest.param("linux/arm64/v8", "linux/arm64", False, id="arm64-is-v8"),
        pytest.param("linux/arm", "linux/arm/v7", False, id="arm-is-v7"),
        pytest.param("linux/amd64/v1", "linux/amd64", False, id="amd64-is-v1"),
        pytest.param("linux/x86_64", "linux/amd64", False, id="by-another-name"),
        pytest.param("linux/arm/v6", "linux/arm/v7", True, id="v6-is-not-v7"),
        pytest.param("windows/amd64", "linux/amd64", True, id="another-system"),
    ],
)
def test_platforms_have_several_names(needed: str, there: str, lost: object) -> None:
    assert bool(platforms.missing([needed], [there])) is lost
    assert platforms.contents([needed], {there: AMD}) == ({} if lost else {needed: AMD})
