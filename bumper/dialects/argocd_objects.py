"""Argo CD's Applications, and the ImageUpdater objects that name them, as annotations of each. Pure.

An ImageUpdater (Argo CD Image Updater 1.x) says of some Applications what annotations said before;
here it becomes those annotations, so that one reader reads both. No member: a member's part. Source:
argocd-image-updater.readthedocs.io, "Migration from annotations to CRD".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bumper import yaml_text
from bumper.asides.marks import Mark, lookup, marks
from bumper.errors import TextError
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.model import ImageUse
    from bumper.yaml_nodes import Document, Node

__all__ = ["PREFIX", "Application", "applications"]

PREFIX = "argocd-image-updater.argoproj.io/"
# The key of an ImageUpdater -> the annotation that said the same.
_SETTINGS = {
    "updateStrategy": "update-strategy",
    "allowTags": "allow-tags",
    "ignoreTags": "ignore-tags",
    "platforms": "platforms",
    "pullSecret": "pull-secret",
    "forceUpdate": "force-update",
}
_GIT = {
    "branch": "git-branch",
    "writeBackTarget": "write-back-target",
    "repository": "git-repository",
}


@dataclass(frozen=True, slots=True)
class Application:
    """One Application: its file, its name, where its manifests are, and what is said of its images."""

    path: str
    name: str
    labels: Dictionary[str, str]
    folders: tuple[str, ...]
    repositories: tuple[str, ...]
    annotations: Dictionary[str, Mark]

    def means(self, use: ImageUse) -> bool:
        """Say whether a use stands in the Application or below its path."""
        inside = any(not f or use.path.startswith(f"{f}/") for f in self.folders)
        return use.path == self.path or inside


def applications(texts: Dictionary[str, str]) -> Iterator[Application]:
    """Yield every Application with annotations, then once for each ImageUpdater that names it."""
    found: list[Application] = []
    updaters: list[tuple[str, Document]] = []
    for path, text in texts.items():
        try:
            documents = yaml_text.read(text)
        except TextError:
            continue
        for document in documents:
            root = document.root
            if isinstance(root, Mapping) and root.text("kind") == "ImageUpdater":
                updaters.append((path, document))
            elif isinstance(root, Mapping):
                found.append(_application(path, document, root))
    yield from (one for one in found if one.annotations)
    for path, document in updaters:
        yield from _updated(path, document, found)


def _application(path: str, document: Document, root: Mapping) -> Application:
    metadata = lookup(root, "metadata")
    found: dict[str, tuple[Mark, ...]] = {}
    for key in ("annotations", "labels"):
        held = lookup(metadata, key) if metadata is not None else None
        found[key] = () if held is None else tuple(marks(held, path, document.lines, "annotation"))
    named = {
        mark.key.removeprefix(PREFIX): mark
        for mark in found["annotations"]
        if mark.key.startswith(PREFIX)
    }
    labels = {mark.key: mark.value for mark in found["labels"]}
    name = metadata.text("name") if isinstance(metadata, Mapping) else None
    sources = [source for source in _sources(root) if source.text("path") is not None]
    folders = [_folder(source.text("path") or "") for source in sources]
    repositories = [source.text("repoURL") or "" for source in sources]
    return Application(path, name or "", labels, tuple(folders), tuple(repositories), named)


def _sources(root: Mapping) -> Iterator[Mapping]:
    spec = root.mapping("spec")
    several = spec.sequence("sources") if spec else None
    for source in (spec.get("source") if spec else None, *(several.items if several else ())):
        if isinstance(source, Mapping):
            yield source


def _folder(path: str) -> str:
    return path.removeprefix("./").strip("/").removeprefix(".")


def _updated(path: str, document: Document, found: list[Application]) -> Iterator[Application]:
    root = document.root
    spec = root.mapping("spec") if isinstance(root, Mapping) else None
    for reference in _items(spec, "applicationRefs") if spec is not None else ():
        if spec is None or reference.text("useAnnotations") == "true":
            continue
        said = _annotations(path, document, spec, reference)
        for application in found:
            if _is_meant(application, reference):
                yield replace(application, annotations=said)


def _is_meant(application: Application, reference: Mapping) -> bool:
    selectors = reference.mapping("labelSelectors")
    wanted = selectors.mapping("matchLabels") if selectors is not None else None
    labels = wanted.entries if wanted is not None else ()
    fits = all(
        application.labels.get(key.value) == value.value
        for key, value in labels
        if isinstance(key, Scalar) and isinstance(value, Scalar)
    )
    named = fnmatchcase(application.name, reference.text("namePattern") or "*")
    return fits and named and bool(application.name)


def _annotations(
    path: str, document: Document, spec: Mapping, reference: Mapping
) -> dict[str, Mark]:
    """Give what an ImageUpdater says of the Applications of one reference, as annotations."""
    said: dict[str, Mark] = {}

    def say(key: str, node: Node | None, value: str | None = None) -> None:
        if node is not None:
            line = document.lines.place(node.span.start)[0]
            text = _text(node) if value is None else value
            said.setdefault(key, Mark(f"{PREFIX}{key}", text, path, line, "ImageUpdater"))

    for holder in (reference, spec):
        written = holder.mapping("writeBackConfig")
        git = written.mapping("gitConfig") if written is not None else None
        say("write-back-method", written.get("method") if written is not None else None)
        for key, name in _GIT.items():
            say(name, git.get(key) if git is not None else None)
    images = [one for one in _items(reference, "images") if one.text("imageName")]
    listed = [f"{_alias(one, number)}={one.text('imageName')}" for number, one in enumerate(images)]
    say("image-list", reference.get("images"), ", ".join(listed))
    for number, image in enumerate(images):
        for holder in (image, reference, spec):
            common = holder.mapping("commonUpdateSettings")
            for key, name in _SETTINGS.items():
                say(f"{_alias(image, number)}.{name}", common.get(key) if common else None)
    return said


def _alias(image: Mapping, number: int) -> str:
    return image.text("alias") or f"image{number}"


def _items(node: Mapping, key: str) -> Iterator[Mapping]:
    held = node.sequence(key)
    for item in held.items if held is not None else ():
        if isinstance(item, Mapping):
            yield item


def _text(node: Node) -> str:
    """Give a scalar, or a list as annotations write it."""
    if isinstance(node, Sequence):
        return ",".join(item.value for item in node.items if isinstance(item, Scalar))
    return node.value if isinstance(node, Scalar) else ""
