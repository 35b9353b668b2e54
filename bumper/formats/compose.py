"""Docker Compose and Swarm stack files: `services.*.image`, by content whatever the name. Pure.

A service with `build` names its own result: nothing to look up. `x-*` fragments hold what services
share by anchor; an alias is edited once, at its anchor. The default of `${VAR:-default}` is literal
text and may be edited; a variable without one is filled in elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import reference
from bumper.errors import InvalidReferenceError
from bumper.interpolation import fill
from bumper.model import Part, Slot
from bumper.uses import Place, whole
from bumper.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse, Skip
    from bumper.yaml_text import Document

__all__ = ["NAME", "claims", "find"]

NAME = "compose"
_SERVICE_KEYS = frozenset(
    {
        "image",
        "build",
        "deploy",
        "command",
        "ports",
        "volumes",
        "environment",
        "extends",
        "networks",
    }
)


def claims(path: str, document: Document) -> bool:  # noqa: ARG001 - the Protocol's; the name says nothing
    """Say whether the document has services that look like services, and is no Kubernetes object."""
    root = document.root
    if not isinstance(root, Mapping) or (root.get("apiVersion") and root.get("kind")):
        return False
    services = root.mapping("services")
    if services is None:
        return False
    children = [value for _, value in services.entries if isinstance(value, Mapping)]
    return any(child.get(key) is not None for child in children for key in _SERVICE_KEYS)


def find(path: str, document: Document) -> Iterator[ImageUse | Skip]:
    """Yield the image of every service and of every `x-*` fragment."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    place = Place(path, document, NAME)
    built = _built(root)
    for key, value in root.entries:
        if not isinstance(key, Scalar) or not isinstance(value, Mapping):
            continue
        if key.value == "services":
            for name, service in value.entries:
                if isinstance(name, Scalar) and isinstance(service, Mapping):
                    yield from _service(place, service, f"services.{name.value}", built)
        elif key.value.startswith("x-"):
            yield from _fragment(place, value, key.value)


def _built(root: Mapping) -> frozenset[str]:
    """Give the names of the images that services of this file build: nobody publishes those."""
    services = root.mapping("services")
    children = [value for _, value in services.entries] if services else []
    found = (
        child.text("image")
        for child in children
        if isinstance(child, Mapping) and child.get("build") is not None
    )
    return frozenset(name for name in found if name)


def _fragment(place: Place, node: Mapping, where: str) -> Iterator[ImageUse | Skip]:
    yield from _service(place, node, where)
    for name, value in node.entries:
        if isinstance(name, Scalar) and isinstance(value, Mapping) and value.get("image"):
            yield from _service(place, value, f"{where}.{name.value}")


def _service(
    place: Place, service: Mapping, where: str, built: frozenset[str] = frozenset()
) -> Iterator[ImageUse | Skip]:
    for key, value in service.entries:
        if not (isinstance(key, Scalar) and key.value == "image" and isinstance(value, Scalar)):
            continue
        here = f"{where}.image"
        if service.get("build") is not None or value.value in built:
            reason = "built here: `build` stands beside this image"
            yield place.skip(value, here, "local-build", reason)
            continue
        platform = service.text("platform")
        platforms = (platform,) if platform and "$" not in platform else ()
        filled = _filled(place, value, here, platforms) if "$" in value.value else None
        found = filled or whole(place, value, here, platforms)
        if found is not None:
            yield found


def _filled(
    place: Place, scalar: Scalar, where: str, platforms: tuple[str, ...]
) -> ImageUse | None:
    """Read a reference that is literal once its defaults are filled in."""
    filled = fill(scalar.value) if place.exact(scalar) else None
    if filled is None:
        return None
    try:
        parsed = reference.parse(filled.text)
    except InvalidReferenceError:
        return None
    slots = []
    position = len(parsed.name)
    for part, text in ((Part.TAG, parsed.tag), (Part.DIGEST, parsed.digest)):
        if text is None:
            continue
        span = filled.span(position + 1, position + 1 + len(text))
        position += 1 + len(text)
        if span is None:
            return None
        slots.append(Slot(part, span.shift(scalar.span.start)))
    return place.use(where, parsed, tuple(slots), platforms) if slots else None
