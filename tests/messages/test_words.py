"""Titles, bodies, commit messages and the marker: short, stable, and foreign text in them is dead."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from bumper import harmless
from bumper.messages import body, marker, titles, worded
from bumper.messages.marker import Marker
from bumper.model import (
    Bump,
    ChangeRequest,
    Level,
    Manifest,
    Policy,
    PullRequest,
    PullRequestState,
    Refusal,
)
from tests.support import use

HOSTILE = "x`</details>--><img src=x>@ada fixes #1 closes acme/api#2 GH-3 ![a](http://e.example) |\n::warning::"
# Who would be told or closed. Source: GitHub's documentation, "Linking a pull request to an issue".
LIVE = re.compile(
    r"(?<![\w`])@\w|#\d|\bGH-\d|(?i:\b(close[sd]?|fix(es|ed)?|resolve[sd]?|reopen(s|ed)?) #\d)"
)


def bump(
    written: str = "acme/web:1.0.0", new: str = "1.1.0", level: Level = Level.MINOR, **facts: str
) -> Bump:
    return Bump(use(written, facts.get("path", "web/compose.yaml")), Policy(), new, None, level, "newer-tag",
                facts.get("reason", "1.1.0 is the newest"))  # fmt: skip


@pytest.mark.parametrize(
    ("bumps", "expected"),
    [
        pytest.param([bump()], "Bump web 1.0.0 to 1.1.0 (minor) in web", id="one"),
        pytest.param([bump(new="2.0.0", level=Level.MAJOR)], "Major: bump web 1.0.0 to 2.0.0 in web", id="major"),
        pytest.param([bump(), bump(path="api/x.yaml")], "Bump web 1.0.0 to 1.1.0 (minor)", id="no-common-folder"),
        pytest.param([bump(), bump("acme/web:0.9", "1.1.0")], "Bump web to 1.1.0 (minor) in web", id="several-old-tags"),
        pytest.param([bump(), bump("acme/api:1", "2", Level.MAJOR)], "Major: bump 2 images (1 minor, 1 major) in web", id="several"),
        pytest.param([replace(bump(), new_tag="1.0.0", new_digest="sha256:" + "a" * 64, level=Level.DIGEST)],
                     "Bump web 1.0.0 to sha256:aaaaaaaaaaaa (digest) in web", id="digest"),
    ],
)  # fmt: skip
def test_a_title_says_the_step_and_its_level(bumps: list[Bump], expected: str) -> None:
    assert titles.title(bumps) == expected


@pytest.mark.parametrize(
    "path", ["@ada/x.yaml", "fixes #1/x.yaml", "a\nb/x.yaml", "\u202egnp/x.yaml", "x" * 200 + "/y"]
)
def test_row_191_a_title_is_one_short_line_in_which_nothing_lives(path: str) -> None:
    title = titles.title([bump(path=path)])
    assert len(title) <= 72
    assert title.isprintable()
    message = titles.commit([bump(path=path)])
    assert not LIVE.search(title + message)
    assert "Bumper-Image: docker.io/acme/web\nBumper-From: 1.0.0\nBumper-To: 1.1.0" in message


def test_rule_m1_hostile_text_in_a_body_is_dead() -> None:
    one = replace(
        bump(reason=HOSTILE, path=f"web/{HOSTILE.replace('/', '')}"),
        refused=(Refusal("1.2.0", HOSTILE, HOSTILE),),
        manifest=Manifest("sha256:" + "a" * 64, "", (HOSTILE,)),
    )
    text = body.body([one])
    assert not LIVE.search(text)
    shown = MarkdownIt("commonmark").enable("table").render(text)
    assert "<img" not in shown
    assert re.findall(r'<a href="([^"]*)', shown) == ["https://hub.docker.com/r/acme/web"] * 2
    assert shown.count("</details>") == shown.count("<details>") == 2


def test_row_190_a_body_is_cut_between_blocks_and_says_so() -> None:
    many = [bump(f"acme/image-{number}:1.0.0", reason="r" * 250) for number in range(400)]
    text = body.body(many, longest=40_000)
    assert len(text) <= 40_000
    assert "The rest is left out" in text
    assert text.count("<details>") == text.count("</details>")
    # With the marker in front it must fit into GitHub's 65,536 too.
    targets = tuple(f"docker.io/acme/image-{number}=1.1.0" for number in range(100))
    request = ChangeRequest("k", "b", "main", "t", text, "", (), (), targets)
    assert len(worded.worded(request, "a" * 40).body) < 65_536


def test_row_190_a_marker_that_grew_still_fits_with_our_words_and_leaves_a_persons() -> None:
    """By orders of people, or by another version: the words may have filled what there was."""
    targets = tuple(f"docker.io/acme/image-{number}=1.1.0" for number in range(90))
    text = "a line of ours\n\n" * 4_000
    request = ChangeRequest("k", "b", "main", "t", text, "", (), (), targets)
    told = worded.worded(request, "a" * 40)
    known, words = marker.read(told.body)
    assert known is not None
    assert (len(told.body) <= 65_536, known.body) == (True, marker.digest(words))
    assert words.endswith("the text would be too long._\n")
    opened = PullRequest(1, "", PullRequestState.OPEN, "b", "", "main", "t", told.body)
    grown = worded.kept(opened, replace(known, lifted=targets), words)
    known, words = marker.read(grown.body)
    assert known is not None
    assert (len(grown.body) <= 65_536, known.body) == (True, marker.digest(words))
    assert known.lifted == targets
    # A person's are theirs; what the marker can do without goes.
    full = replace(known, lifted=(), places=("0" * 8,) * 200)
    mine = "m" * (65_536 - len(marker.write(full)) - 1)
    kept = worded.kept(opened, replace(full, ended=True, stale=True), mine)
    assert (len(kept.body) <= 65_536, marker.read(kept.body)[1].strip()) == (True, mine)


facts = some.builds(
    Marker,
    some.text(),
    some.tuples(some.text(), some.text()),
    some.text(),
    some.text(),
    some.text(),
    some.booleans(),
)


@given(facts, some.text())
def test_a_marker_is_read_as_it_was_written(one: Marker, words: str) -> None:
    line = marker.write(one)
    assert "\n" not in line
    assert line.count("--") == 2
    assert marker.read(f"{line}\n{words}")[0] == one


@pytest.mark.parametrize("text", ["", "<!-- bumper {} -->", '<!-- bumper {"key":1} -->', "<!-- bumper [] -->",
                                  '<!-- bumper {"v":1,"key":"a","targets":3,"head":"b"} -->',
                                  f'<!-- bumper {{"key":{"[" * 60_000}}} -->'])  # fmt: skip
def test_row_183_a_broken_marker_is_none(text: str) -> None:
    assert marker.read(text)[0] is None


@given(some.text())
def test_a_digest_does_not_see_what_a_forge_does_to_line_ends(text: str) -> None:
    normal = text.replace("\r", "")
    assert marker.digest(normal) == marker.digest(normal.replace("\n", "\r\n") + "\r\n\r\n")


@given(some.text(alphabet="`|@#1a\n<", max_size=30))
def test_a_code_span_holds_whatever_is_in_it(text: str) -> None:
    span = harmless.code(text)
    fence = re.match(r"`+", span)
    assert fence is not None
    inside = span[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall(r"`+", inside)
    assert "\n" not in span
    assert "|" not in span


def test_words_of_a_person_are_kept_over_ours() -> None:
    request = ChangeRequest("k", "b", "main", "Ours", "our words\n", "", (), (), ("i=1",))
    told = worded.worded(request, "a" * 40)
    opened = PullRequest(
        1, "", PullRequestState.OPEN, "b", "", "main", "Mine", told.body + "more\n"
    )
    known, words = marker.read(opened.body)
    assert known is not None
    newer = worded.over(
        worded.worded(replace(request, title="New"), "b" * 40), opened, known, words
    )
    again, kept = marker.read(newer.body)
    assert again is not None
    assert (newer.title, kept.strip(), again.head) == ("Mine", "our words\nmore", "b" * 40)
