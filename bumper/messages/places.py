"""Where things can be looked at: a file's line on the forge, an image's page at its registry. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bumper.harmless import code, is_plain, prose

if TYPE_CHECKING:
    from bumper.reference import Reference

__all__ = ["Files", "image", "is_plain", "shown"]


@dataclass(frozen=True, slots=True)
class Files:
    """Where the files of a commit are shown.

    `address` ends in the commit: `https://github.com/o/r/blob/<commit>` on GitHub,
    `https://gitea.example/o/r/src/commit/<commit>` on Gitea; empty where files are shown nowhere.
    """

    address: str = ""

    def line(self, path: str, line: int) -> str:
        """Give `path:line` as a code span, linked where it is shown."""
        text = code(f"{path}:{line}")
        address = f"{self.address}/{quote(path, safe='/', errors='replace')}#L{line}"
        return f"[{text}]({address})" if is_plain(address, own=True) else text


def image(reference: Reference) -> str:
    """Give the image's name, linked to its page where its registry is known to have one."""
    name, repository = prose(reference.short), reference.repository
    address = ""
    if reference.registry == "docker.io":
        page = repository.replace("library/", "_/", 1) if repository.startswith("library/") else ""
        address = f"https://hub.docker.com/{page or f'r/{repository}'}"
    elif reference.registry == "quay.io":
        address = f"https://quay.io/repository/{repository}"
    return f"[{name}]({address})" if address else name


def shown(words: str, address: str, *, own: bool = False) -> str:
    """Give harmless words, linked to an address that may be; an issue's back-reference is avoided.

    `own` is one of the forge itself.
    """
    if not is_plain(address, own=own):
        return words
    # GitHub notes in an issue who links to it, unless by this host.
    return f"[{words}]({address.replace('https://github.com/', 'https://redirect.github.com/', 1)})"
