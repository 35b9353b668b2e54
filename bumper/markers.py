"""What other systems' marks in the files say, as claims: so that a config may say it instead. Pure.

Each system is read alone, and what it adds to a use is its claim.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bumper.agreement import place
from bumper.asides.settings import SAME_TAG
from bumper.config.model import Compat
from bumper.migrations.base import Claim, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bumper.agreement import Place
    from bumper.config.model import Config
    from bumper.config.read import Loaded
    from bumper.model import ImageUse, Setting
    from bumper.reading import Reading

__all__ = ["Marked", "find"]

_SOURCE = re.compile(r"(?P<path>.*):(?P<line>\d+) \((?P<what>.*)\)")
# Keys of a mark that a rule has not: said by others, or of no effect.
_DROPPED = frozenset({"depends-on", "approvals", "reason"})
_NOT_SAID = frozenset({"fault", "refuse", "until"})
# Systems whose marks say more than a rule: which image a bare version is.
_STAY = {"renovate": "a comment says which image a version beside it is"}


@dataclass(frozen=True, slots=True)
class Marked:
    """All uses, and what each system's marks say of them; `why` has the systems that stay, and why."""

    uses: tuple[ImageUse, ...]
    said: Mapping[str, Mapping[Place, tuple[Setting, ...]]]
    why: Mapping[str, str]

    @property
    def off(self) -> tuple[str, ...]:
        """The systems that need not be read any more, as `compat` names them."""
        return tuple(name.replace("-", "_") for name in self.said if name not in self.why)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the systems that go."""
        gone = [name for name in self.said if name not in self.why]
        return tuple(claim for name in gone for claim in _claims(self.said[name], self.uses))

    @property
    def kept(self) -> tuple[Entry, ...]:
        """Every mark that stays where it is."""
        return tuple(
            _entry(setting, f"compat.{name} reads it where it is: {why}")
            for name, why in self.why.items()
            for settings in self.said[name].values()
            for setting in settings
        )

    @property
    def lost(self) -> tuple[Entry, ...]:
        """Marks of the systems that go which no rule has a key for."""
        return tuple(
            _entry(setting, "required reviews are for the base branch's protection to say")
            for name in self.said
            if name not in self.why
            for settings in self.said[name].values()
            for setting in settings
            if setting.key == "approvals"
        )

    def behind(self, uses: Iterable[ImageUse]) -> tuple[str, ...]:
        """Give the systems that go and say something of one of these uses."""
        places = {place(use) for use in uses}
        return tuple(
            name
            for name, said in self.said.items()
            if name not in self.why and places & said.keys()
        )

    def keeping(self, names: Iterable[str], why: str) -> Marked:
        """Give the same with some systems staying."""
        return replace(self, why={**self.why, **dict.fromkeys(names, why)})


def find(read_with: Callable[[Loaded], Reading], loaded: Loaded, systems: Sequence[str]) -> Marked:
    """Read the repository once with all systems, once with none, and once with each alone."""
    uses = read_with(loaded).scan.uses
    bare = _settings(read_with, loaded, ())
    said: dict[str, dict[Place, tuple[Setting, ...]]] = {}
    for name in systems:
        alone = _settings(read_with, loaded, (name,))
        added = {
            where: tuple(one for one in settings if one not in bare.get(where, ()))
            for where, settings in alone.items()
        }
        told = {where: settings for where, settings in added.items() if settings}
        if told:
            said[name] = told
    stay = {name: _STAY[name] for name in said if name in _STAY}
    for name, told in said.items():
        if any(one.key in _NOT_SAID for settings in told.values() for one in settings):
            stay.setdefault(name, "one of its marks cannot be read, or has an end")
    return Marked(uses, said, stay)


def _settings(
    read_with: Callable[[Loaded], Reading], loaded: Loaded, names: tuple[str, ...]
) -> dict[Place, tuple[Setting, ...]]:
    on = {name.replace("-", "_") for name in names}
    compat = Compat(**{name: name in on for name in Compat.model_fields})
    config: Config = loaded.config.model_copy(update={"compat": compat})
    scan = read_with(replace(loaded, config=config)).scan
    return {place(use): use.settings for use in scan.uses}


def _claims(
    told: Mapping[Place, tuple[Setting, ...]], uses: Sequence[ImageUse]
) -> tuple[Claim, ...]:
    """Give one claim for all places of which a system says the same."""
    groups: dict[tuple[tuple[str, str], ...], list[Place]] = defaultdict(list)
    entries: dict[tuple[tuple[str, str], ...], Entry] = {}
    for use in uses:
        settings = told.get(place(use), ())
        pairs = _pairs(settings)
        if pairs:
            groups[pairs].append(place(use))
            entries.setdefault(pairs, _entry(settings[0], ""))
    return tuple(
        Claim(entries[pairs], partial(_is_one, frozenset(places)), pairs, exact=False)
        for pairs, places in groups.items()
    )


def _is_one(places: frozenset[Place], use: ImageUse) -> bool:
    return place(use) in places


def _pairs(settings: Iterable[Setting]) -> tuple[tuple[str, str], ...]:
    """Give the keys that count in the words of a rule; the first of a key does."""
    found: dict[str, str] = {}
    for setting in settings:
        if setting.key not in _DROPPED:
            found.setdefault(setting.key, setting.value)
    if found.get("policy") == SAME_TAG:
        # Nothing is pinned where nothing is written: see `config.settle`.
        del found["policy"]
        if found.get("monitor") != "true":
            found = {"policy": "digest", "digest": "pin", **found}
    return tuple(found.items())


def _entry(setting: Setting, new: str) -> Entry:
    match = _SOURCE.fullmatch(setting.source)
    old = f"{setting.key}={setting.value}"
    if match is None:
        return Entry(setting.source, 1, old, new)
    return Entry(match["path"], int(match["line"]), f"{match['what']}: {old}", new)
