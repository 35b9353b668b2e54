"""Renovate's options one by one: what becomes a rule, what is for all, what is lost. Pure. No member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bumper.migrations.base import Entry
from bumper.migrations.page import listed, shown
from bumper.migrations.renovate_keys import ASIDE, why_lost
from bumper.migrations.renovate_presets import options
from bumper.migrations.renovate_rules import FORMATS, LEVELS, MATCHERS, Matchers, Rule
from bumper.migrations.renovate_top import KEYS
from bumper.migrations.renovate_top import value as for_all
from bumper.migrations.renovate_values import VALUES, merges

if TYPE_CHECKING:
    from bumper.migrations.page import Page
    from bumper.migrations.renovate_values import Pairs

__all__ = ["Reader"]


class Reader:
    """One reading of a config: fills its lists."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._weak: list[Rule] = []
        self._strong: list[Rule] = []
        self.top: dict[str, Any] = {}
        self.ignored: list[str] = []
        self.translated: list[Entry] = []
        self.lost: list[Entry] = []
        self.aside: list[Entry] = []

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, the weakest first: a preset's rule wins over an option of the file itself."""
        return (*self._weak, *self._strong)

    def read(self) -> None:
        """Read presets, options, rules and `ignoreDeps`, in the order in which they win."""
        config = self._page.value
        for index, preset in enumerate(listed(config.get("extends"))):
            self._preset(str(preset), self._page.line("extends", index))
        self._options(config, None)
        for index, rule in enumerate(listed(config.get("packageRules"))):
            self._rule(rule, f"packageRules[{index}]", self._page.line("packageRules", index))
        names = listed(config.get("ignoreDeps"))
        if names:
            line = self._page.line("ignoreDeps")
            text = shown("ignoreDeps", names)
            self._rule({"matchPackageNames": names, "enabled": False}, text, line)

    def _entry(self, line: int, old: str, new: str) -> Entry:
        return Entry(self._page.path, line, old, new)

    def _preset(self, preset: str, line: int) -> None:
        found = options(preset)
        text = f"extends: {preset}"
        if found is None:
            why = "this preset is not known here; write what it says as rules"
            self.lost.append(self._entry(line, text, why))
        elif not found:
            self.aside.append(self._entry(line, text, "says nothing of images"))
        else:
            self._options(found, (text, line))
            for rule in found.get("packageRules", ()):
                self._rule(rule, text, line)

    def _options(self, config: dict[str, Any], preset: tuple[str, int] | None) -> None:
        """Read what stands at the top, of the file or of a preset."""
        for key, value in config.items():
            text, line = preset or (shown(key, value), self._page.line(key))
            if key in KEYS:
                self._for_all(key, value, text, line)
            elif key == "ignoreDeps":
                continue
            elif key in FORMATS or key == "docker":
                self._block(key, value, text, line)
            elif key in LEVELS or key in VALUES or key in {"enabled", "automerge"}:
                self._rule({key: value}, text, line, weak=True)
            elif key not in ASIDE:
                self.lost.append(self._entry(line, text, why_lost(key)))
            elif preset is None and key not in {"extends", "packageRules"}:
                self.aside.append(self._entry(line, text, "says nothing of images"))

    def _block(self, key: str, value: Any, text: str, line: int) -> None:  # noqa: ANN401 - as written
        """Read the options for one manager, or for all images."""
        rest = {name: one for name, one in value.items() if name not in ASIDE}
        if key != "docker":
            if rest.pop("enabled", None) is False:
                self.translated.append(
                    self._entry(line, text, "files that it alone reads: ignored")
                )
            if rest:
                self._rule({**rest, "matchManagers": [key]}, text, line, weak=True)
        elif rest:
            self._rule(rest, text, line)

    def _for_all(self, key: str, value: Any, text: str, line: int) -> None:  # noqa: ANN401 - as written
        try:
            said = for_all(key, value)
        except ValueError as error:
            self.lost.append(self._entry(line, text, str(error)))
            return
        if key == "ignorePaths":
            self.ignored = [str(one) for one in listed(value)]
        self.top[KEYS[key]] = said
        self.translated.append(self._entry(line, text, shown(KEYS[key], said)))

    def _rule(self, rule: dict[str, Any], text: str, line: int, *, weak: bool = False) -> None:
        """Read one rule, and those for one kind of update that stand in it."""
        strange = sorted(
            key for key in rule if key.startswith(("match", "exclude")) and key not in MATCHERS
        )
        if strange:
            why = f"rules go by image and file here, not by {', '.join(strange)}"
            self.lost.append(self._entry(line, text, why))
        elif not _of_images(rule):
            self.aside.append(self._entry(line, text, "is not of images"))
        else:
            levels, pairs = self._pairs(rule, text, line)
            self._add(rule, levels, pairs, self._entry(line, text, ""), weak=weak)

    def _add(
        self,
        rule: dict[str, Any],
        levels: frozenset[str],
        pairs: Pairs,
        entry: Entry,
        *,
        weak: bool,
    ) -> None:
        try:
            matchers = Matchers.of(rule)
        except ValueError as error:
            self.lost.append(self._entry(entry.line, entry.old, str(error)))
            return
        rules = self._weak if weak else self._strong
        enabled = rule.get("enabled")
        if pairs or enabled is not None:
            rules.append(Rule(entry, matchers, levels, enabled, pairs))
        for level in LEVELS:
            inner: Any = rule.get(level)
            if isinstance(inner, dict) and "enabled" in inner:
                rules.append(Rule(entry, matchers, frozenset({level}), inner["enabled"]))
            for key in sorted(inner.keys() - {"enabled"}) if isinstance(inner, dict) else ():
                why = f"is for {level} alone; settings of ours are for every step"
                self.lost.append(self._entry(entry.line, f"{level}.{shown(key, inner[key])}", why))

    def _pairs(self, rule: dict[str, Any], text: str, line: int) -> tuple[frozenset[str], Pairs]:
        """Give the kinds of update a rule is for, and its settings; tells of what is lost."""
        kinds = frozenset(map(str, listed(rule.get("matchUpdateTypes")))) or frozenset(LEVELS)
        levels = kinds & frozenset(LEVELS)
        found: dict[str, str] = {}
        for key, value in rule.items():
            if key in MATCHERS or key in ASIDE or key in LEVELS or key == "enabled":
                continue
            # A major stands alone here anyway, so a group of all the rest is a group.
            whole = levels == frozenset(LEVELS) or (
                key == "groupName" and {"minor", "patch"} <= levels and "major" not in levels
            )
            old = text if text.endswith(shown(key, value)) else f"{text} {shown(key, value)}"
            try:
                if key == "automerge":
                    found.update(merges(value, levels))
                    continue
                found.update(_said(key, value, "" if whole else ", ".join(sorted(kinds))))
            except ValueError as error:
                self.lost.append(self._entry(line, old, str(error)))
        return levels, tuple(found.items())


def _said(key: str, value: Any, kinds: str) -> Pairs:  # noqa: ANN401 - as written
    """Give an option of a rule in our words; `kinds` where it is for some kinds of update alone.

    Raises:
        ValueError: Ours cannot say it.
    """
    if key not in VALUES:
        raise ValueError(why_lost(key))
    if kinds:
        raise ValueError(f"is for {kinds} alone; settings of ours are for every step")
    return VALUES[key](value)


def _of_images(rule: dict[str, Any]) -> bool:
    """Say whether a rule may mean an image at all."""
    sources, managers = listed(rule.get("matchDatasources")), listed(rule.get("matchManagers"))
    kinds = listed(rule.get("matchUpdateTypes"))
    return (
        (not sources or "docker" in sources)
        and (not managers or any(one in FORMATS for one in managers))
        and (not kinds or any(one in LEVELS for one in kinds))
    )
