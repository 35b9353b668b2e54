"""Finding references in any nesting, by the names of keys and by complete values. Pure.

What Kubernetes objects, Helm values and unknown documents share: a key `image` (or one that ends in
`Image`) with a complete reference, a mapping that splits one into repository, tag and digest, a pair
of `name` and `value`, a flag, a list of images, and YAML inside a block scalar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.finding import pieces
from bumper.finding.certainty import believed, told, unmistakable
from bumper.finding.lines import scan
from bumper.finding.uses import Place, complete, has_registry, is_fixed, literal, whole
from bumper.finding.variables import written
from bumper.model import ImageUse, Skip
from bumper.yaml_nodes import Mapping, Scalar, Sequence, Style
from bumper.yaml_text import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.yaml_nodes import Node

__all__ = ["anywhere", "passed_over"]

# What the cluster wrote, what only describes, and what only looks like an image.
_REPORTED = ("reported", "what the cluster reports, not what it is told")
_DESCRIBED = ("schema", "a schema describes images, it runs none")
_NEVER = {
    "status": _REPORTED,
    "kubectl.kubernetes.io/last-applied-configuration": _REPORTED,
    "managedFields": _REPORTED,
    "openAPIV3Schema": _DESCRIBED,
    "$schema": _DESCRIBED,
    "$defs": _DESCRIBED,
    "definitions": _DESCRIBED,
}
# A key that names an image: `image`, `sidecarImage`, `BASE_IMAGE`, `imageName`, `imageURI`.
_WHOLE = re.compile(
    r"(?:.*[a-z0-9_-])?(?:image|Image|IMAGE)(?:[_-]?(?:name|Name|NAME|ref|Ref|reference|uri|URI|url|URL|Url))?",
    re.ASCII,
)
_IMAGE_WORD = re.compile(r"image|img", re.IGNORECASE)
# `--sidecar-image=ghcr.io/acme/side:1.2`, also with two words for flag and value; `SIDE_IMAGE=…`.
_FLAG = re.compile(r"(?P<flag>(?:--?)?[A-Za-z][\w.-]*)=(?P<value>\S+)", re.ASCII)
_FLAG_ALONE = re.compile(r"--?[\w.-]*image[\w.-]*", re.IGNORECASE | re.ASCII)
_URI = re.compile(r"(?:docker|oci)://\S+", re.ASCII)
# What a flag with a value, a URI, a text in a text and a complete reference have.
_TELLING = re.compile(r"[=:{\[\n]")
# A virtual machine's image in a pool of build agents, and such.
_NO_CONTAINERS = frozenset({"pool", "vmImage", "renameByName", "excludeByName", "indexByName"})
_BLOCK_HINT = re.compile(
    r"[iI]mage[\w\"']*\s*[:=]|IMAGE\w*[\"']?\s*[:=]|\b(?:tag|newTag|images)[\"']?\s*:|image=",
)


def anywhere(place: Place, node: Node, where: str) -> Iterator[ImageUse | Skip]:
    """Yield every reference below a node, in the order of the text; aliases are not followed."""
    if isinstance(node, Sequence):
        yield from _sequence(place, node, where)
    elif isinstance(node, Scalar):
        yield from _scalar(place, node, where)
    elif isinstance(node, Mapping):
        keys = node.keys
        found = pieces.joined(place, node, where) if pieces.may_join(keys) else None
        taken = {id(part) for part in found.parts} if found else ()
        if found is not None:
            yield found.use
        pair = _pair(place, node, where) if "name" in keys else None
        if pair is not None:
            yield pair
        for key, value in node.entries:
            if not isinstance(key, Scalar) or id(value) in taken or not _may_tell(key, value):
                continue
            here = f"{where}.{key.value}" if where else key.value
            if key.value in _NEVER:
                yield from passed_over(anywhere(place, value, here), *_NEVER[key.value])
                continue
            if pair is not None and key.value in {"value", "default"}:
                continue
            yield from _entry(place, key.value, value, here)


def _may_tell(key: Scalar, value: Node) -> bool:
    """Say whether an entry deserves a look; nine in ten do not, and this is said a million times."""
    if not isinstance(value, Scalar) or _TELLING.search(value.value):
        return True
    return "mage" in key.value or "MAGE" in key.value or key.value == "reference"


def passed_over(found: Iterator[ImageUse | Skip], code: str, reason: str) -> Iterator[Skip]:
    """Turn what was found into skips that say why it is not meant."""
    for one in found:
        if isinstance(one, ImageUse):
            written = str(one.reference)
            yield Skip(one.path, one.line, one.column, one.format, one.where, written, code, reason)


def _entry(place: Place, key: str, value: Node, where: str) -> Iterator[ImageUse | Skip]:
    if isinstance(value, Scalar):
        parent = where.rpartition(".")[0].rpartition(".")[2].lower()
        is_image = _WHOLE.fullmatch(key) or (key == "reference" and parent.endswith("image"))
        if is_image and parent not in _NO_CONTAINERS:
            found = written(place, value, where)
            if found is not None and believed(key, found):
                yield found
                return
    elif isinstance(value, Sequence) and key.endswith(("images", "Images")):
        yield from _images(place, value, where)
        return
    yield from anywhere(place, value, where)


def _sequence(place: Place, node: Sequence, where: str) -> Iterator[ImageUse | Skip]:
    flagged = False
    for index, item in enumerate(node.items):
        if isinstance(item, Scalar) and not flagged and not _TELLING.search(item.value):
            flagged = _FLAG_ALONE.fullmatch(item.value) is not None
            continue
        here = f"{where}[{index}]"
        if flagged and isinstance(item, Scalar) and told(item.value):
            found = whole(place, item, here)
            if found is not None:
                yield found
        else:
            yield from anywhere(place, item, here)
        flagged = isinstance(item, Scalar) and _FLAG_ALONE.fullmatch(item.value) is not None


def _images(place: Place, node: Sequence, where: str) -> Iterator[ImageUse | Skip]:
    """Read a list of images: complete references, `name=reference` as Argo CD's kustomize has it."""
    for index, item in enumerate(node.items):
        here = f"{where}[{index}]"
        if not isinstance(item, Scalar):
            yield from anywhere(place, item, here)
            continue
        name, equals, value = item.value.rpartition("=")
        parsed = complete(value)
        if parsed is None or not (is_fixed(parsed) or has_registry(parsed)):
            continue
        if not equals or complete(name) is not None:
            start = _start(place, item, value)
            if start is not None:
                yield literal(place, parsed, start, here)


