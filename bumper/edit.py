"""Change the tags and digests of a text, and not one other byte; or refuse. Pure.

Never a re-dump: slots are spliced, from the last to the first. Then the result is read with the same
formats as before: the planned uses changed, every other one did not, all that YAML readers see is
equal, the difference is the slots' spans. Otherwise an EditError, and the file stays as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from bumper import yaml_nodes, yaml_text
from bumper.errors import EditError, TextError
from bumper.model import Part
from bumper.reference import DIGEST, TAG, Reference
from bumper.text import Edit, Span, splice
from bumper.yaml_nodes import Alias, Document, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bumper.model import Bump, ImageUse, Slot

__all__ = ["edit", "reads_as_text"]

# What YAML 1.1 or 1.2 reads as something other than text, for texts that can be tags.
# Sources: yaml.org/type (1.1: bool, int with octal and sexagesimal, float, null, timestamp) and
# YAML 1.2.2, 10.3.2 (core schema).
_TYPED = re.compile(
    r"""
      [-+]?[0-9][0-9_]*                                   # int, 0362525 octal
    | 0o[0-7]+ | 0x[0-9a-fA-F_]+ | 0b[01_]+
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?    # sexagesimal
    | [-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9_]+|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?
    | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt].*)?           # date, timestamp
    | y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF
    | null|Null|NULL|~|=|<<
    """,
    re.VERBOSE,
)
# A number that every reader gives back as it was written: `17` and `1.3`, not `017`, `1.20` or `1e3`.
_ROUND_TRIP = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[0-9]{0,5}[1-9]))?")


def edit(
    path: str, text: str, bumps: Iterable[Bump], read: Callable[[str, str], tuple[ImageUse, ...]]
) -> str:
    """Give the text with every bump of this file done.

    Args:
        path: Where the text stands, for `read` and for messages.
        text: The file as it is now.
        bumps: What to change; all in this file, in any order.
        read: Finds the uses of a text, in their order, as `discover` did for the bumps.

    Raises:
        EditError: A planned use is no longer there, two bumps disagree on one slot, a digest would
            outlive its tag, or the result differs in anything else than the plan.
    """
    # Formats and proof read the same two texts.
    with yaml_text.remembering():
        return _edit(path, text, bumps, read)


def _edit(
    path: str, text: str, bumps: Iterable[Bump], read: Callable[[str, str], tuple[ImageUse, ...]]
) -> str:
    wanted = {_place(bump.use): bump for bump in bumps}
    uses = read(path, text)
    missing = set(wanted) - {_place(use) for use in uses}
    if missing:
        raise EditError(f"{path}: a planned reference is no longer there", code="edit-moved")
    edits = sorted({change for bump in wanted.values() for change in _edits(text, bump)})
    try:
        result = splice(text, edits)
    except EditError as error:
        code = "shared-value" if error.code == "edit-overlap" else error.code
        raise EditError(f"{path}: {error.message}", code=code) from error
    if edits:
        _prove(path, text, result, edits, [(use, wanted.get(_place(use))) for use in uses], read)
    return result


def reads_as_text(value: str) -> bool:
    """Say whether a plain scalar with this value is text under YAML 1.1 and under 1.2."""
    return _TYPED.fullmatch(value) is None


def _place(use: ImageUse) -> tuple[str, int, int, str]:
    return use.path, use.line, use.column, use.where


def _edits(text: str, bump: Bump) -> list[Edit]:
    """Give the splices of one bump.

    What a registry or a user named is put into a file only if it can be nothing but a tag or a digest.
    """
    for new, grammar in ((bump.new_tag, TAG), (bump.new_digest, DIGEST)):
        if new is not None and not grammar.fullmatch(new):
            raise EditError(_at(bump, f"not a tag or a digest: {new!r}"), code="not-a-tag")
    tag, digest, name = (bump.use.slot(part) for part in (Part.TAG, Part.DIGEST, Part.NAME))
    moves = bump.new_tag is not None and bump.new_tag != bump.use.reference.tag
    strips = bump.policy.digest == "strip"
    if moves and digest is not None and bump.new_digest is None and not strips:
        raise EditError(_at(bump, "the digest beside the tag would go stale"), code="stale-digest")
    added = f"@{bump.new_digest}" if bump.new_digest and digest is None else ""
    edits = []
    if tag is not None and (moves or added):
        edits.append(_replace(text, tag, f"{bump.new_tag or bump.use.reference.tag}{added}"))
    elif tag is None and name is not None and (moves or added):
        here = Span(name.span.end, name.span.end)
        edits.append(Edit(here, "", f":{bump.new_tag}{added}" if moves else added))
    elif moves or added:
        raise EditError(_at(bump, "there is no place for the new tag"), code="no-slot")
    if digest is not None and bump.new_digest is not None:
        edits.append(_replace(text, digest, bump.new_digest))
    elif digest is not None and strips:
        edits.append(_strip(text, digest, bump))
    return [change for change in edits if change.old != change.new]


def _at(bump: Bump, what: str) -> str:
    return f"{bump.use.path}:{bump.use.line}: {what}"


def _replace(text: str, slot: Slot, new: str) -> Edit:
    old = slot.span.of(text)
    if slot.plain and not reads_as_text(new):
        stays = not reads_as_text(old) and _ROUND_TRIP.fullmatch(old) and _ROUND_TRIP.fullmatch(new)
        if not stays or ("." in old) != ("." in new):
            new = f'"{new}"'
    return Edit(slot.span, old, new)


def _strip(text: str, slot: Slot, bump: Bump) -> Edit:
    span = Span(slot.span.start - 1, slot.span.end)
    if not span.of(text).startswith("@"):
        raise EditError(_at(bump, "the digest stands alone and cannot be stripped"), code="no-slot")
    return Edit(span, span.of(text), "")


def _prove(
    path: str,
    before: str,
    after: str,
    edits: Sequence[Edit],
    planned: list[tuple[ImageUse, Bump | None]],
    read: Callable[[str, str], tuple[ImageUse, ...]],
) -> None:
    """Refuse a result in which anything but the plan has changed."""
    spans = _new_spans(edits)
    if not _only(before, after, edits, spans):
        raise EditError(f"{path}: more than the planned characters would change")
    try:
        uses = read(path, after)
    except TextError as error:
        raise EditError(f"{path}: the result would be broken: {error.message}") from error
    same = _shape(path, before, [change.span for change in edits]) == _shape(path, after, spans)
    if len(uses) != len(planned) or not same:
        raise EditError(f"{path}: something else than the planned references would change")
    for use, (old, bump) in zip(uses, planned, strict=True):
        if bump is None and use.reference != old.reference:
            raise EditError(
                f"{path}:{old.line}: {old.reference.short} is written at the same place and would"
                " move too",
                code="shared-value",
            )
        if bump is not None and not _as_planned(use, bump):
            raise EditError(f"{path}:{old.line}: the result would not be what was planned")


def _as_planned(use: ImageUse, bump: Bump) -> bool:
    old, new = bump.use.reference, use.reference
    tag = bump.new_tag if bump.new_tag is not None else old.tag
    kept = None if bump.policy.digest == "strip" else old.digest
    return new == Reference(old.name, tag, bump.new_digest or kept)


def _new_spans(edits: Sequence[Edit]) -> list[Span]:
    """Give where the new texts of edits stand in the result; edits in the order of the text."""
    spans, shift = [], 0
    for change in edits:
        start = change.span.start + shift
        spans.append(Span(start, start + len(change.new)))
        shift += len(change.new) - (change.span.end - change.span.start)
    return spans


def _only(before: str, after: str, edits: Sequence[Edit], spans: Sequence[Span]) -> bool:
    """Say whether two texts are the same around the edits, and the edits' own within."""
    old, new = 0, 0
    for change, span in zip(edits, spans, strict=True):
        if before[old : change.span.start] != after[new : span.start]:
            return False
        if span.of(after) != change.new:
            return False
        old, new = change.span.end, span.end
    return before[old:] == after[new:]


def _shape(path: str, text: str, spans: Sequence[Span]) -> list[object] | None:
    """Give all that YAML readers see, but for the scalars that touch a span; None if it is no YAML."""
    if not yaml_text.is_yaml(path):
        return None
    try:
        documents = yaml_text.read(text)
    except TextError:
        return None
    starts = [span.start for span in spans]
    seen: list[object] = []
    for document in documents:
        seen.append(Document)
        for node in yaml_nodes.nodes(document.root):
            if isinstance(node, Scalar):
                nearest = bisect_right(starts, node.end) - 1
                touched = nearest >= 0 and spans[nearest].end >= node.start
                seen.append(Scalar if touched else (node.value, node.style))
            elif isinstance(node, Alias):
                seen.append((Alias, node.name))
            else:
                seen.append((type(node), len(node.children)))
    return seen
