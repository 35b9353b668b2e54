"""Workflows and actions of GitHub, Gitea and Forgejo: job containers, services, `docker://`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding.uses import Place, whole
from bumper.finding.walk import anywhere
from bumper.yaml_nodes import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "actions"
_FILE = re.compile(r"(?:.*/)?\.(?:github|gitea|forgejo)/(?:workflows|actions)/.*\.ya?ml", re.DOTALL)


def claims(path: str, document: Document) -> bool:
    """Say whether the file is a workflow or an action, by its folder or by what stands at its top."""
    root = document.root
    if not isinstance(root, Mapping):
        return False
    if _FILE.fullmatch(path):
        return True
    # `on` is a word that YAML 1.1 reads as true; here it is text.
    return root.mapping("jobs") is not None and root.get("on") is not None


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield every reference; `container: image` of a job has no key of its own."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    place = Place(path, document, NAME)
    jobs = root.mapping("jobs")
    for key, job in jobs.entries if jobs is not None else ():
        container = job.scalar("container") if isinstance(job, Mapping) else None
        if isinstance(key, Scalar) and container is not None:
            found = whole(place, container, f"jobs.{key.value}.container")
            if found is not None:
                yield found
    yield from anywhere(place, root, "")
