"""Release notes as a part of a pull request: a stranger's Markdown, made harmless line by line. Pure.

Lists, headings and code stay what they are; links, images, HTML and references become plain words.
Cut between lines, never within one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.harmless import code, in_html, prose, spans
from bumper.messages.places import is_plain, shown
from bumper.notes import breaking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.notes import Notes, Release

__all__ = ["block", "lifted", "summary"]

_IN_FULL = 3
_MOST_NAMED = 30
_LINES = 60
_LINE = re.compile(
    r"^(?P<indent>\s*)(?:(?P<heading>#{1,6})\s+|(?P<item>[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?)?(?P<rest>.*?)\s*$"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]\[]*)\](?:\([^()]*\)|\[[^\]\[]*\])?")
_LINK = re.compile(r"\[([^\]\[]*)\](?:\([^()]*\)|\[[^\]\[]*\])")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_WORK = re.compile(
    r"https?://[\w.:-]+/[\w./-]+?/(pull|issues|pulls|merge_requests|discussions)/(\d+)\S*"
)
_COMPARE = re.compile(r"https?://[\w.:-]+/[\w./-]+?/compare/([\w./-]+?)(?=[\s)\]]|$)")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_EMPHASIS = re.compile(r"\*\*|__|~~")


def summary(notes: Notes) -> str:
    """Give the headline of the part, as HTML: `Release notes: 18.0, 17.7 and 3 more`."""
    tags = [in_html(one.tag, 40) for one in notes.releases]
    if not tags:
        return "Release notes"
    more = f" and {len(tags) - 2} more" if len(tags) > 2 else ""
    return f"Release notes: {', '.join(tags[:2])}{more}"


def lifted(notes: Notes) -> list[str]:
    """Give the lines that ask for attention, one item each."""
    found = (
        (spans(match["rest"], _words), tag)
        for tag, line in breaking(notes.releases)
        if (match := _LINE.match(line)) is not None
    )
    return [f"{text} ({prose(tag, 40)})" for text, tag in found if text]


def block(notes: Notes, most_characters: int) -> str:
    """Give the releases, the newest in full as far as there is room, and where to read on; "" if none."""
    where = [
        shown(words, address)
        for words, address in (
            ("all changes", _of(notes, notes.compare)),
            ("the source", notes.source),
            ("the maker's page", notes.page),
        )
        if is_plain(address)
    ]
    last = f"See {', '.join(where)}." if where else ""
    parts: list[str] = []
    left = most_characters - len(last) - 200
    for release in notes.releases[:_IN_FULL]:
        lines = list(_release(release, _of(notes, release.url), left // 2))
        parts.append("\n".join(lines))
        left -= len(parts[-1]) + 2
    rest = notes.releases[_IN_FULL:]
    if rest:
        named = ", ".join(_named(one, _of(notes, one.url)) for one in rest[:_MOST_NAMED])
        more = f" and {len(rest) - _MOST_NAMED} more" if len(rest) > _MOST_NAMED else ""
        text = f"Before that: {named}{more}."
        parts.append(text if len(text) < left else f"Before that: {len(rest)} releases.")
    if notes.why:
        parts.append(prose(notes.why))
    return "\n\n".join(part for part in (*parts, last) if part)


def _of(notes: Notes, address: str) -> str:
    """Give an address if it is one of the source's own pages: an answer may name any."""
    return address if notes.source and address.startswith(f"{notes.source}/") else ""


def _named(release: Release, address: str) -> str:
    return shown(prose(release.tag, 40), address)


def _release(release: Release, address: str, room: int) -> Iterator[str]:
    """Yield the lines of one release as far as there is room, which is said where there was none."""
    when = f" · {prose(release.published, 10)}" if release.published else ""
    same = release.name in {"", release.tag} or release.name.lstrip("v") == release.tag.lstrip("v")
    name = "" if same else f" · {prose(release.name, 100)}"
    head = f"**{_named(release, address)}**{name}{when}"
    yield head
    yield ""
    room -= len(head)
    before, shown = True, 0
    for left, line in _lines(release.text):
        room -= len(line) + 1
        if room < 0 or shown >= _LINES:
            yield ""
            yield f"_… {left} more lines._"
            return
        if line or not before:
            yield line
            shown += 1
        before = not line


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line, harmless by itself, and how many of the text's lines are left with it."""
    lines = _COMMENT.sub("", text[:50_000].replace("\r\n", "\n")).rstrip().split("\n")
    fence = ""
    for number, line in enumerate(lines):
        left = len(lines) - number
        mark = _FENCE.match(line)
        if not fence:
            fence = mark[1] if mark is not None else ""
            yield left, "" if fence else _line(line)
        elif mark is not None and mark[1].startswith(fence):
            fence = ""
            yield left, ""
        elif line.strip():
            # A line of code is a paragraph with a span: no fence that a text could end.
            yield left, code(line.rstrip())
            yield left - 1, ""


def _line(line: str) -> str:
    match = _LINE.match(line)
    rest = spans(match["rest"], _words) if match is not None else ""
    if match is None or not rest.strip("\\-=_* "):
        return ""
    if match["heading"]:
        return f"**{rest}**"
    if match["item"]:
        deep = min(len(match["indent"].expandtabs(2)) // 2, 3)
        return f"{'  ' * deep}- {rest}"
    return rest


def _words(text: str) -> str:
    text = _IMAGE.sub(r"\1", text[:2000])
    text = _LINK.sub(r"\1", text)
    text = _WORK.sub(r"\1 \2", text)
    text = _COMPARE.sub(r"\1", text)
    text = _EMPHASIS.sub("", _TAG.sub("", text))
    return prose(text, 1000)
