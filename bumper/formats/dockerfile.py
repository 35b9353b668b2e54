"""Dockerfiles and Containerfiles: what they are built from. Pure; the grammar is in `instructions`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding.instructions import instructions
from bumper.finding.uses import Place
from bumper.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "dockerfile"
_FILE = re.compile(
    r"(?:[\w.-]+[._-])?(?:docker|container)file(?:[._-][\w.-]+)?|[\w.-]+\.(?:docker|container)file",
    re.IGNORECASE | re.ASCII,
)
_NOT = (".dockerignore", ".md", ".txt", ".go", ".py", ".js", ".ts", ".rb", ".json", ".yaml", ".yml")


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says all
    """Say whether the file is a Dockerfile by its name."""
    name = path.rpartition("/")[2]
    return _FILE.fullmatch(name) is not None and not name.endswith(_NOT)


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the image of every instruction that takes one."""
    yield from instructions(Place(path, document, NAME), Span(0, len(document.text)))
