"""Twenty secrets that every test takes its secrets from, and what is searched for them when it is over.

A secret may be seen at its own place: in the file or variable that a test puts it into, and by the one
server that it is for. `conftest.py` looks after every test into what it and bumper printed, into the
arguments of every process that was started, into every file below its `tmp_path` with every object of
every Git repository there, into what each fake server received, and at the end into the cache.
"""

from __future__ import annotations

import base64
import re
import sqlite3
import subprocess
import sys
import zlib
from collections import defaultdict
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["NAMES", "Watch", "canary", "forms", "leaks", "watch"]

NAMES = (
    "forge", "config", "token", "docker", "identity", "env", "file", "account", "shepherd", "helper", "failing",
    "token-bearer", "identity-bearer", "env-bearer", "shepherd-bearer", "GH_TOKEN", "AWS_SECRET_ACCESS_KEY",
    "netrc", "proxy", "other-account",
)  # fmt: skip
# Where a test itself puts a secret: what Docker, Git, Shepherd and people keep them in.
_KEEPERS = re.compile(
    r"config\.json|\.dockerconfigjson|auth\.json|mounted|a\.json|key\.json|secret|team|registries|htpasswd"
    r"|\.netrc|\.git-credentials|gitconfig|docker-credential-.*"
)
# Forge, API and Git are one server each; a token server and its registry are two, and share.
_MOST_HOSTS = 1
_QUICK = re.compile(rb"canary-|Y2FuYXJ5L|NhbmFyeS|jYW5hcnkt")


def canary(name: str) -> str:
    """Give a secret by its name, which says what it stands for."""
    assert name in NAMES, name
    return f"canary-{name}-{name[::-1]}-0123456789"


def forms(secret: str) -> list[str]:
    """A secret as it may be written: itself, in URLs, in base64 with anything around it."""
    found = [secret, quote(secret, safe="")]
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + secret.encode()).decode()
        found.append(whole[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6])
    return found


_ALL = re.compile(
    b"|".join(
        b"(?P<n%d>%s)" % (index, b"|".join(re.escape(form.encode()) for form in forms(canary(name))))
        for index, name in enumerate(NAMES)
    )
)  # fmt: skip


def leaks(content: bytes | str) -> set[str]:
    """Give the names of the secrets that stand in a text."""
    found = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    if _QUICK.search(found) is None:
        return set()
    return {NAMES[int(str(match.lastgroup)[1:])] for match in _ALL.finditer(found)}


@dataclass
class Watch:
    """What was heard and seen since the last look."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    hosts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def hear(self, place: str, text: str | bytes) -> None:
        """Take note of a text that leaves bumper or the test."""
        found = leaks(text)
        self.texts += [(place, name) for name in sorted(found)]

    def receive(self, host: str, text: str) -> None:
        """Take note of what a fake server received."""
        for name in leaks(text):
            self.hosts[name].add(host)

    def look(self, folder: Path | None, most_hosts: int = _MOST_HOSTS) -> list[str]:
        """Give every leak since the last look, and begin anew."""
        found = [f"{name} in {place}" for place, name in self.texts]
        for name, hosts in self.hosts.items():
            if len(hosts) > most_hosts:
                found.append(f"{name} at {len(hosts)} servers")
        for path, name in in_files(folder) if folder is not None else ():
            found.append(f"{name} in the file {path}")
        self.texts.clear()
        self.hosts.clear()
        return sorted(set(found))


watch = Watch()


def in_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Find secrets in the files of a folder, unpacked where Git or SQLite packed them."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file() or _KEEPERS.fullmatch(path.name):
            continue
        with suppress(OSError):
            for content in _contents(path):
                yield from ((str(path), name) for name in leaks(content))


def _contents(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield content
    if content[:1] == b"\x78" and len(path.parent.name) == 2:  # a loose object of Git
        with suppress(zlib.error):
            yield zlib.decompress(content)
    elif path.suffix == ".pack":
        command = ["git", f"--git-dir={path.parent.parent.parent}", "cat-file"]
        every = ["--batch-all-objects", "--batch"]
        yield subprocess.run([*command, *every], capture_output=True, check=False).stdout
    elif content.startswith(b"SQLite format 3"):
        yield from _rows(path)


def _rows(path: Path) -> Iterator[bytes]:
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base,
    ):
        names = base.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            for row in base.execute(f'select * from "{name}"'):
                yield b"\0".join(_bytes(value) for value in row)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


def _started(event: str, arguments: tuple[Any, ...]) -> None:
    """Hear the arguments of every process that is started here."""
    words: Iterable[object] = ()
    if event == "subprocess.Popen":
        words = arguments[1] if isinstance(arguments[1], list | tuple) else (arguments[1],)
    elif event in {"os.posix_spawn", "os.exec"}:
        words = arguments[1]
    elif event == "os.system":
        words = arguments
    else:
        return
    watch.hear("the arguments of a process", b"\0".join(_bytes(word) for word in words))


def _communicate(process: subprocess.Popen[Any], *given: Any, **named: Any) -> tuple[Any, Any]:
    """Hear what a bumper that runs as a child prints."""
    printed = _PLAIN(process, *given, **named)
    words = process.args if isinstance(process.args, list | tuple) else (process.args,)
    if any(str(word).rpartition("/")[2] == "bumper" for word in words):
        for text in printed:
            watch.hear("what a child printed", text or b"")
    return printed


_PLAIN = subprocess.Popen.communicate
subprocess.Popen.communicate = _communicate  # type: ignore[method-assign,assignment] # for as long as tests run
sys.addaudithook(_started)
