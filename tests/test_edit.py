"""Only the tags and digests that were planned change, in every style people write; or nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper import edit, run
from bumper.errors import EditError
from bumper.model import Bump, Level, Part, Policy
from bumper.run import uses_of
from bumper.shared import together
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.model import ImageUse

OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def bump(use: ImageUse, tag: str | None, digest: str | None = None, wish: str = "keep") -> Bump:
    return Bump(use, Policy(digest=wish), tag, digest, Level.PATCH, "test", "test")


def edited(text: str, tags: dict[str, str], path: str = "compose.yaml") -> str:
    """Move the images that are named by their repository's last word; digests to the new one."""
    moves = [
        bump(use, tags[name], NEW if use.reference.digest else None)
        for use in uses_of(path, text)
        if (name := use.reference.name.rpartition("/")[2]) in tags
    ]
    assert moves
    return edit.edit(path, text, moves, uses_of)


def service(written: str) -> str:
    return f"services:\n  web:\n    image: {written}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("nginx:1.25 # why", "nginx:1.26 # why", id="comment"),
        pytest.param("'nginx:1.25'", "'nginx:1.26'", id="single"),
        pytest.param('"nginx:1.25"', '"nginx:1.26"', id="double"),
        pytest.param("  nginx:1.25\t", "  nginx:1.26\t", id="blanks-and-a-tab"),
        pytest.param(">-\n      nginx:1.25", ">-\n      nginx:1.26", id="row-110-folded"),
        pytest.param("|\n      nginx:1.25\n\n", "|\n      nginx:1.26\n\n", id="row-110-literal"),
        pytest.param("!!str &x nginx:1.25", "!!str &x nginx:1.26", id="tag-and-anchor"),
        pytest.param(
            "docker.io/library/nginx:1.25", "docker.io/library/nginx:1.26", id="name-as-written"
        ),
        pytest.param(f"nginx:1.25@{OLD}", f"nginx:1.26@{NEW}", id="digest-moves-along"),
        pytest.param("${IMAGE:-nginx:1.25}", "${IMAGE:-nginx:1.26}", id="default-of-a-variable"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_row_105_a_whole_reference_in_every_ending_and_mark(
    before: str, after: str, ending: str, mark: str
) -> None:
    text, expected = (mark + service(one).replace("\n", ending) for one in (before, after))
    assert edited(text, {"nginx": "1.26"}) == expected
    cut = len(ending)
    if text.endswith(ending) and before[0] not in "|>":
        assert edited(text[:-cut], {"nginx": "1.26"}) == expected[:-cut]


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        pytest.param("1.25.1", "1.25.2", "1.25.2", id="text-stays-plain"),
        pytest.param("1.25.1", "1.26", '"1.26"', id="text-to-number"),
        pytest.param("1.3", "1.4", "1.4", id="a-number-that-comes-back-as-it-is"),
        pytest.param("1.3", "1.30", '"1.30"', id="a-number-that-loses-a-digit"),
        pytest.param("1.20", "1.21", '"1.21"', id="was-wrong-before"),
        pytest.param("17", "18", "18", id="whole-number"),
        pytest.param("17", "18.1", '"18.1"', id="whole-to-float"),
        pytest.param("7", "0362525", '"0362525"', id="octal"),
        pytest.param("a1", "1e3", '"1e3"', id="exponent"),
        pytest.param("a1", "2024-01-02", '"2024-01-02"', id="date"),
        pytest.param("a1", "off", '"off"', id="boolean-of-yaml-1.1"),
        pytest.param("a1", "null", '"null"', id="nothing"),
        pytest.param("'1.3'", "1.30", "'1.30'", id="quotes-stay"),
        pytest.param('"1.3"', "1.30", '"1.30"', id="double-quotes-stay"),
        pytest.param("!!str 1.3", "1.30", '!!str "1.30"', id="tagged"),
        pytest.param("&t 1.25.1", "1.25.2", "&t 1.25.2", id="anchored"),
    ],
)
@pytest.mark.parametrize(
    "form",
    ["image:\n  repository: acme/app\n  tag: %s\nx: 1\n", "image: {repository: acme/app, tag: %s}",
     "image: {tag: %s , repository: acme/app}\n", "image:\r\n  tag: %s # why\r\n  repository: acme/app\r\n"],
)  # fmt: skip
def test_row_107_a_tag_alone_stays_text(form: str, before: str, new: str, after: str) -> None:
    assert edited(form % before, {"app": new}, "values.yaml") == form % after


