"""The scheme that needs no setting: a tag is text in which some numbers are a version. Pure.

The shape of a tag is the tag with its numbers taken out: `3.12.1-slim-bookworm` has the shape
`#.#.#-slim-bookworm`. Two tags compare only if their shapes are equal, so a variant is never an
upgrade and no image needs an expression of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.schemes import words
from bumper.schemes.base import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NAME", "parse"]

NAME = "auto"

_HASH = r"(?:sha-|g)[0-9a-f]{7,40}|(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}"
_TOKEN = re.compile(
    rf"""
      (?<![A-Za-z0-9])(?P<hash>{_HASH})(?![A-Za-z0-9])
    | (?P<iso>(?:19|20)\d\d-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])(?:T\d\d-\d\d-\d\dZ)?)(?![0-9])
    | (?P<number>\d+(?:\.\d+)*)
    | (?P<text>[^0-9a-fgs]+|.)
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<t>(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?"
)
_WORD_BEFORE = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)?)([-_.]?)\Z")
_PRE = re.compile(
    r"(?P<sep>[-_.+~]?)(?P<word>[A-Za-z]+)(?P<after>[-_.]?)\Z|(?P<sep2>[-_.+~]?)(?P<word2>[A-Za-z]+)(?=[-_.]|\Z)"
)
# Tags that CI makes of branches and commits: their numbers count no version. A lone number of
# seven digits and more that is no date may be a short hash; `scheme: numeric` reads it.
_BRANCH = re.compile(
    r"(?:pr|mr|pull|feature|feat|fix|bugfix|hotfix|issue|branch|dependabot|renovate)[-_/]"
    rf"|(?!{_DATE.pattern}\Z)[0-9]{{7,40}}\Z",
    re.IGNORECASE | re.ASCII,
)
_RELEASE = (1, 0, ())


def parse(tag: str) -> Version | None:
    """Read a tag; None if no number in it is a version."""
    if _BRANCH.match(tag) or not any(char.isdigit() for char in tag):
        return None
    return _Reader(tag).version()


def _tokens(tag: str) -> Iterator[tuple[str, str]]:
    """Split a tag into numbers, dates, hashes and the text between, text joined."""
    pending = ""
    for match in _TOKEN.finditer(tag):
        kind = match.lastgroup or "text"
        if kind == "text":
            pending += match[0]
            continue
        if pending:
            yield "text", pending
            pending = ""
        yield kind, match[0]
    if pending:
        yield "text", pending


class _Reader:
    """One tag while it is read from left to right."""

    __slots__ = (
        "counters",
        "environment",
        "kind",
        "parts",
        "pre",
        "prefix",
        "shape",
        "tag",
        "widths",
    )

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.kind = ""
        self.prefix = ""
        self.parts: tuple[int, ...] = ()
        self.widths: tuple[int, ...] = ()
        self.pre: tuple[int, int, tuple[int, ...]] = _RELEASE
        self.counters: list[tuple[int, ...]] = []
        self.environment: list[tuple[int, ...]] = []
        self.shape: list[str] = []

    def version(self) -> Version | None:
        """Read all tokens; None if there is no version among them."""
        before = ""
        waiting = ""  # the word of a pre-release whose number may follow
        for kind, text in _tokens(self.tag):
            if kind == "text":
                waiting = self.text(text)
            elif kind == "hash":
                self.shape.append("<hash>")
            elif waiting and kind == "number":
                self.pre = (0, words.PRERELEASE[waiting], _numbers(text))
                waiting = ""
            else:
                self.number(kind, text, before)
                waiting = ""
            before = text
        if not self.kind:
            return None
        order = (self.parts, self.pre, tuple(self.counters))
        return Version(
            self.tag, self.kind, self.prefix, "".join(self.shape), self.parts, order,
            tuple(self.environment), self.pre[0] == 0, self.widths, self.padded(),
        )  # fmt: skip

    def padded(self) -> bool:
        """Say whether a part of the version has a zero that cannot be dropped."""
        return self.kind == "number" and any(
            width > len(str(part)) for width, part in zip(self.widths, self.parts, strict=True)
        )

    def text(self, text: str) -> str:
        """Take text; give the pre-release word at its end whose number may follow, else nothing."""
        if self.kind and self.pre is _RELEASE:
            for match in (_PRE.fullmatch(text), _PRE.match(text)):
                word = match and (match["word"] or match["word2"])
                if match is None or not word or not self.is_prerelease(match, word, text):
                    continue
                self.pre = (0, words.PRERELEASE[word.lower()], ())
                rest = text[match.end() :]
                self.shape.append(rest)
                return "" if rest else word.lower()
        self.shape.append(text)
        return ""

    def is_prerelease(self, match: re.Match[str], word: str, text: str) -> bool:
        """Say whether a word behind the version is a pre-release; one letter only if glued, or `M`."""
        if word.lower() not in words.PRERELEASE:
            return False
        if len(word) > 1:
            return True
        glued = not (match["sep"] or match["sep2"])
        return match.end() == len(text) and (glued if word != "M" else True)

    def number(self, kind: str, text: str, before: str) -> None:
        """Take a number: environment, version or counter, by what stands before it."""
        date = _date(kind, text)
        if date is None and self.is_environment(before):
            self.environment.append(_numbers(text))
            self.shape.append("%" + "." * text.count("."))
        elif not self.kind:
            self.prefix = "".join(self.shape)
            parts = date or _numbers(text)
            year_first = len(parts) > 1 and 1990 <= parts[0] <= 2099
            self.kind = "date" if date or year_first else "number"
            self.parts = parts
            self.widths = () if date else tuple(len(part) for part in text.split("."))
            self.shape.append("D" + str(len(text)) if date else ".".join("#" * len(parts)))
        else:
            self.counters.append(date or _numbers(text))
            self.shape.append("#" + "." * text.count("."))

    def is_environment(self, before: str) -> bool:
        """Say whether the text before a number is the name of an operating system or a runtime."""
        match = _WORD_BEFORE.search(before)
        if match is None:
            return False
        names = (match[1].lower(), match[1].lower().rpartition("-")[2])
        if not any(name in words.ENVIRONMENT for name in names):
            return False
        # `jdk-17` alone is a version with a prefix; `alpine3.20` alone is an environment.
        return bool(self.kind) or not match[2]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part[:4000]) for part in text.split("."))


def _date(kind: str, text: str) -> tuple[int, ...] | None:
    """Give year, month, day (and time) of a date, None if it is none."""
    if kind == "iso":
        return tuple(int(part) for part in re.findall(r"\d+", text))
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    time = match["t"] or ""
    return (int(match["y"]), int(match["m"]), int(match["d"]), *((int(time),) if time else ()))
