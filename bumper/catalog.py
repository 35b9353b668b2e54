"""Every member of every family by name: the one place to register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper.formats import compose, helm_values, kubernetes, kustomize

if TYPE_CHECKING:
    from bumper.formats.base import Format

__all__ = ["FORMATS"]

# In the order of claiming: the first that claims a document reads it alone.
FORMATS: dict[str, Format] = {
    module.NAME: module for module in (compose, kustomize, kubernetes, helm_values)
}