@pytest.mark.parametrize(
    ("before", "tags", "after"),
    [
        pytest.param(
            "services:\n  a: &a\n    image: nginx:1.25\n  b: *a\n  c:\n    <<: *a\n",
            {"nginx": "1.26"},
            "services:\n  a: &a\n    image: nginx:1.26\n  b: *a\n  c:\n    <<: *a\n",
            id="row-108-aliases-and-merge-keys-follow-the-anchor",
        ),
        pytest.param(
            "x-i: &i nginx:1.25\nservices:\n  a: {image: *i}\n  b: {image: redis:7.1}\n",
            {"redis": "7.2"},
            "x-i: &i nginx:1.25\nservices:\n  a: {image: *i}\n  b: {image: redis:7.2}\n",
            id="an-anchor-beside-stays",
        ),
        pytest.param(
            "services:\n  a:\n    image: nginx:1.25\n    image: nginx:1.25\n",
            {"nginx": "1.26"},
            "services:\n  a:\n    image: nginx:1.26\n    image: nginx:1.26\n",
            id="row-106-duplicate-keys-move-both",
        ),
        pytest.param(
            "a: {image: nginx:1.25, x: 😀}\n---\nb: {image: 'nginx:1.25'}\n...\n# end",
            {"nginx": "1.26"},
            "a: {image: nginx:1.26, x: 😀}\n---\nb: {image: 'nginx:1.26'}\n...\n# end",
            id="row-109-documents-and-other-scripts",
        ),
        pytest.param(
            "v: &v 1.2.3\na: {repository: x/one, tag: *v}\nb: {repository: x/two, tag: *v}\n",
            {"one": "1.2.4", "two": "1.2.4"},
            "v: &v 1.2.4\na: {repository: x/one, tag: *v}\nb: {repository: x/two, tag: *v}\n",
            id="row-108-an-anchor-is-edited-once-for-all",
        ),
    ],
)
def test_what_hangs_together(before: str, tags: dict[str, str], after: str) -> None:
    assert edited(before, tags) == after


SHARED = "v: &v 1.2.3\na: {repository: x/one, tag: *v}\nb: {repository: x/two, tag: *v}\n"


@pytest.mark.parametrize(
    ("text", "tags", "code"),
    [
        pytest.param(SHARED, {"one": "1.2.4"}, "shared-value", id="the-other-stays"),
        pytest.param(SHARED, {"one": "1.2.4", "two": "1.3.0"}, "shared-value", id="they-disagree"),
        pytest.param(
            service("nginx:1.25"), {"nginx": "1.26\n    privileged: true"}, "not-a-tag", id="forged"
        ),
        pytest.param(service("nginx:1.25"), {"nginx": "1.26@latest"}, "not-a-tag", id="no-digest"),
    ],
)
def test_all_or_nothing(text: str, tags: dict[str, str], code: str) -> None:
    with pytest.raises(EditError) as caught:
        edited(text, tags)
    assert caught.value.code == code


def test_a_digest_is_never_left_behind() -> None:
    [use] = uses_of("c.yaml", service(f"nginx:1.25@{OLD}"))
    with pytest.raises(EditError) as caught:
        edit.edit("c.yaml", service(f"nginx:1.25@{OLD}"), [bump(use, "1.26")], uses_of)
    assert caught.value.code == "stale-digest"


def test_a_use_that_is_no_longer_there_is_not_looked_for() -> None:
    [use] = uses_of("c.yaml", service("nginx:1.25"))
    with pytest.raises(EditError) as caught:
        edit.edit("c.yaml", "# new\n" + service("nginx:1.25"), [bump(use, "1.26")], uses_of)
    assert caught.value.code == "edit-moved"


