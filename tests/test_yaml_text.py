"""What stands where in a YAML text, to the character: every style, every line end, any script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bumper import yaml_nodes, yaml_text
from bumper.errors import TextError
from bumper.yaml_nodes import Alias, Mapping, Style
from tests.support import HERE

if TYPE_CHECKING:
    from bumper.yaml_nodes import Scalar


def value(text: str, key: str = "k") -> Scalar:
    root = yaml_text.read(text)[0].root
    assert isinstance(root, Mapping)
    found = root.scalar(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "written", "read", "style"),
    [
        pytest.param("k: a:1\n", "a:1", "a:1", Style.PLAIN, id="plain"),
        pytest.param("k: 'a:1'\n", "a:1", "a:1", Style.SINGLE, id="single"),
        pytest.param('k: "a:1"\n', "a:1", "a:1", Style.DOUBLE, id="double"),
        pytest.param("k: 'it''s'\n", "it''s", "it's", Style.SINGLE, id="escaped-quote"),
        pytest.param('k: "\\x41"\n', "\\x41", "A", Style.DOUBLE, id="escape"),
        pytest.param("k: >-\n  a:1\n", "  a:1\n", "a:1", Style.FOLDED, id="folded"),
        pytest.param("k: |\n  a:1\n", "  a:1\n", "a:1\n", Style.LITERAL, id="literal"),
        pytest.param("k: |2- # why\n    a\n", "    a\n", "  a", Style.LITERAL, id="header-and-comment"),
        pytest.param("k: &x a:1\n", "a:1", "a:1", Style.PLAIN, id="anchor"),
        pytest.param("k: !!str &x 1.20\n", "1.20", "1.20", Style.PLAIN, id="tag-and-anchor"),
        pytest.param("k: &x\n  # why\n  'a'\n", "a", "a", Style.SINGLE, id="comment-behind-anchor"),
        pytest.param("{k: a:1, l: b}", "a:1", "a:1", Style.PLAIN, id="flow"),
        pytest.param('{"k":"a:1"}', "a:1", "a:1", Style.DOUBLE, id="json"),
        pytest.param("k: 1.20\r\nl: 2\r\n", "1.20", "1.20", Style.PLAIN, id="crlf-numeric"),
        pytest.param("k:\t1.20", "1.20", "1.20", Style.PLAIN, id="tab-and-no-last-newline"),
        pytest.param("\ufeffk: a:1\n", "a:1", "a:1", Style.PLAIN, id="byte-order-mark"),
        pytest.param("\ufeff# {{ x }}\n{{ y }}\nk: a:1\n", "a:1", "a:1", Style.PLAIN, id="mark-and-mask"),
        pytest.param("# 😀\nk: a:1\n", "a:1", "a:1", Style.PLAIN, id="beyond-16-bits"),
        pytest.param("j: \u2028\u0085\nk: a:1\n", "a:1", "a:1", Style.PLAIN, id="other-line-ends"),
        pytest.param("k:\n", "", "", Style.PLAIN, id="empty"),
        pytest.param("k: a\nk: b\n", "b", "b", Style.PLAIN, id="the-last-duplicate-wins"),
        pytest.param("x: &a 1\ny: &a 2\nk: *a\n", "2", "2", Style.PLAIN, id="the-last-anchor-wins"),
        pytest.param("%YAML 1.2\n---\nk: a\n", "a", "a", Style.PLAIN, id="directive"),
        pytest.param("%FOO bar\n---\nk: a\n", "a", "a", Style.PLAIN, id="unknown-directive"),
    ],
)  # fmt: skip
def test_scalar(text: str, written: str, read: str, style: Style) -> None:
    found = value(text)
    assert (found.span.of(text), found.value, found.style) == (written, read, style)


@pytest.mark.parametrize("count", [3, 30])
def test_get_is_the_same_for_few_and_for_many_keys(count: int) -> None:
    text = "".join(f"k{n}: {n}\n" for n in range(count)) + "k1: &a last\nk2: *a\n? [x]\n: y\n"
    root = yaml_text.read(text)[0].root
    assert isinstance(root, Mapping)
    assert (root.text("k1"), root.text("k2"), root.text("k0")) == ("last", "last", "0")
    assert root.get("none") is None


def test_documents_are_counted_and_an_empty_one_has_no_root() -> None:
    found = yaml_text.read("a: 1\n---\n# nothing\n---\nb: 2\n...\n--- c\n")
    assert [document.index for document in found] == [0, 1, 2, 3]
    assert [type(document.root).__name__ for document in found] == [
        "Mapping", "Scalar", "Mapping", "Scalar",
    ]  # fmt: skip


def test_an_anchor_that_holds_its_own_alias_is_no_loop() -> None:
    found = list(yaml_nodes.nodes(yaml_text.read("a: &a [*a, x]\n")[0].root))
    assert [node.target for node in found if isinstance(node, Alias)] == [None]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("a: [\n", "bad-yaml", 2, id="unclosed"),
        pytest.param("a: b: c\n", "bad-yaml", 1, id="two-colons"),
        pytest.param("a: 1\n\tb: 2\n", "bad-yaml", 2, id="tab-as-indent"),
        pytest.param("a: `x`\n", "bad-yaml", 1, id="reserved"),
        pytest.param("a: \x01\n", "bad-yaml", None, id="control-character"),
        pytest.param("%YAML 9.9\n---\na: 1\n", "bad-yaml", 1, id="another-yaml"),
        pytest.param("a: *b\n--- *c\n", None, None, id="an-alias-of-nothing-is-for-the-formats"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(
    text: str, code: str | None, line: int | None
) -> None:
    try:
        yaml_text.read(text)
        told = (None, None)
    except TextError as error:
        told = (error.code, error.line)  # type: ignore[assignment] # either
    assert told[0] == code
    assert line is None or told[1] == line


# What parsers stumble over, put together at random: they may refuse, never fail.
PIECES = st.sampled_from(
    ["a", "image", ":", ": ", "- ", "\n", "\r\n", "\r", "  ", "\t", "&a ", "*a", "!t ", "!<", "%YAML 1.1\n", "%TAG ! x\n",
     "---", "...", "|", ">-", "'", '"', "\\", "\\x4", "[", "]", "{", "}", ",", "? ", "#", " #", "<<", "{{ x }}", "{%", "%}", "{{",
     "\ufeff", "\u2028", "\u0085", "😀", "é", "\x7f", "@", "`", "nginx:1.25", "${A:-b}"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@example("&a \n\ufeffa")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        documents = yaml_text.read(text)
    except TextError:
        return
    for document in documents:
        for scalar in yaml_nodes.scalars(document.root):
            assert 0 <= scalar.start <= scalar.end <= len(text)
            if scalar.style is Style.PLAIN and "\n" not in scalar.value and not scalar.masked:
                written = scalar.span.of(text)
                assert (
                    "\n" in written
                    or "\r" in written
                    or "\u2028" in written
                    or "\x85" in written
                    or written == scalar.value
                )


def test_every_span_of_every_golden_file_is_its_own_value() -> None:
    files = [path for path in sorted((HERE / "golden").rglob("*.y*ml")) if Path(path).is_file()]
    plain = 0
    for path in files:
        text = path.read_bytes().decode()
        try:
            documents = yaml_text.read(text)
        except TextError:
            continue
        for document in documents:
            for scalar in yaml_nodes.scalars(document.root):
                if (
                    scalar.style is Style.PLAIN
                    and not scalar.masked
                    and "\n" not in scalar.span.of(text)
                ):
                    assert scalar.span.of(text) == scalar.value
                    plain += 1
    assert plain > 500
