"""What a migration is: another system's settings file, read as that system reads it. Pure.

Each member says the same thing twice, by two ways: `Draft.claims` are rules in our words, and
`Draft.decide` is how the system itself would go about one use. `migrate` compares them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bumper.model import ImageUse

__all__ = ["Claim", "Draft", "Entry", "Migration", "Verdict"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting of another system: where it stands, what it says, and what became of it.

    `new` is the text in our config, or the reason why there is none. `line` counts from 1.
    """

    path: str
    line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Settings for some uses: whom the system means by them, and the globs that may say so here.

    `images` and `files` are tried as they are; where they do not mean just those uses, or there are
    none for what is meant, the images of the repository are named one by one.
    """

    entry: Entry
    means: Callable[[ImageUse], bool]
    settings: tuple[tuple[str, str], ...]
    images: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a system goes about one use: settings in our words, None where it does not look at it.

    `unsaid` is what it does beside that no config of ours can say.
    """

    settings: tuple[tuple[str, str], ...] | None
    unsaid: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A settings file, read: rules from the weakest to the strongest, and what is for all images.

    `top` has keys of our config below their dotted path, such as `pull-requests.limit`. `aside` are
    settings that speak of no image. `chooses` is false where it does not say which files are looked at.
    """

    name: str
    decide: Callable[[ImageUse], Verdict]
    claims: tuple[Claim, ...] = ()
    top: Mapping[str, Any] = field(default_factory=dict)
    translated: tuple[Entry, ...] = ()
    lost: tuple[Entry, ...] = ()
    aside: tuple[Entry, ...] = ()
    chooses: bool = True


class Migration(Protocol):
    """A system whose settings stand in a file of its own; a module."""

    NAME: str
    # Where the system looks for its file, the first that is there counts.
    PATHS: tuple[str, ...]

    def read(self, path: str, text: str) -> Draft:
        """Read the settings.

        Raises:
            TextError: The file is not what the system takes.
        """
        ...
