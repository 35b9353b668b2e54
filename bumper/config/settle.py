"""Which settings count for one image use, and who said so. Pure.

In the order they win: what stands in the file beside the image, the first rule that sets the key,
the defaults.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bumper import policies
from bumper.config.globs import matches_image, matches_path
from bumper.model import Policy

if TYPE_CHECKING:
    from bumper.config.model import Rule
    from bumper.config.read import Loaded
    from bumper.model import ImageUse

__all__ = ["applies", "policy"]

_PLAIN = ("scheme", "tags", "deny", "prerelease", "environment", "digest", "platforms", "group")


def policy(loaded: Loaded, use: ImageUse) -> Policy:
    """Give the policy of a use; `rule` names what decided its level."""
    said: dict[str, tuple[Any, str]] = {}
    for setting in use.settings:
        said.setdefault(setting.key, (setting.value, setting.source))
    for index, rule in enumerate(loaded.config.rules):
        if applies(rule, use):
            source = f"rules[{index}] ({loaded.path}:{loaded.rule_lines[index]})"
            _collect(said, rule, source)
    _collect(said, loaded.config.defaults, "defaults")
    text, source = said.pop("policy", ("major", "defaults"))
    settled = Policy(rule=source)
    for key in _PLAIN:
        if key in said:
            settled = replace(settled, **{key: said[key][0]})
    parsed = policies.parse(text, settled)
    # `tags` of its own wins over the one that `glob:` and `regexp:` stand for.
    return replace(parsed, tags=settled.tags) if settled.tags else parsed


def applies(rule: Rule, use: ImageUse) -> bool:
    """Say whether a rule means a use: one of its images and one of its files, where it names any."""
    image = use.reference.image
    if rule.match and not any(matches_image(pattern, image) for pattern in rule.match):
        return False
    return not rule.files or any(matches_path(pattern, use.path) for pattern in rule.files)


def _collect(said: dict[str, tuple[Any, str]], settings: Any, source: str) -> None:  # noqa: ANN401 - a rule or the defaults
    for key in ("policy", *_PLAIN):
        value = getattr(settings, key)
        if value is not None:
            said.setdefault(key, (value, source))
