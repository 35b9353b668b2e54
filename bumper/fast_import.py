"""Commits in the language of `git fast-import`, and how a commit of ours is known by its form. Pure.

Source: Git's documentation, "git fast-import", and "git hash-object", the commit object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["AUTHOR", "Branch", "parents", "seconds", "stream", "written_by_us"]

AUTHOR = ("bumper", "bumper@users.noreply.invalid")
_PERSON = re.compile(r"^(author|committer) (.*) (\d+) ([+-]\d{4})$", re.MULTILINE)
_PARENT = re.compile(r"^parent ([0-9a-f]{40,64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch to make: one commit on the base, with these whole file contents."""

    name: str
    message: str
    files: Mapping[str, bytes]


def stream(base: str, when: str, branches: Sequence[Branch], modes: Mapping[str, str]) -> bytes:
    """Give one commit a branch, marked by its number from 1; `when` in seconds since 1970.

    `base` is the parent of each; "" is none.
    """
    commits = (_commit(number, one, base, when, modes) for number, one in enumerate(branches, 1))
    return b"".join(commits) + b"done\n"


def parents(commit: str) -> tuple[str, ...]:
    """Give the parents that a commit object names."""
    return tuple(_PARENT.findall(_head(commit)))


def seconds(commit: str) -> int | None:
    """Give when a commit object was committed, in seconds since 1970."""
    found = {match[1]: int(match[3]) for match in _PERSON.finditer(_head(commit))}
    return found.get("committer")


def written_by_us(commit: str, parent: str) -> bool:
    """Say by its form whether a commit object is as we made it on this parent.

    Our commits carry our name twice and the parent's date twice. Who amends or rebases one leaves
    the date of doing so, even under our name.
    """
    ours, when = f"{AUTHOR[0]} <{AUTHOR[1]}>", seconds(parent)
    people = [match.groups() for match in _PERSON.finditer(_head(commit))]
    return len(parents(commit)) == 1 and people == [
        ("author", ours, str(when), "+0000"),
        ("committer", ours, str(when), "+0000"),
    ]


def _head(commit: str) -> str:
    return commit.partition("\n\n")[0]


def _commit(number: int, branch: Branch, base: str, when: str, modes: Mapping[str, str]) -> bytes:
    """Give one commit; it is on a reference that is never kept."""
    who = f"{AUTHOR[0]} <{AUTHOR[1]}> {when} +0000"
    message = branch.message.encode()
    lines = [
        f"commit refs/bumper/building/{number}\nmark :{number}\nauthor {who}\n".encode(),
        f"committer {who}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
        f"from {base}\n".encode() if base else b"",
    ]
    for path, content in sorted(branch.files.items()):
        lines.append(f"M {modes[path]} inline {_quoted(path)}\n".encode())
        lines.append(b"data %d\n%s\n" % (len(content), content))
    lines.append(f"reset refs/bumper/building/{number}\nfrom {'0' * 40}\n\n".encode())
    return b"".join(lines)


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
