"""Commits in the language of `git fast-import`, and how a commit of ours is known by its form. Pure.

Source: Git's documentation, "git fast-import", and "git hash-object", the commit object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "AUTHOR",
    "Branch",
    "Hand",
    "made_by_github",
    "parents",
    "seconds",
    "signed",
    "stream",
    "written_by_us",
]

_PLAIN = "100644"
AUTHOR = ("bumper", "bumper@users.noreply.invalid")
_PERSON = re.compile(r"^(author|committer) (.*) (\d+) ([+-]\d{4})$", re.MULTILINE)
_GITHUB = "GitHub <noreply@github.com>"
_TRAILER = re.compile(r"[\w-]+: ")
_PARENT = re.compile(r"^parent ([0-9a-f]{40,64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who makes commits: a name and a mail, and what signs a commit object, if anything does.

    `by_github` is true where GitHub makes them anew and signs them itself. `sign_off` ends each message in the line by which who commits vouches for what is in it.
    """

    author: tuple[str, str] = AUTHOR
    sign: Callable[[bytes], str] | None = None
    sign_off: bool = False
    by_github: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch to make: one commit on the base, with these whole file contents."""

    name: str
    message: str
    files: Mapping[str, bytes]


def stream(
    base: str,
    when: str,
    branches: Sequence[Branch],
    modes: Mapping[str, str],
    hand: Hand | None = None,
) -> bytes:
    """Give one commit a branch, whose name Git prints; `when` in seconds since 1970.

    `base` is the parent of each; Git's null name, all zeros, is none.
    """
    hand = hand or Hand()
    name = f"{hand.author[0]} <{hand.author[1]}>"
    who = f"{name} {when} +0000"
    off = [replace(one, message=_signed_off(one.message, name)) for one in branches]
    whole = off if hand.sign_off else branches
    commits = (_commit(number, one, base, who, modes) for number, one in enumerate(whole, 1))
    return b"".join(commits) + b"done\n"


def _signed_off(message: str, name: str) -> str:
    """Give a message that ends in who vouches for it, among its trailers if it has any."""
    text = message.rstrip("\n")
    before, _, last = text.rpartition("\n\n")
    has_trailers = bool(before) and all(_TRAILER.match(line) for line in last.split("\n"))
    joint = "\n" if has_trailers else "\n\n"
    return f"{text}{joint}Signed-off-by: {name}\n"


def parents(commit: str) -> tuple[str, ...]:
    """Give the parents that a commit object names."""
    return tuple(_PARENT.findall(_head(commit)))


def seconds(commit: str) -> int | None:
    """Give when a commit object was committed, in seconds since 1970."""
    found = {match[1]: int(match[3]) for match in _PERSON.finditer(_head(commit))}
    return found.get("committer")


def signed(commit: bytes, name: str, sign: Callable[[bytes], str]) -> bytes:
    """Give a commit object with its signature; `name` is its own, which tells Git's kind of digest."""
    head, _, message = commit.partition(b"\n\n")
    key = b"gpgsig" if len(name) == 40 else b"gpgsig-sha256"
    lines = sign(commit).strip("\n").encode().replace(b"\n", b"\n ")
    return head + b"\n" + key + b" " + lines + b"\n\n" + message


def written_by_us(commit: str, parent: str, author: tuple[str, str] = AUTHOR) -> bool:
    """Say by its form whether a commit object is as we made it on this parent.

    Our commits carry our name twice (the one of the settings, or the one before there were any) and
    the parent's date twice. Who amends or rebases one leaves the date of doing so, even under our name.
    """
    when = seconds(parent)
    people = [match.groups() for match in _PERSON.finditer(_head(commit))]
    return len(parents(commit)) == 1 and any(
        people
        == [
            ("author", f"{name} <{mail}>", str(when), "+0000"),
            ("committer", f"{name} <{mail}>", str(when), "+0000"),
        ]
        for name, mail in (author, AUTHOR)
    )


def made_by_github(commit: str) -> bool:
    """Say by its form whether GitHub made a commit object for us: its signature, and our trailers.

    What a person commits on GitHub's pages is signed by it too, and has other words.
    """
    head, _, message = commit.partition("\n\n")
    people = [match.groups() for match in _PERSON.finditer(head)]
    committer = [name for kind, name, _, _ in people if kind == "committer"]
    last = message.rstrip("\n").rpartition("\n\n")[2]
    return (
        len(parents(commit)) == 1
        and "\ngpgsig" in head
        and committer == [_GITHUB]
        and last.startswith("Bumper-Image: ")
    )


def _head(commit: str) -> str:
    return commit.partition("\n\n")[0]


def _commit(number: int, branch: Branch, base: str, who: str, modes: Mapping[str, str]) -> bytes:
    """Give one commit; it is on a reference that is never kept."""
    message = branch.message.encode()
    lines = [
        f"commit refs/bumper/building/{number}\nmark :{number}\nauthor {who}\n".encode(),
        f"committer {who}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
        f"from {base}\n".encode() if base.strip("0") else b"",
    ]
    for path, content in sorted(branch.files.items()):
        lines.append(f"M {modes.get(path, _PLAIN)} inline {_quoted(path)}\n".encode())
        lines.append(b"data %d\n%s\n" % (len(content), content))
    lines.append(f"reset refs/bumper/building/{number}\nfrom {'0' * len(base)}\n\n".encode())
    lines.append(f"get-mark :{number}\n".encode())
    return b"".join(lines)


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
