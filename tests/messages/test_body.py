"""A body says everything a reviewer doubts, fits whatever the input, and strangers' words are dead in it.

The golden files are what three real requests say; `python -m tests.messages.samples` writes them anew.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from bumper import harmless, plan, templates
from bumper import notes as maker
from bumper.config.proposals import PullRequests
from bumper.messages import body, boxes, marker, release_notes, worded
from bumper.messages.body import Around
from bumper.messages.boxes import Asked
from bumper.messages.places import Files
from bumper.model import Bump, ImageUse, Level, Manifest, Policy, Refusal, Setting
from bumper.notes import Notes, Release
from bumper.reference import Reference
from bumper.words import Words
from tests.messages.samples import HERE, SAMPLES, render
from tests.support import use

# reliability.md, b7: what strangers may write, and more of the kind.
HOSTILE = [
    "9" * 128, "1." * 64, "1.2.3-" + "0." * 50, "²", "\u0661", "e\u0301", "\u202egnp.exe", "a\u200bb", "a\u00adb",
    "\ufeffx", "%0A", "\r::add-mask::x", "]]>", "@everyone", "x @ada, @acme/team", "Fixes #1", "closes org/repo#1",
    "resolves GH-1", "</details>", "</summary>", "<!-- bumper:skip x", '<!-- bumper {"v":1} -->', "-->",
    "![x](http://cap.example/x.png)", "[x](javascript:alert(1))", "[x]: http://cap.example", "```", "~~~", "`", "``a`", "|" * 10_000,
    "<img src=x onerror=y>", "<script>alert(1)</script>", "http://cap.example/a", "www.cap.example", "mailto:a@b.example",
    "&#64;ada", "&lt;b&gt;", "$x$", "# heading", "- item", "1. item", "===", "---", "> quote", "\\", "a\\", "a\n\nb", "*b*", "_b_", "~~b~~",
    "https://github.com/acme/api/issues/1", "acme/api@0123456789abcdef0123456789abcdef01234567", "\x1b[31mred", "\x00", "\ud800",
    "- [x] <!-- bumper:rebase -->", "* [X] <!-- bumper:skip-major docker.io/library/postgres --> x", "[skip ci]", "{{ 7*7 }}", "{% raw %}",
]  # fmt: skip
OURS = re.compile(
    r"https://(?:hub\.docker\.com|quay\.io|github\.com/acme/gitops|redirect\.github\.com/o/r|git\.example\.org)(?:/|$)"
)
TAGS = {"p", "strong", "a", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "ol", "li",
        "sub", "br", "blockquote", "b"}  # fmt: skip
CLOSING = r"close[sd]?|fix(?:es|ed)?|resolve[sd]?|reopen(?:s|ed)?"
LIVE = re.compile(rf"(?<!\w)@\w|#\d|\bGH-\d|://|\bwww\.|(?i:\b(?:{CLOSING}):?\s+[\w./-]*#\d)")


class Seen(HTMLParser):
    """What a browser is shown: the tags, where links lead, the words, the comments."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.comments: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for key, value in attrs if key in {"href", "src"}]
        if tag in {"details", "summary", "sub", "b"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"details", "summary", "sub", "b"}:
            assert self.open.pop() == tag, "what is opened is closed, in order"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def seen(text: str) -> Seen:
    # With what a forge makes of bare addresses, so that one left alive is a link.
    reader = MarkdownIt("gfm-like", {"linkify": True})
    assert reader.linkify is not None
    # GitHub and Gitea guess no link from `name.tld` alone.
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    found = Seen(reader.render(text))
    assert found.open == []
    return found


def hostile_bump(text: str, image: str = "acme/web") -> Bump:
    """A bump in which every text that somebody else writes is this one."""
    place = ImageUse(f"web/{text}/x.yaml", 3, 1, text, text, Reference(image, text, None), ())
    policy = Policy(written=text, rule=text, said=(Setting("group", text, text),))
    return Bump(
        place, policy, text, f"sha256:{text}", Level.MAJOR, text, text, (Refusal(text, text, text), Refusal(text, "above-policy", text)),
        Manifest(f"sha256:{text}", "", (text,)), 5, text, Manifest(text, "", (text, "linux/386")),
    )  # fmt: skip


