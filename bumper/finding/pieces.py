"""References in pieces: a mapping that holds repository, tag and digest apart, as Helm values do. Pure.

The names of the keys are those that charts really use. A tag without a repository beside it belongs
to a name that stands elsewhere: it is reported, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumper.finding.uses import complete, split, unset
from bumper.yaml_nodes import Scalar

if TYPE_CHECKING:
    from bumper.finding.uses import Place
    from bumper.model import ImageUse, Skip
    from bumper.yaml_nodes import Mapping

__all__ = ["Joined", "joined", "may_join"]

_IMAGE_WORD = re.compile(r"image|container", re.IGNORECASE)
_REGISTRIES = ("registry", "imageRegistry", "hub")
_REPOSITORIES = ("repository", "repo", "imageRepository")
_TAGS = ("tag", "imageTag")
_DIGESTS = ("digest", "sha", "image_digest", "imageDigest")
_ALL = frozenset((*_REPOSITORIES, *_TAGS, *_DIGESTS, "version"))
# `coreDNSImage` and `coreDNSTag`, `kubectl_image` and `kubectl_image_tag`.
_PREFIXED = re.compile(
    r"(?P<stem>.*[A-Za-z0-9])(?P<word>Image|_image|-image)(?:Name|Repository|Repo|_name|_repository|_repo)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the pieces give, and the scalars that are spent."""

    use: ImageUse | Skip
    parts: tuple[Scalar, ...]


def may_join(keys: frozenset[str]) -> bool:
    """Say by its keys alone whether a mapping may hold a reference in pieces."""
    return not _ALL.isdisjoint(keys) or "mage" in "\n".join(keys)


def joined(place: Place, node: Mapping, where: str) -> Joined | None:
    """Read the one reference that a mapping holds in pieces; None if it holds none."""
    name, spent = _name(node, where)
    if name and "://" not in name:
        tag, digest = _tag(node, where, name), _first(node, _DIGESTS)
        if tag is not None or digest is not None:
            found = split(place, where, name, tag, digest)
            if found is not None:
                return Joined(found, tuple(s for s in (*spent, tag, digest) if s is not None))
    return _prefixed(place, node, where) or _half(place, node, where, name)


def _half(place: Place, node: Mapping, where: str, name: str | None) -> Joined | None:
    """Say of a tag without a name, or of a name without a tag, why nothing can be done with it."""
    tag = _first(node, _TAGS)
    if tag is not None and not name and _says_image(where):
        reason = (
            "a tag alone: the name of its image stands elsewhere; `# bumper: image=NAME` says it"
        )
        return Joined(place.skip(tag, f"{where}.tag", "tag-only", reason), (tag,))
    repository = _first(node, _REPOSITORIES)
    if repository is None or not name or tag is not None or not _says_image(where):
        return None
    if "://" in name or complete(name) is None:
        return None
    reason = "no tag: the chart's own version counts"
    return Joined(place.skip(repository, where, "no-tag", reason), (repository,))


def _tag(node: Mapping, where: str, name: str) -> Scalar | None:
    """Give the scalar of the tag; `version` counts only where the rest says image beyond doubt."""
    tag = _first(node, _TAGS)
    if tag is not None:
        return tag
    version = node.scalar("version")
    if version is None or ":" in name.rpartition("/")[2]:
        return None
    is_image = _first(node, _REGISTRIES) is not None or _says_image(where)
    return version if is_image or "/" in name else None


def _name(node: Mapping, where: str) -> tuple[str | None, tuple[Scalar, ...]]:
    """Give registry and repository joined as charts join them, and the scalars they stand in."""
    repository, tail = _first(node, _REPOSITORIES), node.scalar("image")
    if repository is None or unset(repository):
        repository, tail = tail or node.scalar("imageName"), None
    if (repository is None or unset(repository)) and _says_image(where):
        repository = node.scalar("name")
    if repository is None or unset(repository):
        return None, ()
    parts = [repository]
    name = repository.value
    if tail is not None and not unset(tail):
        parts.append(tail)
        name = f"{name}/{tail.value}"
    registry = _first(node, _REGISTRIES)
    if registry is not None and not unset(registry):
        parts.append(registry)
        name = f"{registry.value.rstrip('/')}/{name}"
    return name, tuple(parts)


def _prefixed(place: Place, node: Mapping, where: str) -> Joined | None:
    """Read `fooImage` with `fooTag` or `fooImageVersion` beside it."""
    for key, value in node.entries:
        if not isinstance(key, Scalar) or not isinstance(value, Scalar) or unset(value):
            continue
        match = _PREFIXED.fullmatch(key.value)
        if match is None:
            continue
        stem, word = match["stem"], match["word"]
        joint = word.removesuffix("image").removesuffix("Image")
        names = [f"{start}{joint}{end}" for end in _ends(word) for start in (stem, stem + word)]
        tag = _first(node, tuple(names))
        parsed = complete(value.value)
        # `defaultImageRepository: acme` is but the first part of many names.
        is_part = "epo" in key.value and "/" not in value.value
        if tag is not None and parsed is not None and parsed.tag is None and not is_part:
            found = split(place, f"{where}.{key.value}" if where else key.value, value.value, tag)
            if found is not None:
                return Joined(found, (value, tag))
    return None


def _ends(word: str) -> tuple[str, str]:
    return ("Tag", "Version") if word == "Image" else ("tag", "version")


def _says_image(where: str) -> bool:
    return _IMAGE_WORD.search(where.rpartition(".")[2]) is not None


def _first(node: Mapping, keys: tuple[str, ...]) -> Scalar | None:
    """Give the first of some keys whose value is a scalar that says something."""
    found = (node.scalar(key) for key in keys)
    return next((scalar for scalar in found if scalar is not None and not unset(scalar)), None)
