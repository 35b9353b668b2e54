"""Argo CD Applications and ApplicationSets: Helm parameters, values in every form, images. Pure.

`valuesObject`, `values: |` and `kustomize.images` are read as everywhere; here only the parameters,
which split a reference over two entries of a list. A `targetRevision` is a chart's or Git's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import Place, split
from bumper.finding.walk import anywhere
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document, Node

__all__ = ["NAME", "claims", "find"]

NAME = "argocd"
_KINDS = frozenset({"Application", "ApplicationSet"})
_NAMES = ("repository", "name", "repo", "image")


def claims(path: str, document: Document) -> bool:
    """Say whether the object is an Application, or the file the parameters of one."""
    root = document.root
    if not isinstance(root, Mapping):
        return False
    if path.rpartition("/")[2].startswith(".argocd-source"):
        return True
    group = (root.text("apiVersion") or "").partition("/")[0]
    return group == "argoproj.io" and root.text("kind") in _KINDS


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield every reference of the object."""
    if document.root is None:
        return
    place = Place(path, document, NAME)
    for where, parameters in _parameters(document.root, ""):
        yield from _split_over(place, parameters, where)
    yield from anywhere(place, document.root, "")


def _parameters(node: Node, where: str) -> Iterator[tuple[str, Sequence]]:
    """Yield every `helm.parameters`, however deep: sources, generators, templates."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _parameters(item, f"{where}[{index}]")
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            if not isinstance(key, Scalar) or key.value == "status":
                continue
            here = f"{where}.{key.value}" if where else key.value
            inner = value.sequence("parameters") if isinstance(value, Mapping) else None
            if key.value == "helm" and inner is not None:
                yield f"{here}.parameters", inner
            yield from _parameters(value, here)


def _split_over(place: Place, parameters: Sequence, where: str) -> Iterator[ImageUse | Skip]:
    values = {
        name: value
        for entry in parameters.items
        if isinstance(entry, Mapping)
        and (name := entry.text("name"))
        and (value := entry.scalar("value")) is not None
    }
    for name, value in values.items():
        stem, _, last = name.rpartition(".")
        if last != "tag":
            continue
        beside = (values.get(f"{stem}.{one}" if stem else one) for one in _NAMES)
        repository = next((scalar for scalar in beside if scalar is not None), None)
        here = f"{where}[{name}]"
        if repository is None:
            reason = "a tag alone: the name of its image stands elsewhere"
            yield place.skip(value, here, "tag-only", reason)
            continue
        registry = values.get(f"{stem}.registry")
        prefix = f"{registry.value.rstrip('/')}/" if registry is not None else ""
        found = split(place, here, f"{prefix}{repository.value}", value)
        if found is not None:
            yield found
