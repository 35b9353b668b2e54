"""The top of the repository, where a verb is called in a folder below: the config there counts.

Paths begin at the top then, as the globs of the config have them, and the folder alone is looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.cli import output
from bumper.config import load

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.cli.options import Options

__all__ = ["at_top"]


def at_top(options: Options, *, always: bool = False) -> tuple[Options, str]:
    """Give the options as at the top of the repository, and the folder below, "" where all is as it was.

    Nothing changes where a config is named or stands in the folder itself, and, but for `always`,
    where none stands at the top.
    """
    here = options.root.resolve()
    top = _top(here)
    if top in {None, here} or options.config is not None or load.find(here) is not None:
        return options, ""
    assert top is not None  # noqa: S101 - it is not None, see above
    config = load.find(top)
    if config is None and not always:
        return options, ""
    below = here.relative_to(top).as_posix()
    if config is not None:
        told = f"{config.relative_to(top).as_posix()} of {top} counts here; paths begin there"
        output.note(told, options, level=1)
    return replace(options, folder=top), below


def _top(folder: Path) -> Path | None:
    """Give the folder of the repository that a folder is in; in a submodule its own."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
