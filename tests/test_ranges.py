"""Ranges in npm notation, by node-semver's own facts (test/fixtures/range-include and -exclude)."""

from __future__ import annotations

import csv
import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.ranges import parse_range
from tests.support import HERE

VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)-?([0-9A-Za-z.-]*)")


def facts() -> list[tuple[str, str, bool, bool]]:
    with (HERE / "ranges.tsv").open(encoding="utf-8") as file:
        return [
            (json.loads(r["range"]), r["version"], r["prereleases"] == "yes", r["inside"] == "yes")
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


@pytest.mark.parametrize(
    ("text", "version", "lenient", "inside"),
    [pytest.param(*row, id=f"{row[0]!r}-{row[1]}-{row[2]}") for row in facts()],
)
def test_what_node_says(text: str, version: str, *, lenient: bool, inside: bool) -> None:
    match = VERSION.fullmatch(version)
    assert match is not None
    parts = tuple(map(int, match[1].split(".")))
    assert parse_range(text).admits(parts, match[2], lenient=lenient) is inside


@pytest.mark.parametrize(
    ("text", "parts", "inside"),
    [
        pytest.param(">=4.9.0", (4, 9, 0, 12), True, id="a-fourth-part-belongs-to-its-version"),
        pytest.param("<=4.9.0", (4, 9, 0, 12), True, id="also-at-the-top"),
        pytest.param(">4.9.0", (4, 9, 0, 12), False, id="so-it-is-not-above"),
        pytest.param("<2", (1, 99), True, id="two-parts"),
        pytest.param(">=15 <17", (16,), True, id="one-part"),
        pytest.param("^15", (16,), False, id="one-part-caret"),
        pytest.param(">=1.4, <3", (2, 0), True, id="commas-as-elsewhere"),
    ],
)
def test_tags_of_any_number_of_parts(text: str, parts: tuple[int, ...], *, inside: bool) -> None:
    assert (parts in parse_range(text)) is inside


@pytest.mark.parametrize(
    "text", ["latest", ">=", "1.2.3 - ", "1..2", "^^1", "1 || foo", "1.2.3 x.y.z"]
)
def test_no_range(text: str) -> None:
    with pytest.raises(ValueError, match="not a version range"):
        parse_range(text)


@given(st.text(alphabet="0123456789.xX*<>=^~|- v", max_size=20))
def test_any_text_is_a_range_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        parse_range(text).admits((1, 2, 3))
