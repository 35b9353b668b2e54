"""How tags are read: the part every piece is, and that the quick reader reads as the slow one does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper import catalog
from bumper.schemes import auto, calver, words
from tests.support import HERE

IMAGES = sorted((HERE / "tags").glob("*.txt"))
REAL = sorted({tag.strip() for path in IMAGES for tag in path.read_text("utf-8").split()})


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        pytest.param("v1.25.3", "prefix:v version:1.25.3", id="a-prefix"),
        pytest.param("RELEASE.2024-01-31T20-20-33Z", "prefix:RELEASE. date:2024-01-31T20-20-33Z", id="a-time"),
        pytest.param("20240105", "date:20240105", id="a-date"),
        pytest.param("2024.3.1", "version:2024.3.1", id="a-calendar-version"),
        pytest.param("3.12.1-slim-bookworm", "version:3.12.1 variant:-slim-bookworm", id="a-variant"),
        pytest.param("1.2-alpine3.20", "version:1.2 variant:-alpine environment:3.20", id="a-system"),
        pytest.param("16.2.0-debian-12-r5", "version:16.2.0 variant:-debian- environment:12 variant:-r counter:5", id="a-counter"),
        pytest.param("3.0.0-rc.1", "version:3.0.0 pre-release:-rc.1", id="a-candidate"),
        pytest.param("3.8.0b1-alpine3.10", "version:3.8.0 pre-release:b1 variant:-alpine environment:3.10", id="a-glued-beta"),
        pytest.param("24-rc-alpine", "version:24 pre-release:-rc variant:-alpine", id="a-candidate-without-number"),
        pytest.param("1.2.3-nightly-20260101", "version:1.2.3 pre-release:-nightly-20260101", id="a-nightly"),
        pytest.param("1.2.3-nightly-2026-01-01", "version:1.2.3 pre-release:-nightly-2026-01-01", id="a-nightly-with-dashes"),
        pytest.param("1.2.3-dev-1a2b3c4", "version:1.2.3 pre-release:-dev-1a2b3c4", id="a-build-of-a-commit"),
        pytest.param("2.0.0-SNAPSHOT", "version:2.0.0 pre-release:-SNAPSHOT", id="capitals"),
        pytest.param("6.0-M2", "version:6.0 pre-release:-M2", id="a-milestone"),
        pytest.param("24-ea-32-jdk", "version:24 pre-release:-ea-32 variant:-jdk", id="early-access"),
        pytest.param("1.1.1b", "version:1.1.1 variant:b", id="a-lone-letter-is-a-variant"),
        pytest.param("11.3.0-security-01", "version:11.3.0 post-release:-security-01", id="behind-the-release"),
        pytest.param("1.43.3.10896-cb3ebc72d", "version:1.43.3.10896 variant:- hash:cb3ebc72d", id="a-hash"),
        pytest.param("21.0.5_11-jre", "version:21.0.5 variant:_ counter:11 variant:-jre", id="an-underscore"),
        pytest.param("v1.31.2-k3s1", "prefix:v version:1.31.2 variant:-k counter:3 variant:s counter:1", id="letters-and-numbers"),
        pytest.param("18-vectorchord0.5.3", "version:18 variant:-vectorchord counter:0.5.3", id="a-second-version-is-a-counter"),
        pytest.param("pg14-v0.2.0", "prefix:pg environment:14 prefix:-v version:0.2.0", id="a-system-in-the-prefix"),
        pytest.param("jdk-17", "prefix:jdk- version:17", id="a-prefix-that-is-a-system's-name"),
        pytest.param("24.08.83802.minimal", "version:24.08.83802 variant:.minimal", id="a-variant-behind-a-dot"),
        pytest.param("1.23-windowsservercore-ltsc2022", "version:1.23 variant:-windowsservercore-ltsc environment:2022", id="windows"),
        pytest.param("sha-abc1234", "", id="a-hash-alone"),
        pytest.param("1234567", "", id="digits-that-may-be-a-hash"),
        pytest.param("pr-678", "", id="a-branch"),
        pytest.param("feature__502_x", "", id="a-feature"),
        pytest.param("latest", "", id="a-word"),
        pytest.param("\u0663.\u0661", "", id="only-ascii-digits"),
        pytest.param("1." * 70 + "1", "", id="longer-than-a-tag-may-be"),
    ],
)  # fmt: skip
def test_the_parts_of_a_tag(tag: str, wanted: str) -> None:
    found = auto.pieces(tag)
    assert " ".join(f"{part}:{text}" for part, text in found) == wanted
    assert not found or "".join(text for _, text in found) == tag


@pytest.mark.parametrize("name", sorted(catalog.SCHEMES))
def test_the_pieces_are_the_tag(name: str) -> None:
    scheme = catalog.SCHEMES[name]
    for tag in REAL:
        pieces = scheme.pieces(tag)
        assert not pieces or "".join(text for _, text in pieces) == tag


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", sorted(catalog.SCHEMES))
def test_the_quick_reader_reads_as_the_slow_one(name: str, path: object) -> None:
    scheme = catalog.SCHEMES[name]
    tags = (HERE / "tags" / str(path)).read_text("utf-8").split()
    versions = [version for tag in tags if (version := scheme.parse(tag)) is not None]
    models = {(version.kind, version.shape): version for version in versions}
    for key, model in models.items():
        read = scheme.alike(model.tag)
        quick = {tag: version for tag in tags if (version := read(tag)) is not None}
        slow = {v.tag: v for v in versions if (v.kind, v.shape) == key}
        assert facts(quick.values()) == facts(slow.values())


def facts(versions: object) -> list[tuple[object, ...]]:
    assert hasattr(versions, "__iter__")
    return [
        (
            v.tag,
            v.kind,
            v.prefix,
            v.shape,
            v.parts,
            v.order,
            v.environment,
            v.pre,
            v.widths,
            v.padded,
        )
        for v in versions
    ]


NUMBERS = st.one_of(
    st.integers(0, 30).map(str), st.sampled_from(["007", "20240105", "202401051200", "1990", "2024"]),
    st.sampled_from(["1234567", "16", "2024-01-05", "2024-01-05T10-11-12Z", "abc1234", "1234567e"]),
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", ".", "-", "_", "v", "-alpine", "-rc", "-rc.", "b", "-beta-", "-r", "-slim", "g", "-g", "a",
     "-a", "-e", "sha-", "-sha-", "-debian-", "pg", "-v", "-dev", "-security-", "M", "-M", "fe", "-ls"]
)  # fmt: skip
TAGS = st.lists(st.tuples(NUMBERS, TEXTS), min_size=1, max_size=4).flatmap(
    lambda parts: TEXTS.map(lambda head: head + "".join(number + text for number, text in parts))
)


@settings(max_examples=600, deadline=None)
@given(TAGS, st.lists(TAGS, max_size=12), st.data())
def test_the_quick_reader_on_made_up_tags(
    model: str, others: list[str], data: st.DataObject
) -> None:
    kept = auto.parse(model)
    if kept is None:
        return
    # Neighbours: the same tag with other numbers in it.
    number = data.draw(NUMBERS)
    neighbours = [model.replace(old, number) for _, old in auto.pieces(model) if old[:1].isdigit()]
    read = auto.alike(model)
    for tag in (model, *others, *neighbours):
        slow = auto.parse(tag)
        same = slow is not None and (slow.kind, slow.shape) == (kept.kind, kept.shape)
        quick = read(tag)
        assert facts([quick] if quick else []) == facts([slow] if same else []), tag


@pytest.mark.parametrize(
    ("scheme", "tag", "parts"),
    [
        pytest.param("semver", "v1.2.3-rc.1", (1, 2, 3), id="semver"),
        pytest.param("semver", "1.2", None, id="semver-is-strict"),
        pytest.param("semver", "01.2.3", None, id="semver-knows-no-padding"),
        pytest.param("calver", "24.04", (24, 4), id="calver-short-year"),
        pytest.param("calver", "2024.3.1-alpine", (2024, 3, 1), id="calver-long-year"),
        pytest.param("calver", "20240105", (2024, 1, 5), id="calver-date"),
        pytest.param("calver", "1.25.3", None, id="calver-is-no-semver"),
        pytest.param("calver", "24.13", None, id="calver-has-twelve-months"),
        pytest.param("numeric", "1234567", (1234567,), id="numeric"),
        pytest.param("numeric", "1.2", None, id="numeric-is-one-number"),
        pytest.param("alphabetical", "bionic", (), id="alphabetical"),
        pytest.param("newest", "main-1a2b3c4", (), id="newest"),
    ],
)
def test_the_explicit_schemes(scheme: str, tag: str, parts: tuple[int, ...] | None) -> None:
    version = catalog.SCHEMES[scheme].parse(tag)
    assert (None if version is None else version.parts) == parts


def test_semver_orders_as_its_specification_does() -> None:
    written = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0"
    tags = written.split()
    versions = [catalog.SCHEMES["semver"].parse(tag) for tag in tags]
    assert sorted((v for v in versions if v), key=lambda v: v.order) == versions


def test_a_config_adds_words() -> None:
    scheme = auto.with_words(("acmeos",), ("weekly",))
    assert [p.part for p in scheme.pieces("1.2-acmeos4")] == ["version", "variant", "environment"]
    assert [p.part for p in scheme.pieces("1.2-weekly3")] == ["version", "pre-release"]
    assert [p.part for p in auto.pieces("1.2-acmeos4")] == ["version", "variant", "counter"]


def test_every_entry_of_the_tables_has_a_source() -> None:
    assert all(words.ENVIRONMENT.values())
    assert all(source for _, source in words.PRERELEASE.values())
    assert all(words.POSTRELEASE.values())


def test_calver_reads_what_auto_reads_and_no_more() -> None:
    for tag in REAL:
        version = calver.parse(tag)
        assert version is None or auto.parse(tag) is not None
