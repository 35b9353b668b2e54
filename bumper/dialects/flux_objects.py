"""The objects of Flux's image API, and which of them writes a line itself. Pure. No member: a member's part.

Source: fluxcd.io, API image.toolkit.fluxcd.io.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.asides.settings import unknown
from bumper.errors import TextError
from bumper.model import Setting
from bumper.yaml_nodes import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.model import ImageUse

__all__ = ["API", "Object", "find", "objects", "writer"]

API = "image.toolkit.fluxcd.io/"


class Object:
    """One object of Flux's image API: where it stands and what it says."""

    def __init__(self, path: str, line: int, root: Mapping) -> None:
        metadata = root.mapping("metadata")
        self.kind = root.text("kind") or ""
        self.name = (metadata.text("name") if metadata else None) or ""
        self.namespace = metadata.text("namespace") if metadata else None
        self.path = path
        self.line = line
        self.spec = root.mapping("spec")

    def text(self, *keys: str) -> str | None:
        """Give the text at a path below `spec`."""
        node = self.spec
        for key in keys[:-1]:
            node = node.mapping(key) if node is not None else None
        return node.text(keys[-1]) if node is not None else None

    def choice(self, allowed: tuple[str, ...], *keys: str) -> str | None:
        """Give the text at a path below `spec`, one of some words.

        Raises:
            ValueError: It is another.
        """
        found = self.text(*keys)
        if found is not None and found not in allowed:
            problem = unknown(keys[-1], found, allowed)
            raise ValueError(f"{self.kind} {self.name}: {problem}")
        return found

    def setting(self, key: str, value: str) -> Setting:
        """Give a setting that this object says."""
        return Setting(key, value, f"{self.path}:{self.line} ({self.kind} {self.name})")


def objects(path: str, text: str) -> Iterator[Object]:
    """Yield the objects of a text; one that cannot be read has none."""
    try:
        documents = yaml_text.read(text)
    except TextError:
        return
    for document in documents:
        root = document.root
        if isinstance(root, Mapping) and (root.text("apiVersion") or "").startswith(API):
            yield Object(path, document.lines.place(root.span.start)[0], root)


def find(known: Iterable[Object], kind: str, namespace: str, name: str) -> Object | None:
    """Find an object by name; one without a namespace gets its own from a Kustomization."""
    named = [one for one in known if one.kind == kind and one.name == name]
    exact = [one for one in named if one.namespace == namespace]
    return next(iter(exact or [one for one in named if one.namespace is None]), None)


def writer(use: ImageUse, known: Iterable[Object]) -> Object | None:
    """Find the automation that writes a use on the branch it reads."""
    for one in known:
        if one.kind != "ImageUpdateAutomation" or one.text("suspend") == "true":
            continue
        checked_out = one.text("git", "checkout", "ref", "branch")
        pushed = one.text("git", "push", "branch")
        folder = (one.text("update", "path") or ".").removeprefix("./").strip("/")
        inside = folder in {"", "."} or use.path.startswith(f"{folder}/")
        if inside and (pushed is None or pushed == checked_out):
            return one
    return None
