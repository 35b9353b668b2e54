"""Why a tag is not taken: the codes, their sentences, and how they are told apart. Pure.

The codes are part of the public surface: the same in `explain`, the plan, the pull request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar, overload

from bumper.schemes import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bumper.schemes.base import Version

__all__ = ["CODES", "Lazy", "difference", "is_artifact", "sentence"]

CODES = {
    "current": "this is the tag in the file",
    "not-an-image": "a signature, an attestation or a cache, no image",
    "no-version": "no number in it is a version",
    "other-kind": "{new} counts in another way: a {new_kind}, not a {old_kind}",
    "other-prefix": "begins with {new_prefix}, the file has {old_prefix}",
    "other-precision": "another number of parts or digits than {old}",
    "other-variant": "another variant: its shape is {new_shape}, not {old_shape}",
    "older": "older than {old}",
    "equal": "the same version as {old}, spelled differently",
    "not-allowed": "does not match `tags`",
    "denied": "matches `deny`",
    "out-of-range": "outside the range of the policy",
    "pre-release": "a pre-release; `prerelease: true` would allow it",
    "above-policy": "a bigger step than the policy allows",
    "other-environment": "on another system or runtime; `environment: follow` would allow it",
    "older-environment": "on an older system or runtime than {old}",
    "scheme-jump": "its major is far above all others: probably another way of counting; `lift: scheme-jump` would allow it",
    "pushed-earlier": "pushed before {old}: probably an old branch or another way of counting; `lift: pushed-earlier` would allow it",
    "skips-a-major": "the makers of this image forbid skipping a major",
    "waits-for-group": "not every member of its group has this version",
    "no-comparison": "the tag in the file is no version to compare with; `policy: pin`, or `tags:` with what it may become, would allow it",
    "by-digest": "taken only if it has the digest of the tag in the file",
    "policy-ignore": "the policy looks nothing up",
    "slow-pattern": "`tags` or `deny` takes too long to say",
}

T_co = TypeVar("T_co", covariant=True)


class Lazy(Sequence[T_co]):
    """Items that are made when somebody looks, as far as they look: most runs never do."""

    __slots__ = ("_made", "_rest")

    def __init__(self, make: Callable[[], Iterable[T_co]], first: Sequence[T_co] = ()) -> None:
        self._made: list[T_co] = list(first)
        self._rest: Iterator[T_co] | None = None
        self._make(make)

    def _make(self, make: Callable[[], Iterable[T_co]]) -> None:
        def rest() -> Iterator[T_co]:
            yield from make()

        self._rest = rest()

    def _reach(self, count: int | None) -> list[T_co]:
        while self._rest is not None and (count is None or len(self._made) < count):
            try:
                self._made.append(next(self._rest))
            except StopIteration:
                self._rest = None
        return self._made

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | Sequence[T_co]:
        near = isinstance(index, int) and index >= 0
        return self._reach(index + 1 if near and isinstance(index, int) else None)[index]

    def __iter__(self) -> Iterator[T_co]:
        place = 0
        while len(self._reach(place + 1)) > place:
            yield self._made[place]
            place += 1

    def __bool__(self) -> bool:
        return bool(self._reach(1))

    def __len__(self) -> int:
        return len(self._reach(None))


def is_artifact(tag: str) -> bool:
    """Say whether a tag names something that stands beside images and is none."""
    return ("sha256-" in tag or "cache" in tag or tag.endswith((".sig", ".att", ".sbom"))) and bool(
        words.ARTIFACT.fullmatch(tag)
    )


def difference(current: Version, version: Version) -> str | None:
    """Give the code of why two versions do not compare, None if they do."""
    if version.kind != current.kind:
        return "other-kind"
    if version.prefix != current.prefix:
        return "other-prefix"
    if version.shape == current.shape:
        return None
    return "other-precision" if _bare(version) == _bare(current) else "other-variant"


def sentence(code: str, current: Version | None, version: Version | None) -> str:
    """Say a code of one tag in a sentence."""
    return CODES[code].format(
        old=current.tag if current else "",
        new=version.tag if version else "",
        old_kind=current.kind if current else "",
        new_kind=version.kind if version else "",
        old_prefix=repr(current.prefix) if current and current.prefix else "a number",
        new_prefix=repr(version.prefix) if version and version.prefix else "a number",
        old_shape=current.shape if current else "",
        new_shape=version.shape if version else "",
    )


def _bare(version: Version) -> str:
    """Give the shape without its version, to tell precision from variant."""
    rest = version.shape.removeprefix(version.prefix)
    return rest.lstrip("#.")
