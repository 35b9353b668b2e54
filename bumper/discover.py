"""Find the image uses of one file's text. Pure.

Which files there are is asked of the worktree; what the uses may move to is decided later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.errors import TextError
from bumper.model import ImageUse, Skip
from bumper.text import Lines
from bumper.yaml_text import Document, Mapping

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Dictionary

    from bumper.formats.base import Format

__all__ = ["Found", "decode", "read", "worth_reading"]

# What every reference of every format stands beside; a file without one costs one search.
_HINT = re.compile(rb"image|Image|IMAGE|newTag|repository|FROM|from|tag")
_YAML = (".yaml", ".yml", ".json", ".gotmpl", ".tpl", ".j2", ".tmpl")


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in one file, in the order of the text."""

    uses: tuple[ImageUse, ...] = ()
    skips: tuple[Skip, ...] = ()


def worth_reading(path: str, content: bytes) -> bool:
    """Say by name and by one byte search whether a file may hold a reference at all."""
    return is_yaml(path) and _HINT.search(content) is not None


def is_yaml(path: str) -> bool:
    """Say whether a path names a YAML or JSON text, or a template of one."""
    return path.endswith(_YAML) or path.rpartition("/")[2] == "Kustomization"


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


def read(path: str, text: str, formats: Dictionary[str, Format]) -> Found:
    """Find every use and every skip in a text; a document is read by the first format that claims it.

    Raises:
        TextError: The text is not what its name says; nothing in it was read.
    """
    if text.startswith("version https://git-lfs.github.com/spec/"):
        return Found()
    documents: Iterable[Document] = (Document(text, Lines(text)),)
    if is_yaml(path):
        documents = yaml_text.read(text)
    uses: list[ImageUse] = []
    skips: list[Skip] = []
    for document in documents:
        for format_ in formats.values():
            if format_.claims(path, document):
                for found in format_.find(path, document):
                    (uses if isinstance(found, ImageUse) else skips).append(found)  # type: ignore[arg-type] # the list fits the record
                break
    if uses and _is_sealed(documents):
        skips += [_sealed(use) for use in uses]
        uses = []
    return Found(tuple(uses), tuple(skips))


def _is_sealed(documents: Iterable[Document]) -> bool:
    """Say whether SOPS sealed the file: its MAC covers every value, an edit would break decryption."""
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
