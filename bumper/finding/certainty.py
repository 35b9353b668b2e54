"""How surely a text is an image reference, by what stands beside it. Pure.

`redis:6379` is an address and `app:1.2` a reference; only the name of the key, or a registry in front,
can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.finding.uses import complete, has_registry, is_fixed
from bumper.model import ImageUse

if TYPE_CHECKING:
    from bumper.model import Skip

__all__ = ["believed", "told", "unmistakable"]


def believed(key: str, found: ImageUse | Skip) -> bool:
    """Say whether a value is a reference: under `image` always, else if it has a tag or a registry."""
    if not isinstance(found, ImageUse) or key in {"image", "imageName"}:
        return key == "image" or isinstance(found, ImageUse)
    return is_fixed(found.reference) or has_registry(found.reference)


def told(value: str) -> bool:
    """Say whether a value beside the word image is one: complete, with a tag, a digest or a path."""
    parsed = complete(value.strip().removeprefix("docker://"))
    return parsed is not None and (is_fixed(parsed) or "/" in parsed.name)


def unmistakable(value: str) -> bool:
    """Say whether a value is a reference whatever stands beside it: a registry and a tag, no port."""
    if "/" not in value or ":" not in value:
        return False
    parsed = complete(value.strip())
    if parsed is None or not has_registry(parsed) or not is_fixed(parsed):
        return False
    return parsed.digest is not None or not (parsed.tag or "").isdigit()
