"""Docker Compose and Swarm stack files: `services.*.image`, by content whatever the name. Pure.

A service with `build` names its own result: the use is there, and is ignored unless somebody says
otherwise. `x-*` fragments hold what services share by anchor; an alias is edited once, at its anchor.
The default of `${VAR:-default}` is literal text and may be edited; a variable whose value stands in
the `.env` beside the file is edited there; any other is filled in elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding import services
from bumper.finding.instructions import instructions
from bumper.finding.uses import Place, ignored
from bumper.finding.variables import assignments, written
from bumper.finding.walk import anywhere
from bumper.yaml_nodes import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.finding.variables import Assignment
    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Document

__all__ = ["NAME", "claims", "find"]

NAME = "compose"
# What a compose file says at the top that holds no service.
_NO_IMAGES = frozenset(
    {"services", "volumes", "networks", "secrets", "configs", "include", "models"}
)


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says nothing
    """Say whether the document has services that look like services, and is no Kubernetes object."""
    return services.claims(document)


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the image of every service and of every `x-*` fragment, then what pipelines add."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    place = Place(path, document, NAME)
    known = assignments(document.neighbours.get(".env", ""))
    built = _built(root)
    for where, service in services.services(root):
        yield from _service(place, service, where, built, known)
    for key, value in root.entries:
        name = key.value if isinstance(key, Scalar) else ""
        if name not in _NO_IMAGES and not name.startswith("x-"):
            # Pipelines of Woodpecker and Drone have `services` too, and `steps`, `clone`, `pipeline`.
            yield from anywhere(place, value, name)


def _built(root: Mapping) -> frozenset[str]:
    """Give the names of the images that services of this file build: nobody publishes those."""
    found = (s.text("image") for _, s in services.services(root) if s.get("build") is not None)
    return frozenset(name for name in found if name)


def _service(
    place: Place,
    service: Mapping,
    where: str,
    built: frozenset[str],
    known: Dictionary[str, Assignment],
) -> Iterator[ImageUse | Skip]:
    for key, value in service.entries:
        if not isinstance(key, Scalar):
            continue
        here = f"{where}.{key.value}"
        if key.value == "image" and isinstance(value, Scalar):
            found = _image(place, service, value, here, known)
            is_built = service.get("build") is not None or value.value in built
            if found is not None:
                yield ignored(found, "`build` stands beside this image") if is_built else found
        elif key.value == "build" and isinstance(value, Mapping):
            yield from _build(place, value, here)
        elif key.value in {"environment", "command", "entrypoint"}:
            yield from anywhere(place, value, here)


def _image(
    place: Place, service: Mapping, value: Scalar, where: str, known: Dictionary[str, Assignment]
) -> ImageUse | Skip | None:
    platform = service.text("platform")
    platforms = (platform,) if platform and "$" not in platform else ()
    return written(place, value, where, platforms, known, ".env")


def _build(place: Place, node: Mapping, where: str) -> Iterator[ImageUse | Skip]:
    """Read what a build is made from: its arguments, and a Dockerfile written inline."""
    for key, value in node.entries:
        name = key.value if isinstance(key, Scalar) else ""
        if name == "args":
            yield from anywhere(place, value, f"{where}.args")
        elif name == "dockerfile_inline" and isinstance(value, Scalar):
            yield from instructions(place, value.span, f"{where}.dockerfile_inline")