def _pair(place: Place, node: Mapping, where: str) -> ImageUse | Skip | None:
    """Read `{name: X, value: reference}`: environment variables and parameters, or their default."""
    name = node.text("name")
    value = node.scalar("value") or node.scalar("default")
    if name is None or value is None:
        return None
    if _IMAGE_WORD.search(name):
        return whole(place, value, where) if told(value.value) else None
    return whole(place, value, where) if unmistakable(value.value) else None


def _scalar(place: Place, scalar: Scalar, where: str) -> Iterator[ImageUse | Skip]:
    value = scalar.value
    if scalar.masked and "\n" not in value:
        return
    if "\n" in value or (value[:1] in "{[" and value[-1:] in "}]"):
        yield from _inside(place, scalar, where)
        return
    flag = _FLAG.fullmatch(value)
    if flag is not None:
        named = _IMAGE_WORD.search(flag["flag"])
        parsed = complete(flag["value"])
        if parsed and (told(flag["value"]) if named else unmistakable(flag["value"])):
            start = _start(place, scalar, flag["value"])
            if start is not None:
                yield literal(place, parsed, start, where)
    elif _URI.fullmatch(value):
        parsed = complete(value.partition("://")[2])
        if parsed is not None and (value.startswith("docker") or is_fixed(parsed)):
            found = whole(place, scalar, where)
            if found is not None:
                yield found


def _start(place: Place, scalar: Scalar, value: str) -> int | None:
    """Find where a value that ends a scalar begins; None where escapes hide it."""
    written = scalar.span.of(place.document.text)
    if written.rstrip().endswith(value) and written.strip() == scalar.value.strip():
        return scalar.span.start + len(written.rstrip()) - len(value)
    return None


def _inside(place: Place, scalar: Scalar, where: str) -> Iterator[ImageUse | Skip]:
    """Read YAML that stands in a scalar, as in a ConfigMap or in `values: |`; other text by its lines."""
    if not _BLOCK_HINT.search(scalar.value):
        return
    structured = False
    for document in embedded(place.document, scalar):
        if isinstance(document.root, Mapping | Sequence):
            structured = True
            yield from anywhere(Place(place.path, document, place.format), document.root, where)
    if not structured and scalar.style is Style.LITERAL:
        yield from scan(place, scalar.span, where)
