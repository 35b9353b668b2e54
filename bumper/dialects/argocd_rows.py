"""The settings of Argo CD Image Updater one by one: of an image, and of its writing. Pure. No member: a member's part.

Source: argocd-image-updater.readthedocs.io, "Configuring images", "Update methods".
"""

from __future__ import annotations

from fnmatch import translate
from typing import TYPE_CHECKING

from bumper.asides.settings import SAME_TAG, typed, unknown
from bumper.dialects.argocd_objects import PREFIX
from bumper.dialects.base import Row, says, switch

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OF_IMAGE", "OF_WRITING", "ROWS"]

_STRATEGIES = {
    "semver": (),
    "digest": (("policy", SAME_TAG),),
    "newest-build": (("scheme", "newest"),),
    "latest": (("scheme", "newest"),),
    "alphabetical": (("scheme", "alphabetical"),),
    "name": (("scheme", "alphabetical"),),
}


def _strategy(value: str) -> Iterable[tuple[str, str]]:
    if value not in _STRATEGIES:
        raise ValueError(unknown("strategy", value, _STRATEGIES))
    for key, said in _STRATEGIES[value]:
        typed(key, said)
    return (("strategy", value), *_STRATEGIES[value])


def _allowed(value: str) -> Iterable[tuple[str, str]]:
    kind, _, pattern = value.partition(":")
    if value == "any":
        return ()
    if kind != "regexp" or not pattern:
        raise ValueError(f"{value!r} is neither any nor regexp:EXPRESSION")
    typed("tags", pattern)
    return (("tags", pattern),)


def _ignored(value: str) -> Iterable[tuple[str, str]]:
    globs = [part.strip() for part in value.split(",") if part.strip()]
    if "*" in globs:
        return (("policy", "ignore"),)
    return (("deny", "|".join(f"^{translate(glob)}" for glob in globs)),)


def _method(value: str) -> Iterable[tuple[str, str]]:
    method = value.partition(":")[0]
    if method not in {"argocd", "git"}:
        raise ValueError(unknown("method", method, ("argocd", "git")))
    return ()


# The settings of one image, below its alias, and of all images of the Application where they stand alone.
OF_IMAGE = (
    Row("update-strategy", ", ".join(_STRATEGIES), "semver: by the range; digest: the digest is pinned and moved; alphabetical: `scheme`; newest-build: `scheme: newest`.", _strategy),
    Row("allow-tags", "any, regexp:…", "`tags`.", _allowed),
    Row("ignore-tags", "patterns, ,", "`deny`; `*` is ignored altogether.", _ignored),
    Row("platforms", "linux/amd64, …", "`platforms`.", says("platforms")),
    Row("force-update", "true, false", "Nothing: what stands in Git is what is moved.", switch()),
    Row("pull-secret", "a secret", "Nothing: a secret of the cluster cannot be read here; name the account in `registries`."),
    Row("registry-prefix", "a host", "Nothing: the reference names its registry."),
    Row("tag-match", "regexp:…", "As `allow-tags`.", _allowed),
    Row("match-tag", "regexp:…", "As `allow-tags`.", _allowed),
)  # fmt: skip
OF_WRITING = (
    Row("image-list", "[ALIAS=]IMAGE[:RANGE], …", "The images that are meant, the range as `policy`; others are left to the rules."),
    Row("write-back-method", "argocd, git", "git with write-back-target kustomization or helmvalues on the tracked branch: refused, one writer is enough.", _method),
    Row("write-back-target", "kustomization, helmvalues", "See write-back-method."),
    Row("git-branch", "BASE:BRANCH", "A branch of its own is no second writer."),
    Row("git-repository", "a URL", "Another repository is no second writer."),
    Row("ImageUpdater spec", "an object", "As the annotations of the Applications that it names, by `namePattern` and `matchLabels`."),
    Row("*.helm.*", "a parameter", "Nothing: the places are found by themselves."),
    Row("*.kustomize.image-name", "a name", "Nothing: the places are found by themselves."),
)  # fmt: skip
ROWS = (
    *(Row(f"{PREFIX}ALIAS.{row.key}", row.values, row.means, row.read) for row in OF_IMAGE),
    *(Row(f"{PREFIX}{row.key}", row.values, row.means, row.read) for row in OF_WRITING),
)
