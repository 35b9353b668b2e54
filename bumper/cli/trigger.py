"""What wakes a run: a payload that names images, from a file, stdin or the CI that runs us."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bumper import pushes
from bumper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.pushes import Pushed
    from bumper.reading import Reading

__all__ = ["narrowed", "pushed"]

# The events of GitHub, Gitea and Forgejo that may name an image.
_EVENTS = frozenset({"repository_dispatch", "workflow_dispatch", "registry_package", "package"})


def pushed(event: Path | None, variables: Mapping[str, str]) -> tuple[Pushed, ...] | None:
    """Give the images that an event names; None where there is no event: everything is meant.

    Raises:
        UsageError: The event that was given cannot be read, or is none that is known.
    """
    if event is not None:
        found = pushes.read(_content(event))
        if found is None:
            hint = 'a plain one is {"image": …, "tag": …}'
            raise UsageError(f"{event}: no event that is known", code="bad-event", hint=hint)
        return found
    told = variables.get("GITHUB_EVENT_PATH")
    if not told or variables.get("GITHUB_EVENT_NAME") not in _EVENTS:
        return None
    try:
        return pushes.read(_content(Path(told)))
    except UsageError:
        return None  # a run that was asked for without an image is a whole run


def narrowed(reading: Reading, images: tuple[Pushed, ...]) -> Reading:
    """Keep the uses of some images; a payload that names others finds nothing."""
    uses = tuple(
        use
        for use in reading.scan.uses
        if any(one.means(use.reference.registry, use.reference.repository) for one in images)
    )
    return replace(reading, scan=replace(reading.scan, uses=uses))


def _content(path: Path) -> bytes:
    most = pushes.MOST_BYTES + 1
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(most)
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read", code="bad-event") from error
