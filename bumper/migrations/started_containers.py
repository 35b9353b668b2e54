"""What a system was started with that chooses containers, as rules for the images of today. Pure. No member.

In the repository these are marks, and `dialects` reads them; here they come from outside it, and count
for every service of every Compose file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bumper.asides.go import go_boolean
from bumper.asides.settings import SAME_TAG, seconds
from bumper.migrations.base import Claim, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bumper.flags.base import Word
    from bumper.model import ImageUse

__all__ = ["CONTAINERS", "claims", "decide"]

_W = "WATCHTOWER_"
_LABEL = "com.centurylinklabs.watchtower.enable"
CONTAINERS = frozenset(
    {
        f"{_W}LABEL_ENABLE", f"{_W}MONITOR_ONLY", f"{_W}DISABLE_CONTAINERS", f"{_W}COOLDOWN_DELAY", f"{_W}SCOPE",
        "FILTER_SERVICES", "IGNORELIST_SERVICES", "BLACKLIST_SERVICES",
    }
)  # fmt: skip
_IGNORED = (("policy", "ignore"),)
_PINNED = (("policy", "digest"), ("digest", "pin"))


def claims(system: str, words: Mapping[str, Word]) -> tuple[tuple[Claim, ...], tuple[Entry, ...]]:
    """Give what the options say of services, from the weakest to the strongest, and what no rule can say."""
    found: list[Claim] = []
    lost: list[Entry] = []
    scope = words.get(f"{_W}SCOPE")
    if system == "watchtower" and scope is not None:
        why = "its settings are for that scope alone: name its images in a rule"
        return (), (_entry("WATCHTOWER_SCOPE", scope, why),)
    for name, reader in _READERS.items():
        word = words.get(name)
        if word is None:
            continue
        try:
            found += reader(_entry(name, word), word.value)
        except ValueError as error:
            lost.append(_entry(name, word, str(error)))
    return tuple(found), tuple(lost)


def decide(found: tuple[Claim, ...], use: ImageUse) -> tuple[tuple[str, str], ...]:
    """Say what the options come to for one use: the strongest of a key counts, as the system has it."""
    said: dict[str, str] = {}
    for claim in found:
        if claim.means(use):
            said.update(claim.settings)
    return tuple(said.items())


def _entry(name: str, word: Word, new: str = "") -> Entry:
    return Entry(word.path, word.line, f"{name}={word.value}", new)


def _is_service(use: ImageUse) -> bool:
    return use.format == "compose"


def _service(use: ImageUse) -> str:
    return use.where.removeprefix("services.").removesuffix(".image")


def _named(names: list[str]) -> Callable[[ImageUse], bool]:
    # Swarm names a service STACK_SERVICE.
    def means(use: ImageUse) -> bool:
        name = _service(use)
        return _is_service(use) and any(one == name or one.endswith(f"_{name}") for one in names)

    return means


def _marked(use: ImageUse, label: str) -> bool:
    return any(f"label {label})" in setting.source for setting in use.settings)


def _cooldown(entry: Entry, value: str) -> list[Claim]:
    months = re.sub(r"(\d+)M", lambda match: f"{int(match[1]) * 30}d", value)
    return [Claim(entry, _is_service, (("min-age", f"{seconds(months)}s"),))]


def _monitor(entry: Entry, value: str) -> list[Claim]:
    return [Claim(entry, _is_service, (("monitor", "true"),))] if go_boolean(value) else []


def _opt_in(entry: Entry, value: str) -> list[Claim]:
    def means(use: ImageUse) -> bool:
        return _is_service(use) and not _marked(use, _LABEL)

    return [Claim(entry, means, _IGNORED, exact=False)] if go_boolean(value) else []


def _disabled(entry: Entry, value: str) -> list[Claim]:
    names = [name for name in re.split(r"[,\s]+", value) if name]
    return [Claim(entry, _named(names), _IGNORED, exact=False)]


def _filter(entry: Entry, value: str) -> list[Claim]:
    kind, _, wanted = value.partition("=")
    label, equals, said = wanted.partition("=")
    if kind != "label" or not label.startswith("shepherd.") or (equals and said != "true"):
        raise ValueError(
            "only label=shepherd.…=true is read from outside; name the images in a rule"
        )

    def passes(use: ImageUse) -> bool:
        same = any(one.key == "policy" and one.value == SAME_TAG for one in use.settings)
        return _is_service(use) and _marked(use, label) and same

    def fails(use: ImageUse) -> bool:
        return _is_service(use) and not passes(use)

    return [Claim(entry, passes, _PINNED, exact=False), Claim(entry, fails, _IGNORED, exact=False)]


_READERS: dict[str, Callable[[Entry, str], list[Claim]]] = {
    f"{_W}COOLDOWN_DELAY": _cooldown,
    f"{_W}MONITOR_ONLY": _monitor,
    f"{_W}LABEL_ENABLE": _opt_in,
    f"{_W}DISABLE_CONTAINERS": _disabled,
    "FILTER_SERVICES": _filter,
    "IGNORELIST_SERVICES": _disabled,
    "BLACKLIST_SERVICES": _disabled,
}
