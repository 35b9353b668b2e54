"""Move to one config file: read other systems' settings, write ours, and prove that it says the same.

The proof is a second reading of the repository, by the very text that is printed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bumper import agreement, claims, markers
from bumper.agreement import decides, place
from bumper.config import settle
from bumper.config.images import Files
from bumper.config.model import Config
from bumper.config.read import Loaded, read
from bumper.migrations.base import Claim, Entry
from bumper.model import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bumper.agreement import Difference
    from bumper.claims import Ruled
    from bumper.markers import Marked
    from bumper.migrations.base import Draft
    from bumper.model import ImageUse, Policy
    from bumper.reading import Reading

__all__ = ["NAME", "Moved", "move"]

NAME = "bumper.yaml"


@dataclass(frozen=True, slots=True)
class Moved:
    """A migration: the config's text, what became of every setting, and where the readings part.

    `uses` counts the places that were compared.
    """

    text: str
    translated: tuple[Entry, ...] = ()
    kept: tuple[Entry, ...] = ()
    lost: tuple[Entry, ...] = ()
    aside: tuple[Entry, ...] = ()
    differences: tuple[Difference, ...] = ()
    uses: int = 0


def move(
    drafts: Sequence[Draft],
    read_with: Callable[[Loaded], Reading],
    systems: Sequence[str],
) -> Moved:
    """Make the config of what `drafts` and the marks of `systems` say, and prove it.

    A system whose marks a config cannot say stays in the files, and is read there.
    """
    found = markers.find(read_with, _everywhere(drafts), systems)
    uses = found.uses
    before = {place(use): _before(use, drafts) for use in uses}
    moved, apart = _tried(drafts, found, read_with, before)
    stuck = found.behind(one.use for one in apart)
    if stuck:
        found = found.keeping(stuck, "what it says of some place, no rule can say")
        moved, apart = _tried(drafts, found, read_with, before)
    return replace(moved, differences=apart, uses=len(uses))


def _everywhere(drafts: Sequence[Draft]) -> Loaded:
    """Give the settings to read with: another system's own file says which files are left out."""
    chosen = any(draft.chooses for draft in drafts)
    return Loaded(Config(files=Files(exclude=()))) if chosen else Loaded()


def _before(use: ImageUse, drafts: Sequence[Draft]) -> dict[str, str]:
    """Say what decides a use as things stand: its marks first, then each system's file."""
    settings: list[Setting] = []
    unsaid = ""
    verdicts = [draft.decide(use) for draft in drafts]
    for draft, verdict in zip(drafts, verdicts, strict=True):
        settings += [Setting(key, value, draft.name) for key, value in verdict.settings or ()]
        unsaid = unsaid or verdict.unsaid
    chosen = [one for draft, one in zip(drafts, verdicts, strict=True) if draft.chooses]
    if chosen and all(verdict.settings is None for verdict in chosen):
        settings.append(Setting("policy", "ignore", ""))
    policy = settle.policy(Loaded(), replace(use, settings=(*use.settings, *settings)))
    return {**decides(policy), **({"beside that": unsaid} if unsaid else {})}


def _tried(
    drafts: Sequence[Draft],
    found: Marked,
    read_with: Callable[[Loaded], Reading],
    before: dict[agreement.Place, dict[str, str]],
) -> tuple[Moved, tuple[Difference, ...]]:
    """Write the config once and read the repository by it."""
    uses = found.uses
    ruled: list[Ruled] = []
    lost = [entry for draft in drafts for entry in draft.lost] + list(found.lost)
    top, refused, gone = _top(drafts)
    translated = [entry for draft in drafts for entry in draft.translated if entry not in gone]
    for claim in (*found.claims, *_unread(drafts, uses), *_strongest(drafts)):
        made = claims.rules(claim, uses)
        ruled += made
        if made:
            translated += [replace(claim.entry, new=_new(one)) for one in made]
        else:
            why = "means no image here today, and no glob of ours says whom it would mean"
            lost.append(replace(claim.entry, new=why))
    compat = {f"compat.{name}": False for name in found.off}
    text = claims.render({**top, **compat}, ruled)
    apart = agreement.differences(uses, before, _after(text, read_with))
    aside = tuple(entry for draft in drafts for entry in draft.aside)
    told = Moved(text, tuple(translated), found.kept, (*lost, *refused), aside)
    return told, apart


def _after(
    text: str, read_with: Callable[[Loaded], Reading]
) -> dict[agreement.Place, dict[str, str]]:
    loaded = read(NAME, text)

    def settled(use: ImageUse) -> Policy:
        return settle.policy(loaded, use)

    return {place(use): decides(settled(use)) for use in read_with(loaded).scan.uses}


def _new(ruled: Ruled) -> str:
    said = ", ".join(f"{key}: {value}" for key, value in ruled.rule.items())
    return f"{said} (names the images of today)" if ruled.named else said


def _strongest(drafts: Sequence[Draft]) -> list[Claim]:
    """Give all claims in the order of our rules, where the first one wins."""
    return [claim for draft in drafts for claim in reversed(draft.claims)]


def _unread(drafts: Sequence[Draft], uses: Sequence[ImageUse]) -> list[Claim]:
    """Give what leaves alone the places that none of the systems looks at."""
    drafts = [draft for draft in drafts if draft.chooses]
    if not drafts:
        return []

    def means(use: ImageUse) -> bool:
        return all(draft.decide(use).settings is None for draft in drafts)

    missed = [use for use in uses if means(use)]
    looked_at = {use.path for use in uses} - {use.path for use in missed}
    names = " and ".join(draft.name for draft in drafts)
    files = tuple(sorted({use.path for use in missed} - looked_at))
    if not missed:
        return []
    entry = Entry(NAME, 1, f"not read by {names}: take this rule out to have them looked up", "")
    return [Claim(entry, means, (("policy", "ignore"),), (), files, exact=bool(files))]


def _top(drafts: Sequence[Draft]) -> tuple[dict[str, Any], list[Entry], list[Entry]]:
    """Join what is for all images; of two systems the first one counts.

    Gives what cannot be said beside it, and the entries that said it could.
    """
    top: dict[str, Any] = {}
    refused, gone = [], []
    for draft in drafts:
        for key, value in draft.top.items():
            if key == "notify":
                told = top.setdefault(key, [])
                told += [one for one in value if one not in told]
                continue
            why = (
                ""
                if _takes(key, value)
                else f"is nothing that `{key}` takes; see `bumper explain {key}`"
            )
            if key in top and top[key] != value:
                why = f"there is one {key} for all, and another system's file says {top[key]}"
            if not why:
                top[key] = value
                continue
            said = [one for one in draft.translated if one.new.startswith(f"{key}: ")]
            gone += said
            refused += [
                replace(one, new=why)
                for one in said or [Entry(draft.name, 1, f"{key}: {value}", "")]
            ]
    return top, refused, gone


def _takes(key: str, value: Any) -> bool:  # noqa: ANN401 - any value of a settings file
    """Say whether our config takes a value."""
    head, _, inner = key.partition(".")
    try:
        Config.model_validate({head: {inner: value} if inner else value})
    except ValidationError:
        return False
    return value is not None
