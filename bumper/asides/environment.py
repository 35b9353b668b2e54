"""The environment and the command of a service in a Compose file, and the services around it. Pure.

For systems whose own settings stand where they are deployed.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.asides.marks import lookup, marks
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.asides.beside import Beside
    from bumper.asides.marks import Mark
    from bumper.model import ImageUse

__all__ = ["arguments", "container_name", "services", "variables"]


def variables(one: Beside) -> dict[str, Mark]:
    """Give the environment of a service by name; either form, merged ones too."""
    held = _of_service(one, "environment")
    if held is None or one.lines is None:
        return {}
    found = marks(held, one.use.path, one.lines, "environment", dollars=True)
    return {mark.key: mark for mark in found}


def arguments(one: Beside) -> tuple[str, ...]:
    """Give the words of a service's `command`; none where they cannot be told apart."""
    held = _of_service(one, "command")
    if isinstance(held, Sequence):
        return tuple(item.value for item in held.items if isinstance(item, Scalar))
    try:
        return tuple(shlex.split(held.value)) if isinstance(held, Scalar) else ()
    except ValueError:
        return ()


def container_name(one: Beside) -> str:
    """Give the name that the file gives a service's container, "" where it gives none."""
    held = _of_service(one, "container_name")
    return held.value if isinstance(held, Scalar) else ""


def services(
    texts: Dictionary[str, str], uses: tuple[ImageUse, ...], folder: str = ""
) -> Iterator[Beside]:
    """Yield every service of every Compose file below a folder."""
    by_path: dict[str, list[ImageUse]] = {}
    for use in uses:
        if use.format == "compose" and use.path.startswith(folder):
            by_path.setdefault(use.path, []).append(use)
    for path, members in by_path.items():
        yield from beside(path, texts[path], tuple(members))


def _of_service(one: Beside, key: str) -> Mapping | Sequence | Scalar | None:
    everyone = one.root.mapping("services") if isinstance(one.root, Mapping) else None
    service = lookup(everyone, one.container) if everyone is not None else None
    held = lookup(service, key) if service is not None else None
    return held if isinstance(held, (Mapping, Sequence, Scalar)) else None
