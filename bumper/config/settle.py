"""Which settings count for one image use, and who said so. Pure.

In the order they win: what stands in the file beside the image, the first rule that sets the key,
the defaults. The time is an argument: an `ignore until=` ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bumper import policies
from bumper.asides.settings import SAME_TAG, seconds, typed
from bumper.config.globs import matches_image, matches_path
from bumper.model import Bump, Failure, Hold, Ignored, Policy, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bumper.config.images import Rule
    from bumper.config.read import Loaded
    from bumper.model import ImageUse, Outcome

__all__ = ["accounts", "applies", "heeded", "idle", "policy", "unset"]

_PLAIN = (
    "scheme", "tags", "deny", "prerelease", "environment", "digest", "platforms", "group", "auth",
    "together", "lift", "stateful", "stepwise", "environment_words", "prerelease_words",
)  # fmt: skip
# What is never without a value.
_TOLD = ("scheme", "prerelease", "environment", "digest", "together")
# Keys that nothing here decides by: those who do find them in `Policy.said`.
_PASSED = (
    "monitor", "notify", "release-notes", "schedule", "source", "stale",
    "reviewers", "assignees", "labels", "automerge",
)  # fmt: skip
_Said = dict[str, tuple[Any, str]]


def unset() -> Mapping[str, Any]:
    """Give what counts where nobody sets a key; a key without such a value is not in it."""
    base = Policy()
    told = {"policy": base.written, "monitor": False, "automerge": "never", "min-age": "0d"}
    return {**{key: getattr(base, key) for key in _TOLD}, **told}


def policy(loaded: Loaded, use: ImageUse, now: datetime | None = None) -> Policy:
    """Give the policy of a use; `rule` names what decided its level. Without `now` nothing ends."""
    said: _Said = {}
    for setting in use.settings:
        said.setdefault(setting.key, (setting.value, setting.source))
    note = _note(said, use, now)
    spoken = {key: (_value(key, value), source) for key, (value, source) in said.items()}
    _configured(loaded, use, spoken)
    if spoken.get("monitor", (False, ""))[0] and spoken.get("policy", ("", ""))[0] == SAME_TAG:
        # Nothing is pinned where nothing is written: what the rules allow is reported.
        del spoken["policy"]
        _configured(loaded, use, spoken)
    settled = _policy(spoken, note)
    if "fault" in said:
        settled = replace(settled, level=None, fault=said["fault"][0], rule=said["fault"][1])
    elif "refuse" in said:
        settled = replace(settled, level=None, refusal=said["refuse"][0], rule=said["refuse"][1])
    return settled


def heeded(outcome: Outcome) -> Outcome:
    """Give an outcome as the settings beside the image want it: reported only, or never decided."""
    settled = outcome.policy
    if settled.fault and isinstance(outcome, Ignored):
        reason = f"a setting beside it cannot be read: {settled.fault}"
        return Failure(
            outcome.use, settled, "bad-setting", reason, "mend it; see `bumper config dialects`"
        )
    if settled.refusal and isinstance(outcome, Ignored):
        return replace(outcome, code="two-writers", reason=settled.refusal)
    if isinstance(outcome, Bump) and settled.monitor is not None:
        what = f"{outcome.reason}; only reported: {settled.monitor}"
        return Hold(outcome.use, settled, "monitor-only", what, outcome.new_tag, outcome.level)
    if settled.note and isinstance(outcome, Bump | Ignored):
        return replace(outcome, reason=f"{outcome.reason}; {settled.note}")
    return outcome


def accounts(loaded: Loaded, uses: Iterable[ImageUse]) -> dict[str, str]:
    """Give the account to look each image up with, by normalised name, where one is chosen.

    Of two uses of one image the first that chooses decides: a repository is looked up once.
    """
    config = loaded.config
    chosen: dict[str, str] = {}
    anywhere = any(settings.auth for settings in (config.defaults, *config.rules))
    for use in uses:
        if anywhere or any(setting.key == "auth" for setting in use.settings):
            name = policy(loaded, use).auth
            if name is not None:
                chosen.setdefault(use.reference.image, name)
    return chosen


def applies(rule: Rule, use: ImageUse) -> bool:
    """Say whether a rule means a use: one of its images and one of its files, where it names any."""
    image = use.reference.image
    if rule.match and not any(matches_image(pattern, image) for pattern in rule.match):
        return False
    return not rule.files or any(matches_path(pattern, use.path) for pattern in rule.files)


def idle(loaded: Loaded, uses: Sequence[ImageUse]) -> tuple[str, ...]:
    """Give the names of the rules that mean none of the uses, in their order."""
    return tuple(
        _rule(loaded, index)
        for index, rule in enumerate(loaded.config.rules)
        if not any(applies(rule, use) for use in uses)
    )


def _rule(loaded: Loaded, index: int) -> str:
    return f"rules[{index}] ({loaded.path}:{loaded.rule_lines[index]})"


def _note(said: dict[str, tuple[str, str]], use: ImageUse, now: datetime | None) -> str:
    """Say until when and why a use is ignored; an `ignore` that has ended is taken out of `said`."""
    reason, until = said.get("reason"), said.get("until")
    if said.get("policy", ("", ""))[0] not in {"ignore", "never"}:
        return ""
    because = f": {reason[0]}" if reason else ""
    if until is None:
        return reason[0] if reason else ""
    if now is None or now.date() < typed("until", until[0]):
        return f"until {until[0]}{because}"
    source = said.pop("policy")[1]
    later = [s for s in use.settings if s.key == "policy" and s.value not in {"ignore", "never"}]
    if later:
        said["policy"] = (later[0].value, later[0].source)
    return f"the ignore of {source} ended on {until[0]}{because}"


def _value(key: str, value: str) -> Any:  # noqa: ANN401 - what the key's field holds
    """Give a value as its field wants it; what the dialects let through reads well."""
    return typed(key, value) if key in {"policy", *_PLAIN, "min-age", "monitor"} else value


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _policy(said: _Said, note: str) -> Policy:
    """Make the policy of the settings that count."""
    text, source = said.get("policy", ("major", "defaults"))
    if text == SAME_TAG:
        text = "digest"
        said.setdefault("digest", ("pin", source))
    kept = tuple(Setting(key, _text(value), where) for key, (value, where) in said.items())
    sources = tuple((key, where) for key, (_, where) in said.items() if key != "policy")
    settled = Policy(rule=source, note=note, said=kept, sources=sources)
    for key in _PLAIN:
        if key in said:
            settled = replace(settled, **{key: said[key][0]})
    if "min-age" in said:
        settled = replace(settled, min_age_seconds=said["min-age"][0])
    if "monitor" in said and said["monitor"][0]:
        settled = replace(settled, monitor=said["monitor"][1])
    parsed = policies.parse(text, settled)
    # `tags` of its own wins over the one that `glob:` and `regexp:` stand for.
    return replace(parsed, tags=settled.tags) if settled.tags else parsed


def _configured(loaded: Loaded, use: ImageUse, said: _Said) -> None:
    """Add what the config says of a use, where nothing before it has said so."""
    for index, rule in enumerate(loaded.config.rules):
        if applies(rule, use):
            _collect(said, rule, _rule(loaded, index))
    lines = dict(loaded.default_lines)
    _collect(
        said,
        loaded.config.defaults,
        "defaults",
        {key: f"{loaded.path}:{line}" for key, line in lines.items()},
    )


def _collect(
    said: _Said,
    settings: Any,  # noqa: ANN401 - a rule or the defaults
    source: str,
    places: Mapping[str, str] | None = None,
) -> None:
    for key in ("policy", *_PLAIN, *_PASSED):
        value = getattr(settings, key.replace("-", "_"))
        if value is not None:
            place = (places or {}).get(key.replace("_", "-"))
            said.setdefault(key, (value, f"{source} ({place})" if place else source))
    if settings.min_age is not None:
        said.setdefault("min-age", (seconds(settings.min_age), source))