@pytest.mark.parametrize(
    ("wish", "tag", "digest", "after"),
    [
        pytest.param("pin", None, NEW, f"nginx:1.25@{NEW}", id="pinned"),
        pytest.param("pin", "1.26", NEW, f"nginx:1.26@{NEW}", id="moved-and-pinned"),
    ],
)
def test_pin(wish: str, tag: str | None, digest: str | None, after: str) -> None:
    [use] = uses_of("c.yaml", service("nginx:1.25"))
    moved = bump(use, tag, digest, wish)
    assert edit.edit("c.yaml", service("nginx:1.25"), [moved], uses_of) == service(after)


@pytest.mark.parametrize("slip", ["x", " ", "\n"])
def test_row_128_a_reader_that_sees_more_change_than_planned_is_believed(slip: str) -> None:
    """The proof reads the result; here the text changes under its hands."""
    text = service("nginx:1.25")
    [use] = uses_of("c.yaml", text)

    def read(path: str, now: str) -> tuple[ImageUse, ...]:
        return uses_of(path, now if now == text else f"{slip}{now}".replace("1.26", "1.2"))

    with pytest.raises(EditError):
        edit.edit("c.yaml", text, [bump(use, "1.26")], read)


@pytest.mark.parametrize("name", ["Dockerfile", "web.container", "broken.yaml"])
def test_a_text_that_is_no_yaml_is_proved_by_its_bytes(name: str) -> None:
    texts = {
        "Dockerfile": "FROM nginx:1.25\r\nRUN x: [ {\n",
        "web.container": "[Container]\r\nImage=quay.io/x/nginx:1.25\r\n\tx: [ {",
        "broken.yaml": "a: [\n  image: nginx:1.25\n",
    }
    after = edited(texts[name], {"nginx": "1.26"}, name)
    assert after == texts[name].replace("1.25", "1.26")


def test_set_holds_what_another_image_shares(tmp_path: Path) -> None:
    write(tmp_path, {"values.yaml": SHARED})
    ran = bumper("set", "-C", tmp_path, "-f", "json", "x/one=1.2.4")
    assert ran.code == 4
    assert "shared-value" in ran.out
    assert (tmp_path / "values.yaml").read_text() == SHARED
    assert bumper("set", "-C", tmp_path, "x/one=1.2.4", "x/two=1.2.4").code == 0
    assert (tmp_path / "values.yaml").read_text() == SHARED.replace("1.2.3", "1.2.4")


def test_one_refused_bump_stops_no_other() -> None:
    text = "".join(f"s{n}: {{image: 'nginx:1.{n}'}}\n" for n in range(9)) + SHARED
    from bumper.config.read import Loaded  # noqa: PLC0415 - only here

    reading = run.read([("values.yaml", text.encode())], Loaded())
    moves = [bump(use, "1.99.0") for use in reading.scan.uses[:-1]]
    proved = run.prove(reading, moves)
    assert [one.status for one in proved] == ["bump"] * 9 + ["hold"]


def test_bumps_of_one_place_go_together_by_any_way() -> None:
    uses = uses_of("values.yaml", SHARED + "c: {repository: x/three, tag: 1.2.3}\n")
    groups = together(bump(use, "1.2.4") for use in uses)
    assert [[one.use.reference.name for one in group] for group in groups] == [
        ["x/one", "x/two"], ["x/three"],
    ]  # fmt: skip


# -- Laws ------------------------------------------------------------------------------------------

