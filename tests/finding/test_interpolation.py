"""Variables in values: what they become, and where each character comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.finding.interpolation import fill

KNOWN = {"TAG": "1.25", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("nginx:1.25", "nginx:1.25", id="none"),
        pytest.param("nginx:$TAG", "nginx:1.25", id="bare"),
        pytest.param("nginx:${TAG}-alpine", "nginx:1.25-alpine", id="braced"),
        pytest.param("nginx:${NONE:-1.0}", "nginx:1.0", id="row-111-a-default"),
        pytest.param("nginx:${EMPTY:-1.0}", "nginx:1.0", id="empty-takes-the-default-with-a-colon"),
        pytest.param("nginx:${EMPTY-1.0}", "nginx:", id="empty-is-a-value-without-one"),
        pytest.param("nginx:${NONE:-${TAG}}", "nginx:1.25", id="a-variable-in-a-default"),
        pytest.param("a$$b", "a$b", id="a-dollar"),
        pytest.param("nginx:${NONE}", None, id="row-111-nothing-gives-it-a-value"),
        pytest.param("nginx:${NONE:?say which}", None, id="required"),
        pytest.param("nginx:${TAG:+x}", None, id="instead-of-a-value"),
        pytest.param("nginx:${TAG", None, id="not-closed"),
        pytest.param("${A:-" * 12 + "x" + "}" * 12, None, id="too-deep"),
    ],
)
def test_a_value_is_filled_in(text: str, wanted: str | None) -> None:
    filled = fill(text, KNOWN)
    assert (filled and filled.text) == wanted


@given(st.lists(st.sampled_from(["nginx:", "${TAG}", "$TAG.", "${NONE:-1.0}", "$$", "-x", "${EMPTY-}"])).map("".join))  # fmt: skip
def test_every_character_is_found_where_it_came_from(text: str) -> None:
    filled = fill(text, KNOWN)
    assert filled is not None
    for index, char in enumerate(filled.text):
        place = filled.span(index, index + 1)
        assert place is not None
        name, span = place
        assert (text if name is None else KNOWN[name])[span.start : span.end] == char
