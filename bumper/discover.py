"""Find the image uses of one file's text. Pure.

Which files there are is asked of the worktree; what the uses may move to is decided later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.errors import TextError
from bumper.model import ImageUse, Part, Skip
from bumper.text import Lines
from bumper.yaml_nodes import Document, Mapping

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Dictionary

    from bumper.formats.base import Format
    from bumper.model import Slot

__all__ = ["Found", "decode", "is_environment", "is_readable", "read", "worth_reading"]

# More than any file that is deployed holds; a file made to hold 300,000 costs no 5 s.
MOST_FOUND = 5_000
# What every reference of every format stands beside; a file without one costs one search.
_HINT = re.compile(
    rb"image|Image|IMAGE|newTag|repository|tag|FROM |from[ =]|docker://|oci://|renovate:|\.env\b"
    rb"|^\s*(?:export\s+)?\w+=|git-lfs\.github\.com",
    re.MULTILINE,
)
# Texts of other kinds that formats or comments may speak of, by their names.
_OTHER = re.compile(
    r"(?:.*/)?(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env|(?:[\w.-]*[._-])?(?:docker|container)file(?:[._-][\w.-]+)?"
    r"|Kustomization|(?:GNU)?[Mm]akefile|\.tool-versions"
    r"|[\w.@-]+\.(?:container|image|volume|dockerfile|mk|tf|tfvars|hcl|sh|bash|toml|ini|conf|cfg"
    r"|properties|nix|py|just))",
    re.IGNORECASE | re.ASCII,
)

# Source: git-lfs, docs/spec.md.
_LFS = "version https://git-lfs.github.com/spec/"
_LONGEST_WRITTEN = 100

# How SOPS seals what is no YAML or JSON: `.env` and INI files.
_SEALED_LINES = re.compile(r"^(?:sops_mac|mac)[ \t]*=[ \t]*ENC\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in one file, in the order of the text.

    `problem` says why the text could be read by its lines only; None where a parser read it.
    """

    uses: tuple[ImageUse, ...] = ()
    skips: tuple[Skip, ...] = ()
    problem: TextError | None = None


def worth_reading(content: bytes) -> bool:
    """Say by one byte search whether a file may hold a reference of a known format at all."""
    return _HINT.search(content) is not None


def is_readable(path: str) -> bool:
    """Say whether a path names a text that some format may read."""
    return yaml_text.is_yaml(path) or _OTHER.fullmatch(path) is not None


def is_environment(path: str) -> bool:
    """Say whether a file gives values to others of its folder: a `.env` file."""
    name = path.rpartition("/")[2]
    return name.startswith(".env") or name.endswith(".env")


def decode(content: bytes) -> str:
    """Give the text of a file, line ends and byte order mark kept.

    Raises:
        TextError: It is not UTF-8, or holds a NUL: no text that bumper may edit.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextError("not UTF-8 text", code="not-utf-8") from error
    if "\0" in text:
        raise TextError("not a text: it holds a NUL character", code="not-text")
    return text


def read(
    path: str,
    text: str,
    formats: Dictionary[str, Format],
    pointers: Dictionary[str, Format] | None = None,
    neighbours: Dictionary[str, str] | None = None,
) -> Found:
    """Find every use and every skip in a text; a document is read by the first format that claims it.

    Args:
        path: Where the text stands, with forward slashes.
        text: The whole file.
        formats: In the order of claiming.
        pointers: Formats that read the text whichever format claims it.
        neighbours: The texts of files in the same folder that values come from or go to, by name.

    Raises:
        TextError: The text is too large or nested too deeply to be read at all.
    """
    if text.startswith(_LFS):
        reason = "kept by Git LFS: what stands here is a pointer to the file"
        first = text.partition("\n")[0].strip()[:_LONGEST_WRITTEN]
        return Found(skips=(Skip(path, 1, 1, "git-lfs", "", first, "lfs", reason),))
    documents, problem = _documents(path, text)
    found: list[ImageUse | Skip] = []
    for document in documents:
        document.neighbours = neighbours or {}
        for format_ in formats.values():
            if format_.claims(path, document):
                found += islice(format_.find(path, document), MOST_FOUND + 1 - len(found))
                break
        if len(found) > MOST_FOUND:
            raise TextError(f"more than {MOST_FOUND:,} images", code="too-large")
    whole = Document(text, documents[0].lines, documents[0].root) if documents else None
    try:
        found += _pointed(path, whole, pointers or {}, found) if whole is not None else []
    except TextError as error:
        problem = problem or error
    uses = tuple(sorted((one for one in found if isinstance(one, ImageUse)), key=_place))
    skips = tuple(one for one in found if isinstance(one, Skip))
    if uses and _is_sealed(text, documents):
        return Found((), (*skips, *(_sealed(use) for use in uses)), problem)
    return Found(uses, skips, problem)


def _documents(path: str, text: str) -> tuple[tuple[Document, ...], TextError | None]:
    """Give the documents of a text; one without a root where it is no YAML, and why."""
    if not yaml_text.is_yaml(path):
        return (Document(text, Lines(text)),), None
    try:
        return yaml_text.read(text), None
    except TextError as error:
        if error.code != "bad-yaml":
            raise
        # A template's control flow and a comment in JSON are no mistakes of anybody's; broken YAML is.
        is_template = "{{" in text or "{%" in text or "[[" in text
        is_commented = path.endswith(".json") and ("//" in text or "/*" in text)
        return (Document(text, Lines(text)),), None if is_template or is_commented else error


def _pointed(
    path: str,
    document: Document,
    pointers: Dictionary[str, Format],
    found: Iterable[ImageUse | Skip],
) -> list[ImageUse | Skip]:
    """Give what pointers find at places that no format has read."""
    taken = {slot.span for use in found if isinstance(use, ImageUse) for slot in _moving(use)}
    more: list[ImageUse | Skip] = []
    for pointer in pointers.values():
        if pointer.claims(path, document):
            more += (
                one
                for one in pointer.find(path, document)
                if isinstance(one, Skip) or not any(slot.span in taken for slot in _moving(one))
            )
    return more


def _moving(use: ImageUse) -> tuple[Slot, ...]:
    return tuple(slot for slot in use.slots if slot.part in {Part.TAG, Part.DIGEST})


def _place(use: ImageUse) -> tuple[int, int]:
    return use.line, use.column


def _is_sealed(text: str, documents: Iterable[Document]) -> bool:
    """Say whether SOPS sealed the file: its MAC covers every value, an edit would break decryption."""
    if "ENC[" in text and _SEALED_LINES.search(text):
        return True
    for document in documents:
        sops = document.root.get("sops") if isinstance(document.root, Mapping) else None
        if isinstance(sops, Mapping) and sops.get("mac") is not None:
            return True
    return False


def _sealed(use: ImageUse) -> Skip:
    reason = "sealed by SOPS: an edit would break its MAC"
    return Skip(
        use.path, use.line, use.column, use.format, use.where, str(use.reference), "sealed", reason
    )
