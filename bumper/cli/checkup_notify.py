"""What `doctor` sees of the channels under `notify:` without telling anybody anything."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from bumper.cli import telling
from bumper.cli.check import GOOD, LOOK, Check
from bumper.config.channels import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.cli.session import Session
    from bumper.http import Http

__all__ = ["channels"]

# What is an extra, by the kind of channel that takes it.
_TAKES = {"apprise": "apprise", "shoutrrr": "apprise", "zabbix": "zabbix_utils"}


def channels(work: Session, http: Http) -> Iterator[Check]:
    """Say of every channel that cannot be told why not; nothing where none is named."""
    entries = work.loaded.config.notify
    _, broken = telling.channels(work, http)
    found = [
        Check(
            f"notify {one.channel}", LOOK, one.error, one.hint or "set it, or leave the channel out"
        )
        for one in broken
    ]
    for name, settings in zip(names(entries), entries, strict=True):
        takes = _TAKES.get(settings.kind)
        if takes and find_spec(takes) is None:
            fix = "pip install 'gitops-bumper[notify]'"
            found.append(Check(f"notify {name}", LOOK, f"{takes} is not installed", fix))
    if entries and not found:
        told = f"{len(entries)} channel{'' if len(entries) == 1 else 's'}; `bumper notify test` tries each"
        found.append(Check("notify", GOOD, told))
    yield from found
