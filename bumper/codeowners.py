"""Who owns a file, by the forge's own CODEOWNERS. Pure.

GitHub and GitLab write patterns as `.gitignore` has them, and the last that matches wins; GitLab's
sections count each by itself. Gitea and Forgejo write regular expressions, and all that match count.
Sources: docs.github.com, "About code owners"; docs.gitlab.com, "Syntax of CODEOWNERS"; docs.gitea.com,
"Code owners".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.patterns import BadPatternError, compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["PLACES", "rules"]

# Where a forge looks, the first that is there counts.
PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
    "gitea": ("CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS", ".forgejo/CODEOWNERS"),
}
_SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?\s*(?P<owners>.*)")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")
_Section = list[tuple[str, tuple[str, ...]]]


def rules(kind: str, text: str) -> Callable[[str], tuple[str, ...]]:
    """Give what tells the owners of a path, as `ada` or `acme/platform`, by the file of a kind of forge."""
    if kind == "gitea":
        expressions = list(_entries(_lines(text)))
        return lambda path: _all(expressions, path)
    sections = _sections(text) if kind == "gitlab" else [list(_entries(_lines(text)))]
    compiled = [[(_compiled(glob), owners) for glob, owners in one] for one in sections]
    return lambda path: _last(compiled, path)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        # A # that is part of a name is written \#.
        kept = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if kept:
            yield kept


def _entries(
    lines: Iterable[str], inherited: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in lines:
        first, *names = _WORD.findall(line)
        yield first, _owners(names) if names else inherited


def _owners(names: Iterable[str]) -> tuple[str, ...]:
    """Give those who can be asked; a mail address names nobody to a forge."""
    return tuple(name.removeprefix("@") for name in names if "@" not in name[1:])


def _sections(text: str) -> list[_Section]:
    found: dict[str, _Section] = {"": []}
    section = ""
    inherited: tuple[str, ...] = ()
    for line in _lines(text):
        if match := _SECTION.fullmatch(line):
            section, inherited = match["name"].lower(), _owners(match["owners"].split())
            found.setdefault(section, [])
        else:
            found[section] += _entries([line], inherited)
    return list(found.values())


def _compiled(glob: str) -> re.Pattern[str]:
    """Give a pattern as it is in `.gitignore`; `docs/*` means the files of a folder, `docs/` all below."""
    plain = re.sub(r"\\(.)", r"\1", glob)
    anchored = "/" in plain.rstrip("/")
    body = plain.strip("/")
    translated = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", body)
    text = "".join(translated.get(one) or re.escape(one) for one in pieces)
    if plain.endswith("/"):
        tail = "/.*"
    else:
        tail = "" if anchored and "*" in body.rpartition("/")[2] else "(?:/.*)?"
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{text}{tail}", re.DOTALL)


def _last(
    sections: list[list[tuple[re.Pattern[str], tuple[str, ...]]]], path: str
) -> tuple[str, ...]:
    found: list[str] = []
    for section in sections:
        matching = (owners for pattern, owners in reversed(section) if pattern.fullmatch(path))
        found += next(matching, ())
    return tuple(dict.fromkeys(found))


def _all(entries: list[tuple[str, tuple[str, ...]]], path: str) -> tuple[str, ...]:
    found: list[str] = []
    for written, owners in entries:
        try:
            pattern = compile_pattern(f"^(?:{written.removeprefix('!').removeprefix('/')})$")
            matched = pattern.groups(path) is not None
        except BadPatternError:
            continue
        if matched != written.startswith("!"):
            found += owners
    return tuple(dict.fromkeys(found))
