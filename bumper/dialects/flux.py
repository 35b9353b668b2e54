"""Flux's image markers, with the ImagePolicy and ImageRepository of the same repository. Pure.

image: ghcr.io/acme/api:1.2.3 # {"$imagepolicy": "flux-system:api"}

Only Git is read, no cluster. Where an ImageUpdateAutomation pushes to the branch that it reads, Flux
writes these lines already: two writers on one line are refused. Source: fluxcd.io,
"Image automation", API image.toolkit.fluxcd.io.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.beside import beside
from bumper.asides.settings import typed
from bumper.dialects.base import Row, add, go_range, named_order
from bumper.dialects.flux_objects import API, find, objects, writer
from bumper.errors import InvalidReferenceError
from bumper.model import Problem, Setting
from bumper.reference import parse_name
from bumper.yaml_nodes import Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from bumper.asides.marks import Mark
    from bumper.dialects.flux_objects import Object
    from bumper.model import ImageUse

__all__ = ["MORE", "NAME", "ROWS", "WORDS", "join"]

NAME = "flux"
WORDS = ("$imagepolicy", API)
MORE: tuple[str, ...] = ()
_MARKER = re.compile(r"""\{\s*"\$imagepolicy"\s*:\s*"(?P<name>[^"]+)"\s*\}""")
_REFLECTED = ("Never", "IfNotPresent", "Always")
_GROUP = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
ROWS = (
    Row('# {"$imagepolicy": "NAMESPACE:NAME[:tag|:name|:digest]"}', "a marker", "The ImagePolicy of this name decides; ignored, with the reason, where it is not in the repository."),
    Row("ImagePolicy spec.policy.semver.range", "a range", "`policy`; `-0` in it lets pre-releases in."),
    Row("ImagePolicy spec.policy.alphabetical.order", "asc", "`scheme: alphabetical`; desc would go back and is refused."),
    Row("ImagePolicy spec.policy.numerical.order", "asc", "`scheme: numeric`; desc would go back and is refused."),
    Row("ImagePolicy spec.filterTags.pattern", "a regular expression", "`tags`."),
    Row("ImagePolicy spec.filterTags.extract", "$group", "The group that is compared."),
    Row("ImagePolicy spec.digestReflectionPolicy", "Never, IfNotPresent, Always", "IfNotPresent and Always: `digest: pin`."),
    Row("ImagePolicy spec.suspend", "true", "ignored."),
    Row("ImageRepository spec.image", "an image", "Must be the image beside the marker."),
    Row("ImageRepository spec.exclusionList", "regular expressions", "`deny`."),
    Row("ImageRepository spec.suspend", "true", "ignored."),
    Row("ImageUpdateAutomation", "", "Active on the branch that it reads: its lines are refused, one writer is enough."),
)  # fmt: skip


def join(
    told: Dictionary[str, str],
    texts: Dictionary[str, str],  # noqa: ARG001 - the Protocol's
    uses: tuple[ImageUse, ...],
) -> tuple[tuple[ImageUse, ...], tuple[Problem, ...]]:
    """Give all uses with what their markers' policies say."""
    known = [found for path, text in told.items() if API in text for found in objects(path, text)]
    marked = {path for path, text in told.items() if WORDS[0] in text}
    said: dict[ImageUse, list[Setting]] = {}
    problems: list[Problem] = []
    for path in sorted({use.path for use in uses} & marked):
        members = tuple(use for use in uses if use.path == path)
        for one in beside(path, told[path], members):
            for comment in one.comments:
                match = _MARKER.search(comment.value)
                if match is None:
                    continue
                try:
                    said[one.use] = list(_settings(one.use, match["name"], known, comment))
                except ValueError as error:
                    problem = Problem(path, comment.line, "bad-setting", str(error))
                    problems.append(problem)
                    said[one.use] = [Setting("fault", str(error), comment.source)]
                break
    return tuple(add(use, said.get(use, ())) for use in uses), tuple(problems)


def _settings(use: ImageUse, marker: str, known: list[Object], comment: Mark) -> Iterator[Setting]:
    namespace, _, rest = marker.partition(":")
    name = rest.partition(":")[0]
    policy = find(known, "ImagePolicy", namespace, name)
    if policy is None:
        # Flux may know it from elsewhere: then any guess of ours would be a second opinion.
        reason = f"the ImagePolicy {namespace}/{name} is not in this repository"
        yield Setting("policy", "ignore", comment.source)
        yield Setting("reason", reason, comment.source)
        return
    automation = writer(use, known)
    if automation is not None:
        reason = (
            f"Flux writes this line on the same branch: suspend {automation.kind} {automation.name}"
        )
        yield automation.setting("refuse", f"{reason} ({automation.path}:{automation.line})")
        return
    repository = find(
        known,
        "ImageRepository",
        policy.text("imageRepositoryRef", "namespace") or policy.namespace or namespace,
        policy.text("imageRepositoryRef", "name") or "",
    )
    for one in (policy, repository):
        if one is not None and one.text("suspend") == "true":
            yield one.setting("policy", "ignore")
    yield from _ordered(policy)
    if repository is not None:
        yield from _of_repository(use, repository, comment)


def _ordered(policy: Object) -> Iterator[Setting]:
    """Yield what a policy says of range, order, filter and digest."""
    span = policy.text("policy", "semver", "range")
    pairs = list(go_range(span)) if span is not None else []
    for key, scheme in (("alphabetical", "alphabetical"), ("numerical", "numeric")):
        order = policy.choice(("asc", "desc"), "policy", key, "order")
        section = policy.spec.mapping("policy") if policy.spec else None
        if section is None or section.get(key) is None:
            continue
        if order == "desc":
            raise ValueError(f"ImagePolicy {policy.name}: order desc would go back")
        pairs += [("scheme", scheme), ("policy", "major")]
    if not pairs:
        raise ValueError(f"ImagePolicy {policy.name}: no semver, alphabetical or numerical policy")
    pattern, extract = policy.text("filterTags", "pattern"), policy.text("filterTags", "extract")
    if pattern:
        group = _GROUP.fullmatch(extract) if extract else None
        if extract and group is None:
            raise ValueError(f"ImagePolicy {policy.name}: extract {extract!r} is more than a group")
        typed("tags", pattern)
        pairs.append(("tags", named_order(pattern, group[1] or group[2]) if group else pattern))
    if policy.choice(_REFLECTED, "digestReflectionPolicy") in {"Always", "IfNotPresent"}:
        pairs.append(("digest", "pin"))
    yield from (policy.setting(key, value) for key, value in pairs)


def _of_repository(use: ImageUse, repository: Object, comment: Mark) -> Iterator[Setting]:
    image = repository.text("image") or ""
    try:
        meant = parse_name(image).image
    except InvalidReferenceError:
        meant = image
    if meant != use.reference.image:
        raise ValueError(
            f"{comment.value}: ImageRepository {repository.name} is of {image}, not of this image"
        )
    excluded = repository.spec.get("exclusionList") if repository.spec else None
    patterns = [
        item.value
        for item in (excluded.items if isinstance(excluded, Sequence) else ())
        if isinstance(item, Scalar)
    ]
    if patterns:
        deny = "|".join(f"(?:{pattern})" for pattern in patterns)
        typed("deny", deny)
        yield repository.setting("deny", deny)
