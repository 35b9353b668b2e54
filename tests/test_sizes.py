"""How much is pulled: asked for once a side, and only where it was not told anyway."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bumper.messages import sizes as words
from bumper.model import Bump, Level, Manifest, Policy
from bumper.sizes import Sizes
from tests.fakes.described import Described
from tests.support import use

INDEX = "application/vnd.oci.image.index.v1+json"
IMAGE = "application/vnd.oci.image.manifest.v1+json"
BOTH = ("linux/amd64", "linux/arm64")


def index(name: str, platforms: tuple[str, ...] = BOTH) -> Manifest:
    contents = {one: f"sha256:{name}-{one}" for one in platforms}
    return Manifest(f"sha256:{name}", INDEX, platforms, contents=contents)


def single(name: str, size: int, platform: str = "linux/amd64") -> Manifest:
    return Manifest(f"sha256:{name}", IMAGE, (platform,), sizes={platform: size} if size else {})


def layers(**sizes: int) -> dict[str, Manifest]:
    """What a registry has: each index and the images of its platforms, the second one a byte larger."""
    found = {}
    for name, size in sizes.items():
        found[name] = index(name)
        for more, platform in enumerate(BOTH):
            found[f"sha256:{name}-{platform}"] = single(f"{name}-{platform}", size + more, platform)
    return found


def bump(old: Manifest | None, new: Manifest | None, *platforms: str) -> Bump:
    one = replace(use("r.example/acme/web:1.0"), platforms=platforms)
    return Bump(
        one, Policy(), "1.1", None, Level.MINOR, "newer-tag", "newer", manifest=new, before=old
    )


OLD, NEW = index("1.0"), index("1.1")
HAS = layers(**{"1.0": 10, "1.1": 20})


@pytest.mark.parametrize(
    ("found", "sizes", "asked"),
    [
        pytest.param(bump(OLD, NEW), (10, 20), 2, id="of-linux-amd64"),
        pytest.param(bump(OLD, NEW, "linux/arm64/v8"), (11, 21), 2, id="of-the-platform-in-use"),
        pytest.param(bump(None, NEW), (10, 20), 3, id="the-old-was-not-described"),
        pytest.param(bump(None, None), (10, 20), 4, id="nor-was-the-new"),
        pytest.param(bump(single("a", 7), single("b", 9)), (7, 9), 0, id="single-images-cost-nothing"),
        pytest.param(bump(single("a", 7, "linux/arm64"), NEW), (7, 21), 1, id="a-single-image-names-the-platform"),
        pytest.param(bump(single("a", 0), NEW), (0, 20), 1, id="the-old-does-not-say"),
        pytest.param(bump(index("x"), NEW), (0, 0), 2, id="the-old-is-gone"),
        pytest.param(bump(single("a", 7, "linux/s390x"), NEW), (0, 0), 0, id="no-platform-in-common"),
        pytest.param(
            bump(replace(OLD, sizes={"linux/amd64": 1}), replace(NEW, sizes={"linux/amd64": 2})),
            (1, 2), 0, id="told-with-the-list",
        ),
    ],
)  # fmt: skip
def test_what_is_pulled(found: Bump, sizes: tuple[int, int], asked: int) -> None:
    registry = Described(HAS)
    (sized,) = asyncio.run(Sizes(lambda _: registry).of([found]))
    assert sized == replace(found, sizes=sizes)
    assert sorted(registry.asked) == sorted(set(registry.asked))
    assert len(registry.asked) == asked


def test_many_places_of_an_image_cost_what_one_costs() -> None:
    registry = Described(HAS)
    places = [
        replace(bump(OLD, NEW), use=use("r.example/acme/web:1.0", f"{n}.yaml")) for n in range(9)
    ]
    sized = asyncio.run(Sizes(lambda _: registry).of(places))
    assert [one.sizes for one in sized] == [(10, 20)] * 9
    assert [one.use.path for one in sized] == [f"{n}.yaml" for n in range(9)]
    assert len(registry.asked) == 2


def test_nobody_waits_for_a_size_for_long() -> None:
    registry = Described(HAS, slow=True)
    sizes = Sizes(lambda _: registry, seconds=0.05)
    assert asyncio.run(sizes.of([bump(OLD, NEW)]))[0].sizes == (0, 0)


def test_a_registry_that_cannot_be_made_costs_the_size_alone() -> None:
    def broken(_: str) -> Described:
        raise ValueError

    assert asyncio.run(Sizes(broken).of([bump(OLD, NEW)])) == (bump(OLD, NEW),)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (153_846_000, 161_210_444, "154 → 161 MB (+5 %)"),
        (161_210_444, 153_846_000, "161 → 154 MB (-5 %)"),
        (48_000_000, 48_010_000, "48.0 MB (±0 %)"),
        (48_000_000, 48_000_000, "48.0 MB (±0 %)"),
        (940_000_000, 1_204_000_000, "0.94 → 1.20 GB (+28 %)"),
        (3_200, 3_300, "3.20 → 3.30 kB (+3 %)"),
        (32, 40, "32 → 40 B (+25 %)"),
        (0, 161_210_444, "161 MB"),
        (161_210_444, 0, ""),
        (0, 0, ""),
    ],
)
def test_the_step_in_words(old: int, new: int, told: str) -> None:
    assert words.told(old, new).replace("\u00a0", " ") == told
