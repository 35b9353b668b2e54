"""The services of a compose file and where their images are written. Pure.

Shared by the compose format and by the `.env` format, whose variables those images take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.yaml_nodes import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.yaml_nodes import Document

__all__ = ["claims", "services"]

_SERVICE_KEYS = frozenset(
    {
        "image", "build", "deploy", "command", "ports", "volumes", "environment", "extends",
        "networks", "env_file", "depends_on", "restart", "container_name",
    }
)  # fmt: skip


def claims(document: Document) -> bool:
    """Say whether the document has services that look like services, and is no Kubernetes object."""
    root = document.root
    if not isinstance(root, Mapping) or (root.get("apiVersion") and root.get("kind")):
        return False
    found = root.mapping("services")
    if found is None:
        return False
    children = [value for _, value in found.entries if isinstance(value, Mapping)]
    return any(child.get(key) is not None for child in children for key in _SERVICE_KEYS)


def services(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield every service and every `x-*` fragment with its place, in the order of the text."""
    for key, value in root.entries:
        if not isinstance(key, Scalar) or not isinstance(value, Mapping):
            continue
        if key.value == "services":
            for name, service in value.entries:
                if isinstance(name, Scalar) and isinstance(service, Mapping):
                    yield f"services.{name.value}", service
        elif key.value.startswith("x-"):
            yield key.value, value
            for name, fragment in value.entries:
                if isinstance(name, Scalar) and isinstance(fragment, Mapping):
                    yield f"{key.value}.{name.value}", fragment
