"""Spans, lines and splices: to the character, with every line end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.errors import EditError
from bumper.text import Edit, Lines, Span, splice


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        pytest.param("a\nb", 2, (2, 1), id="lf"),
        pytest.param("a\r\nb", 3, (2, 1), id="crlf-is-one-end"),
        pytest.param("a\rb", 2, (2, 1), id="lone-cr"),
        pytest.param("a\r\r\nb", 4, (3, 1), id="cr-then-crlf"),
        pytest.param("a\u2028\u0085b", 3, (1, 4), id="no-editor-ends-a-line-there"),
        pytest.param("\U0001f600b", 1, (1, 2), id="beyond-16-bits-is-one-character"),
        pytest.param("", 0, (1, 1), id="empty"),
        pytest.param("a\n", 2, (2, 1), id="behind-the-last-end"),
    ],
)
def test_place(text: str, offset: int, expected: tuple[int, int]) -> None:
    assert Lines(text).place(offset) == expected


@given(st.text("a\r\n\u2028😀", max_size=30))
def test_every_line_is_found_again_and_they_make_the_text(text: str) -> None:
    lines = Lines(text)
    count = lines.place(len(text))[0]
    assert "".join(lines.bounds(number).of(text) for number in range(1, count + 1)) == text


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        pytest.param([Edit(Span(1, 2), "b", "XX"), Edit(Span(3, 4), "d", "")], "aXXc", id="two"),
        pytest.param([Edit(Span(1, 2), "b", "X")] * 2, "aXcd", id="equal-edits-count-once"),
        pytest.param([Edit(Span(4, 4), "", "!")], "abcd!", id="behind-the-end"),
        pytest.param(
            [Edit(Span(1, 2), "b", "X"), Edit(Span(2, 3), "c", "Y")], "aXYd", id="neighbours"
        ),
        pytest.param(
            [Edit(Span(1, 1), "", "X"), Edit(Span(2, 3), "c", "Y")], "aXbYd", id="insertion"
        ),
    ],
)
def test_splice(edits: list[Edit], expected: str) -> None:
    assert splice("abcd", edits) == expected


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        pytest.param(
            [Edit(Span(1, 3), "bc", ""), Edit(Span(2, 4), "cd", "")], "edit-overlap", id="overlap"
        ),
        pytest.param(
            [Edit(Span(1, 2), "b", "X"), Edit(Span(1, 2), "b", "Y")], "edit-overlap", id="disagree"
        ),
        pytest.param(
            [Edit(Span(1, 1), "", "X"), Edit(Span(1, 1), "", "Y")], "edit-overlap", id="insertions"
        ),
        pytest.param(
            [Edit(Span(1, 1), "", "X"), Edit(Span(1, 2), "b", "Y")], "edit-overlap", id="no-order"
        ),
        pytest.param([Edit(Span(1, 2), "x", "Y")], "edit-moved", id="something-else-stands-there"),
        pytest.param([Edit(Span(9, 10), "x", "Y")], "edit-moved", id="beyond-the-end"),
    ],
)
def test_splice_refuses(edits: list[Edit], code: str) -> None:
    with pytest.raises(EditError) as caught:
        splice("abcd", edits)
    assert caught.value.code == code