TAGS = st.sampled_from(
    [
        "1.25.3",
        "1.20",
        "1.3",
        "17",
        "0362525",
        "2024-01-02",
        "v1.2.3-alpine",
        "1e3",
        "off",
        "latest",
    ]
)
SCALARS = st.sampled_from(
    ["%s", "'%s'", '"%s"', "&ANCHOR %s", "!!str %s", "!!str '%s'", "%s  # why: 'not'", "%s\t"]
)
JUNK = st.sampled_from(
    [
        "",
        "# image: not/this:1.0\n",
        "\n",
        "x-note: 'é😀 it''s [ {'\n",
        "x-list: [a, {b: c}, 'd:1']\n",
        "x-text: |\n  free: text\n   more\n\n",
        "? x-key\n: y\n",
    ]
)
NAMES = st.sampled_from(
    ["nginx", "acme/app", "ghcr.io/acme/app", "127.0.0.1:5000/a/b", "registry.example:443/team/api"]
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, str]:
    """A path and a text: compose, values or a Kubernetes object, in any style people write."""
    pad = " " * draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["compose", "values", "kubernetes"]))
    parts: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        digest = draw(st.sampled_from(["", f"@{OLD}"]))
        scalar = draw(SCALARS).replace("ANCHOR", f"a{number}")
        name, tag = draw(NAMES), draw(TAGS)
        whole, alone = scalar % f"{name}:{tag}{digest}", scalar % tag
        if kind == "compose":
            parts.append(f"{pad}s{number}:\n{pad * 2}image: {whole}\n")
        elif kind == "values":
            parts.append(f"image{number}:\n{pad}repository: {name}\n{pad}tag: {alone}\n")
        else:
            parts.append(f"{pad}- name: c{number}\n{pad}  image: {whole}\n")
    heads = {
        "compose": "services:\n",
        "values": "",
        "kubernetes": "apiVersion: v1\nkind: Pod\nspec:\n containers:\n",
    }
    text = heads[kind] + "".join(parts)
    if draw(st.booleans()):
        text = f"{draw(JUNK)}{text}{draw(JUNK)}"
    text = draw(st.sampled_from(["", "---\n", "# first\n---\n"])) + text
    text = draw(st.sampled_from(["", "\ufeff"])) + text.replace(
        "\n", draw(st.sampled_from(["\n", "\r\n"]))
    )
    return "values.yaml", text.rstrip("\r\n") if draw(st.booleans()) else text


def around(text: str, uses: tuple[ImageUse, ...], quoted: frozenset[int]) -> list[str]:
    """What stands between the tags and digests; without the quotes that an edit has added."""
    spans = sorted({
        (slot.span.start - (index in quoted), slot.span.end + (index in quoted))
        for index, use in enumerate(uses)
        for slot in use.slots
        if slot.part in {Part.TAG, Part.DIGEST}
    })  # fmt: skip
    ends = [0, *(end for _, end in spans)]
    return [text[end:start] for end, (start, _) in zip(ends, [*spans, (len(text), 0)], strict=True)]


@given(documents(), st.data())
def test_row_105_row_128_row_245_any_bump_of_any_document_changes_only_the_spans(
    document: tuple[str, str], data: st.DataObject
) -> None:
    path, text = document
    uses = uses_of(path, text)
    moves = {
        index: bump(use, data.draw(TAGS), NEW if use.reference.digest else None)
        for index, use in enumerate(uses)
        if data.draw(st.booleans())
    }
    after = edit.edit(path, text, moves.values(), uses_of)
    again = uses_of(path, after)
    # A second pass finds the new values, and what was not meant as it was.
    for index, (old, new) in enumerate(zip(uses, again, strict=True)):
        moved = moves.get(index)
        wanted = old.reference.tag if moved is None else moved.new_tag
        assert (new.reference.name, new.reference.tag) == (old.reference.name, wanted)
        assert new.reference.digest == (
            NEW if moved and old.reference.digest else old.reference.digest
        )
    # Nothing around the spans changed.
    quoted = frozenset(
        index
        for index, (old, new) in enumerate(zip(uses, again, strict=True))
        if (slot := new.slot(Part.TAG)) is not None
        and (before := old.slot(Part.TAG)) is not None
        and before.plain
        and not slot.plain
    )
    assert around(after, again, quoted) == around(text, uses, frozenset())
    # Twice is once.
    same = [bump(again[index], one.new_tag, one.new_digest) for index, one in moves.items()]
    assert edit.edit(path, after, same, uses_of) == after