def hostile_notes(text: str) -> Notes:
    address = f"https://github.com/o/r/{text}"
    source = "https://github.com/o/r"
    release = Release(
        text,
        text,
        text,
        f"{text}\nbreaking {text}\n## {text}\n- {text}\n```\n{text}\n```\n{text}",
        address,
    )
    return Notes(source, (release, replace(release, tag=f"{text}1", url=text)), text, "", text)  # fmt: skip


def assert_dead(text: str) -> None:
    # Our own words of what was left out are in italics.
    text = re.sub(r"_(… \d+ more lines\.|The rest is left out: [a-z ]+\.)_", r"\1", text)
    shown = seen(text)
    assert shown.tags - TAGS - {"h1", "h2"} == set()
    assert [link for link in shown.links if not OURS.match(link)] == []
    flat = "".join(shown.words)
    assert LIVE.findall(flat) == []
    ours = re.compile(r" bumper:(rebase|skip|skip-major)( \S+)? ")
    assert [one for one in shown.comments if not ours.fullmatch(one)] == []
    assert boxes.ticked(text) == ()
    assert not any("\u202a" <= char <= "\u202e" or char in "\x00\x1b\r" for char in text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_rule_m1_b7_shows_as_text(text: str) -> None:
    """Through a real Markdown reader: no tag, link, image, mention, comment or box but ours."""
    around = Around(Files("https://github.com/acme/gitops/blob/abc"), {"docker.io/acme/web": hostile_notes(text)})  # fmt: skip
    found = body.body([hostile_bump(text)], around)
    assert_dead(found)
    assert_dead(body.body([hostile_bump(text), hostile_bump(text, "acme/api")], around))
    assert len(found) <= body.LONGEST


@given(some.text(alphabet="`<>!-[]()@#|\\*_~&;:/.\n 1ax\u202e=+", max_size=40))
@settings(max_examples=300, deadline=None)
def test_rule_m1_any_text_is_dead(text: str) -> None:
    assert_dead(harmless.prose(text))
    assert_dead(f"x {harmless.code(text)} y")
    assert_dead(f"<details><summary>{harmless.in_html(text)}</summary>\n\nx\n\n</details>")
    assert_dead(harmless.spans(text))
    release = Release("v1", "", "", text)
    assert_dead(release_notes.block(Notes("", (release,)), 1_000))


@pytest.mark.parametrize(
    "text", ["a b", "1.2.3", "x_y*z", "<b>", "&amp;", "# no", "1. no", "$5", "a|b"]
)
def test_dead_text_still_reads_the_same(text: str) -> None:
    assert "".join(seen(harmless.prose(text)).words).strip() == text


@pytest.mark.parametrize("name", SAMPLES)
def test_the_golden_bodies(name: str) -> None:
    bumps, around = SAMPLES[name]
    assert body.body(bumps, around) == (HERE / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_body_is_whole_once_it_is_rendered(name: str) -> None:
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    shown = Seen(render(text))
    assert shown.open == []
    assert shown.tags <= TAGS | {"em"}
    bumps, _ = SAMPLES[name]
    flat = "".join(shown.words)
    for bump in bumps:
        place = f"{bump.use.path}:{bump.use.line}"
        assert [
            word
            for word in (place, bump.new_tag, bump.use.reference.short)
            if str(word) not in flat
        ] == []
    assert len(shown.links) >= len(bumps)


SAID = [
    pytest.param("single", "12 d old (pushed, by the registry's word)", id="the-age-and-its-source"),
    pytest.param("single", "new among them `linux/riscv64`", id="a-platform-gained"),
    pytest.param("single", f"digest `sha256:{'1' * 64}` → `sha256:{'2' * 64}`", id="the-digests"),
    pytest.param("single", "/blob/1f3c9ab52d0e4f7a8b6c5d4e3f2a1b0c9d8e7f6a/envs/prod/web/compose.yaml#L9)", id="a-link-to-the-line"),
    pytest.param("single", "policy `minor` from rules\\[1\\] ([`bumper.yaml:14`](", id="the-setting-with-its-line"),
    pytest.param("single", "176 tags seen: 151 of another variant", id="how-many-were-refused"),
    pytest.param("single", "- `too-young` `1.27.2-alpine`: pushed 2 d ago", id="what-was-refused-by-code"),
    pytest.param("single", "(https://redirect.github.com/nginx/nginx/releases/tag/release-1.27.0)", id="rule-m3-no-back-reference"),
    pytest.param("major", "no longer there for `linux/arm/v7`", id="a-platform-lost"),
    pytest.param("major", "postgres keeps data: a major is a migration", id="data"),
    pytest.param("major", "> 4. postgres: MD5 passwords are deprecated", id="breaking-words-are-lifted"),
    pytest.param("major", "<!-- bumper:skip-major docker.io/library/postgres -->", id="a-box-against-majors"),
    pytest.param("group", "/src/commit/1f3c9ab52d0e4f7a8b6c5d4e3f2a1b0c/envs/prod/web/compose.yaml#L16)", id="gitea-shows-files-elsewhere"),
    pytest.param("group", "<!-- bumper:skip ghcr.io/acme/web=2.10.11 -->", id="a-box-for-each-row"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words"), SAID)
def test_what_a_body_says(name: str, words: str) -> None:
    assert words in (HERE / f"{name}.md").read_text(encoding="utf-8")


def test_rows_that_need_eyes_come_first() -> None:
    table = [
        line for line in (HERE / "group.md").read_text("utf-8").splitlines() if "| `2." in line
    ]
    assert [line.startswith("| ⚠") for line in table] == [True, True, *[False] * 10]


@pytest.mark.parametrize(
    ("unknown", "columns"),
    [
        ({"age_seconds": None, "age_source": None}, "Level | Size | Where"),
        ({"sizes": (0, 0)}, "Level | Age | Where"),
        ({"age_seconds": None, "age_source": None, "sizes": (0, 0)}, "Level | Where"),
    ],
)
def test_what_nobody_knows_has_no_column(unknown: dict[str, Any], columns: str) -> None:
    bumps = tuple(replace(one, **unknown) for one in SAMPLES["single"][0])
    assert f"| Image | Now | New | {columns} |" in body.body(bumps)


def large(count: int, text: str, places: int = 1) -> tuple[Bump, ...]:
    """Images with the longest names and tags there may be, and every other text a stranger's."""
    one = replace(
        hostile_bump(text), level=Level.MINOR, new_tag="9" * 128, new_digest=f"sha256:{'a' * 64}"
    )
    name = "e.org/" + "a--b/" * 40
    return tuple(
        replace(
            one,
            use=replace(one.use, line=place, reference=Reference(f"{name}web-{number}", "1" * 128)),
        )
        for number in range(count)
        for place in range(places)
    )


SIZES = [
    pytest.param(1, "x" * 300, 1, id="one"),
    pytest.param(400, "x" * 300, 1, id="four-hundred-images"),
    pytest.param(100, "`|<@#" * 60, 1, id="a-hundred-of-what-must-be-escaped"),
    pytest.param(1, "x", 5_000, id="an-image-in-5000-places"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "text", "places"), SIZES)
def test_row_190_marker_and_words_fit_whatever_the_input(
    count: int, text: str, places: int
) -> None:
    bumps = large(count, text, places)
    release = Release("v1", "", "", f"breaking {text}\n" * 9_000)
    notes = {bump.use.reference.image: Notes("", (release,)) for bump in bumps}

    async def found(_: object) -> dict[str, Notes]:
        return notes

    requests = plan.plan(bumps, PullRequests.model_validate({"per": "all"}), "main")
    assert sum(len(request.bumps) for request in requests) == len(bumps)
    for request in requests[:3]:
        told = worded.worded(asyncio.run(Words(notes=found).of(request)), "a" * 40)
        assert len(told.body) <= 65_536
        known, words = marker.read(told.body)
        assert told.body.startswith("<!-- bumper {"), "the marker is first"
        assert known is not None
        assert known.targets == request.targets
        assert Seen(render(words)).open == []
        assert boxes.ticked(words) == ()


def test_row_190_what_does_not_fit_at_all_is_cut_and_says_so() -> None:
    text = body.body(large(100, "x" * 300), longest=3_000)
    assert len(text) <= 3_000
    assert text.endswith("_The rest is left out: the text would be too long._\n")


def test_a_users_template_gets_the_same_values() -> None:
    own = "{% for row in rows %}{{ row.name }}: {{ row.now }} to {{ row.new }}\n{% endfor %}{{ boxes }}"
    bumps, _ = SAMPLES["major"]
    text = body.body(bumps, Around(template=own))
    assert text.startswith("[postgres](https://hub.docker.com/_/postgres): `17.6` to `18.0`\n- [ ]")
    ours = body.body(bumps)
    assert body.body(bumps, Around(template=body.template())) == ours


@pytest.mark.parametrize(
    ("own", "said"),
    [
        pytest.param("{{ nonsense }}", "undefined value", id="a-value-that-is-not-there"),
        pytest.param("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", "fuel", id="too-many-steps"),
    ],
)  # fmt: skip
def test_a_template_that_fails_stops_no_pull_request(own: str, said: str) -> None:
    bumps, _ = SAMPLES["major"]
    text = body.body(bumps, Around(template=own))
    assert text.startswith("_`pull-requests.template`: the template cannot be filled in")
    assert said in text
    assert text.endswith(body.body(bumps))


def test_a_users_template_that_is_long_is_cut() -> None:
    bumps, _ = SAMPLES["major"]
    text = body.body(bumps, Around(template="{% for a in range(90000) %}x\n\n{% endfor %}"))
    assert len(text) <= body.LONGEST
    with pytest.raises(ValueError, match="cannot be read as a template"):
        templates.check("{{")


TICKS = [
    pytest.param("- [x] <!-- bumper:rebase --> x", [Asked("rebase")], id="ticked"),
    pytest.param("- [ ] <!-- bumper:rebase --> x", [], id="empty"),
    pytest.param("* [X] <!-- bumper:skip a/b=1.0 --> x\r\n", [Asked("skip", "a/b=1.0")], id="as-gitea-may-write-it"),
    pytest.param("- [x] <!-- bumper:merge --> x", [], id="a-verb-that-is-none"),
    pytest.param("- [x] rebase", [], id="words-are-not-read"),
    pytest.param("text - [x] <!-- bumper:rebase -->", [], id="within-a-line"),
    pytest.param("- [x] <!-- bumper:rebase -->\n- [x] <!-- bumper:rebase -->", [Asked("rebase")], id="twice"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TICKS)
def test_what_a_tick_asks_for(text: str, expected: list[Asked]) -> None:
    assert list(boxes.ticked(text)) == expected


def test_a_box_is_read_as_it_was_written() -> None:
    asked = (
        Asked("rebase"),
        Asked("skip", "e.org/a--b/c=1--2-rc"),
        Asked("skip-major", "e.org/a---b"),
    )
    text = "\n".join(boxes.box(one, "x") for one in asked)
    assert text.count("-->") == 3
    assert boxes.ticked(text) == ()
    assert boxes.ticked(text.replace("[ ]", "[x]")) == asked


def test_row_182_a_tick_is_no_change_of_our_words() -> None:
    text = (HERE / "group.md").read_text("utf-8")
    once = text.replace("- [ ] <!-- bumper:rebase", "- [x] <!-- bumper:rebase")
    assert once != text
    assert marker.digest(once) == marker.digest(text)
    assert marker.digest(f"{text}\n- [x] mine") != marker.digest(f"{text}\n- [ ] mine")


BETWEEN = [
    pytest.param("1.25.3-alpine", "1.27.0-alpine", ["v1.27.0", "v1.26.0"], id="all-between-without-the-old"),
    pytest.param("1.25", "1.27", ["v1.27.1", "v1.27.0", "v1.26.0"], id="a-tag-of-two-numbers"),
    pytest.param("1.26.0", "1.27.0-rc1", ["v1.27.0-rc1", "v1.27.0"], id="pre-releases-to-a-pre-release"),
    pytest.param("latest", "1.27.0", [], id="no-number-no-releases"),
    pytest.param("1.27.1", "1.27.1", [], id="a-digest-alone"),
]  # fmt: skip
TOLD = [
    Release(tag)
    for tag in (
        "v1.27.1",
        "v1.27.0",
        "v1.27.0-rc1",
        "v1.26.0",
        "web-v1.26.5",
        "v1.25.3",
        "v1.25.2",
        "nightly",
    )
]


@pytest.mark.parametrize(("old", "new", "expected"), BETWEEN)
def test_which_releases_lie_between(old: str, new: str, expected: list[str]) -> None:
    assert sorted(one.tag for one in maker.between(TOLD, old, new)) == sorted(expected)


def test_a_repository_of_many_is_read_by_the_spelling_of_the_new_tag() -> None:
    told = [Release(tag) for tag in ("web/v2.1.0", "api/v2.0.5", "web/v2.0.0", "api/v1.9.0")]
    assert [one.tag for one in maker.between(told, "1.8.0", "2.1.0")] == [
        "web/v2.1.0",
        "web/v2.0.0",
    ]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("v1.2.3", (1, 2, 3)), ("release-7.2.0", (7, 2, 0)), ("jq1-1.7.1", (1, 7, 1)), ("2024.5.1", (2024, 5, 1)), ("v10", (10,)),
        ("RELEASE.2025-09-07T16-13-09Z", (2025, 9, 7, 16, 13, 9)), ("1.25-alpine3.20", (1, 25)), ("latest", ()), ("²", ()), ("9" * 128, (10**18 - 1,)),
    ],
)  # fmt: skip
def test_the_numbers_of_a_tag(tag: str, expected: tuple[int, ...]) -> None:
    assert maker.numbers(tag) == expected


def test_notes_are_cut_between_lines_and_say_so() -> None:
    text = "\n".join(f"- change {number}" for number in range(500))
    told = release_notes.block(Notes("", (Release("v2", "", "", text),)), 2_000)
    assert len(told) <= 2_000
    lines = told.splitlines()
    assert lines[2:4] == ["- change 0", "- change 1"]
    assert re.fullmatch(r"_… 4\d\d more lines\._", lines[-1])


def test_a_digest_bump_can_be_skipped_by_its_content() -> None:
    one = Bump(use("nginx:1.27"), Policy(), None, "sha256:" + "c" * 64, Level.DIGEST, "newer-digest", "pushed again")  # fmt: skip
    text = body.body([one])
    assert f"<!-- bumper:skip docker.io/library/nginx=1.27@sha256:{'c' * 64} -->" in text
    assert "never propose nginx `1.27` `sha256:cccccccccccc` again" in text


def test_a_line_of_a_file_is_linked_on_a_forge_that_speaks_plain_http() -> None:
    shown = Files("http://git.lan:3000/acme/gitops/src/commit/abc").line("a b.yaml", 3)
    assert shown == "[`a b.yaml:3`](http://git.lan:3000/acme/gitops/src/commit/abc/a%20b.yaml#L3)"


def test_what_nobody_saw_before_this_run_is_new() -> None:
    (bump,) = SAMPLES["major"][0]
    text = body.body((replace(bump, age_seconds=0),))
    assert "| new |" in text
    assert " · seen for the first time · " in text
    assert "0 s" not in text
