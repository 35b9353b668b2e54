"""What the values of Renovate's options are in our words. Pure. No member.

Source: docs.renovatebot.com, "Configuration Options".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bumper.asides.settings import typed
from bumper.migrations.page import listed
from bumper.migrations.spans import age, cron

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["VALUES", "Pairs", "merges"]

Pairs = tuple[tuple[str, str], ...]
_VERSIONINGS: dict[str, Pairs] = {
    "docker": (("scheme", "auto"),), "loose": (("scheme", "auto"),),
    "semver": (("scheme", "semver"),), "semver-coerced": (("scheme", "auto"),),
}  # fmt: skip


def _python(pattern: str) -> str:
    written = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
    typed("tags", written)
    return written


def _allowed(value: str) -> Pairs:
    expression = re.fullmatch(r"(!?)/(.+)/(i?)", value)
    if expression is None:
        typed("policy", value)
        if not re.search(r"\d", value):
            raise ValueError(f"{value!r} is no range")
        return (("policy", value),)
    flag = "(?i)" if expression[3] else ""
    return (("deny" if expression[1] else "tags", flag + _python(expression[2])),)


def _versioning(value: str) -> Pairs:
    if value.startswith("regex:"):
        pattern = _python(value.removeprefix("regex:"))
        raise ValueError(f"write it as `tags` with one group to compare: {pattern}")
    if value not in _VERSIONINGS:
        raise ValueError(f"no scheme of ours reads tags as {value!r} does; `auto` may")
    return _VERSIONINGS[value]


def _age(value: str | None) -> Pairs:
    # `null` takes back what an earlier rule said.
    return (("min-age", "0" if value is None else age(value)),)


def _people(key: str) -> Callable[[Any], Pairs]:
    def read(value: Any) -> Pairs:  # noqa: ANN401 - as written
        names = [str(one) for one in listed(value)]
        if any(name.startswith("team:") for name in names):
            raise ValueError("write a team as owner/team")
        return ((key, ",".join(names)),)

    return read


def _owners(key: str) -> Callable[[Any], Pairs]:
    return lambda value: ((key, "codeowners"),) if value else ()


def merges(value: object, levels: frozenset[str]) -> Pairs:
    """Give what merges by itself, of the kinds of update that a rule is for.

    Raises:
        ValueError: Ours takes the smaller steps too, and never a major.
    """
    if not value:
        return (("automerge", "never"),)
    wanted = [step for step in ("digest", "patch", "minor") if step in levels]
    if "major" in levels or wanted != ["digest", "patch", "minor"][: len(wanted)]:
        raise ValueError("`automerge` here takes the smaller steps too, and never a major")
    return (("automerge", wanted[-1]),)


VALUES: dict[str, Callable[[Any], Pairs]] = {
    "addLabels": _people("labels"),
    "assignees": _people("assignees"),
    "assigneesFromCodeOwners": _owners("assignees"),
    "reviewers": _people("reviewers"),
    "reviewersFromCodeOwners": _owners("reviewers"),
    "allowedVersions": lambda value: _allowed(str(value)),
    "groupName": lambda value: (("group", str(value)),),
    "ignoreUnstable": lambda value: (("prerelease", "false" if value else "true"),),
    "minimumReleaseAge": _age,
    "stabilityDays": lambda value: (("min-age", age(f"{value} days")),),
    "pinDigests": lambda value: (("digest", "pin" if value else "keep"),),
    "schedule": lambda value: (("schedule", cron([str(one) for one in listed(value)])),),
    "versioning": lambda value: _versioning(str(value)),
}
