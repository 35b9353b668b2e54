"""GitLab CI: `image` and `services` of the pipeline and of every job, with or without `name`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import Place, whole
from bumper.finding.walk import anywhere
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document, Node

__all__ = ["NAME", "claims", "find"]

NAME = "gitlab-ci"


def claims(path: str, document: Document) -> bool:
    """Say whether the file is a pipeline, by its name, or by stages and a job with a script."""
    root = document.root
    if not isinstance(root, Mapping):
        return False
    if "gitlab-ci" in path.rpartition("/")[2]:
        return True
    jobs = [value for _, value in root.entries if isinstance(value, Mapping)]
    return root.sequence("stages") is not None and any(job.get("script") for job in jobs)


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the images and services of the pipeline, of `default` and of every job."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    place = Place(path, document, NAME)
    yield from _job(place, root, "")
    for key, value in root.entries:
        name = key.value if isinstance(key, Scalar) else ""
        if isinstance(value, Mapping) and name not in {"image", "services"}:
            yield from _job(place, value, f"{name}.")
            variables = value.mapping("variables")
            if variables is not None:
                yield from anywhere(place, variables, f"{name}.variables")
        if name == "variables":
            yield from anywhere(place, value, name)


def _job(place: Place, job: Mapping, where: str) -> Iterator[ImageUse | Skip]:
    for key, value in job.entries:
        name = key.value if isinstance(key, Scalar) else ""
        if name == "image":
            yield from _named(place, value, f"{where}image")
        elif name == "services" and isinstance(value, Sequence):
            for index, item in enumerate(value.items):
                yield from _named(place, item, f"{where}services[{index}]")


def _named(place: Place, node: Node, where: str) -> Iterator[ImageUse | Skip]:
    scalar = node.scalar("name") if isinstance(node, Mapping) else node
    if isinstance(scalar, Scalar):
        found = whole(place, scalar, where)
        if found is not None:
            yield found
