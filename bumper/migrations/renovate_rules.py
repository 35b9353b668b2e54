"""One of Renovate's rules, and how all of them together go about an image. Pure. No member.

A later rule wins, key by key; `enabled` may be said for one kind of update alone. Source:
docs.renovatebot.com, "packageRules".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.migrations.base import Verdict
from bumper.migrations.names import Names
from bumper.migrations.page import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bumper.migrations.base import Entry
    from bumper.migrations.renovate_values import Pairs
    from bumper.model import ImageUse

__all__ = ["FORMATS", "LEVELS", "MATCHERS", "Matchers", "Rule", "decide", "policy_of"]

# From the boldest; what a rule may allow or forbid each by itself.
LEVELS = ("major", "minor", "patch", "digest")
# Which of our formats a manager's files have.
FORMATS = {
    "argocd": "argocd", "cloudbuild": "cloudbuild", "docker-compose": "compose",
    "dockerfile": "dockerfile", "flux": "flux", "github-actions": "actions", "gitlabci": "gitlab-ci",
    "helm-values": "helm-values", "kubernetes": "kubernetes", "kustomize": "kustomize",
    "quadlet": "quadlet", "custom.regex": "annotated", "regex": "annotated",
}  # fmt: skip
MATCHERS = frozenset(
    {
        "matchPackageNames", "matchDepNames", "matchPackagePatterns", "matchDepPatterns",
        "matchPackagePrefixes", "matchDepPrefixes", "excludePackageNames", "excludePackagePatterns",
        "excludePackagePrefixes", "matchDatasources", "matchManagers", "matchFileNames", "matchPaths",
        "matchUpdateTypes",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matchers:
    """Whom a rule means: every list that is given must."""

    names: tuple[Names, ...] = ()
    files: Names | None = None
    managers: tuple[str, ...] | None = None

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> Matchers:
        """Read the lists of a rule.

        Raises:
            ValueError: An expression cannot be read.
        """

        def texts(key: str, form: str = "{}") -> list[str]:
            return [form.format(str(one)) for one in listed(rule.get(key))]

        # The older spellings of one list are joined: a name, an expression, a beginning.
        wanted = [
            *texts("matchPackageNames"), *texts("matchPackagePatterns", "/{}/"),
            *texts("matchPackagePrefixes", "{}**"),
        ]  # fmt: skip
        unwanted = [
            *texts("excludePackageNames", "!{}"), *texts("excludePackagePatterns", "!/{}/"),
            *texts("excludePackagePrefixes", "!{}**"),
        ]  # fmt: skip
        other = [
            *texts("matchDepNames"), *texts("matchDepPatterns", "/{}/"),
            *texts("matchDepPrefixes", "{}**"),
        ]  # fmt: skip
        names = tuple(Names(tuple(one)) for one in ([*wanted, *unwanted], other) if one)
        paths = (*texts("matchFileNames"), *texts("matchPaths"))
        for one in (*names, Names(paths)):
            one.check()
        managers = tuple(texts("matchManagers")) if "matchManagers" in rule else None
        return cls(names, Names(paths) if paths else None, managers)

    def mean(self, use: ImageUse) -> bool:
        """Say whether the rule is for a use; a name counts as the file spells it."""
        formats = {FORMATS.get(one) for one in self.managers or ()}
        return (
            all(one.mean(use.reference.name) for one in self.names)
            and (self.files is None or self.files.mean(use.path))
            and (self.managers is None or use.format in formats)
        )

    def globs(self) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        """Give our globs for images and for files, and whether they say all that is meant."""
        images = [one.globs() for one in self.names]
        files = () if self.files is None else self.files.globs()
        whole = len(images) < 2 and None not in images and files is not None
        named = images[0] if len(images) == 1 and images[0] is not None else ()
        return (
            () if {"*", "**"} & set(named) else named,
            files or (),
            whole and self.managers is None,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: whom it means, for which kinds of update, whether at all, and its settings."""

    entry: Entry
    matchers: Matchers
    levels: frozenset[str] = frozenset(LEVELS)
    enabled: bool | None = None
    pairs: Pairs = ()

    @property
    def settings(self) -> Pairs:
        """The rule alone, in our words: what it forbids is the highest policy that is left."""
        if self.enabled is None or (self.enabled and "policy" in dict(self.pairs)):
            return self.pairs
        allowed = {level: self.enabled or level not in self.levels for level in LEVELS}
        return (*(one for one in self.pairs if one[0] != "policy"), *policy_of(allowed)[0])


def policy_of(allowed: Mapping[str, bool]) -> tuple[Pairs, str]:
    """Give the policy that allows just these kinds, or the reason why there is none."""
    first = next((level for level in LEVELS if allowed[level]), "ignore")
    below = LEVELS[LEVELS.index(first) :] if first != "ignore" else ()
    if all(allowed[level] for level in below):
        return (("policy", first),), ""
    missing = ", ".join(level for level in below if not allowed[level])
    return (("policy", first),), f"{first} is allowed and {missing} is not"


def decide(rules: Iterable[Rule], use: ImageUse) -> Verdict:
    """Say how Renovate goes about a use: rule by rule, the last word counts."""
    allowed = dict.fromkeys(LEVELS, True)
    said: dict[str, str] = {}
    touched = False
    for rule in rules:
        if not rule.matchers.mean(use):
            continue
        said.update(rule.pairs)
        if rule.enabled is not None:
            touched = True
            allowed.update(dict.fromkeys(rule.levels, rule.enabled))
    pairs, unsaid = policy_of(allowed)
    level = dict(pairs)["policy"]
    bounds = said.get("policy")
    if level == "ignore" or (bounds is None and touched):
        said["policy"] = level
    elif bounds is not None and level != "major":
        unsaid = f"both {level} at the most and the range {bounds}"
    return Verdict(tuple(said.items()), unsaid)
