"""A run's numbers for Prometheus: a text file for the node exporter, or a push gateway."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bumper.errors import BumperError, NotifyError

if TYPE_CHECKING:
    from bumper.http import Http
    from bumper.notifiers.base import Message

__all__ = ["PushGateway", "TextFile"]

_STATUSES = ("bump", "hold", "current", "ignored", "failed")
_LEVELS = ("digest", "patch", "minor", "major")


@dataclass(frozen=True, slots=True)
class TextFile:
    """Replaces a file whole, so that the exporter never reads half of it."""

    EVERY_RUN = True

    path: str

    async def send(self, message: Message) -> None:
        """Write the file; see `notifiers.base.Notifier`."""
        target = Path(self.path)
        written = target.with_name(f".{target.name}.new")
        try:
            written.write_text(_text(message, time.time()), encoding="utf-8", newline="\n")
            if message.trial:
                written.unlink()
            else:
                written.replace(target)
        except OSError as error:
            raise NotifyError(f"{self.path}: cannot be written ({error.strerror})") from None


@dataclass(frozen=True, slots=True)
class PushGateway:
    """Replaces the group `job="bumper"` of a push gateway."""

    EVERY_RUN = True

    http: Http
    url: str = field(repr=False)

    async def send(self, message: Message) -> None:
        """Push the numbers; see `notifiers.base.Notifier`."""
        try:
            # Source: github.com/prometheus/pushgateway, "POST": with an empty body no value changes.
            answer = await self.http.request(
                "POST" if message.trial else "PUT",
                f"{self.url.rstrip('/')}/metrics/job/bumper",
                headers={"Content-Type": "text/plain; version=0.0.4"},
                content=b"" if message.trial else _text(message, time.time()).encode(),
                retry=False,
            )
        except BumperError as error:
            raise NotifyError(f"not delivered ({error.code})") from None
        if not 200 <= answer.status < 300:
            raise NotifyError(f"not delivered: answered {answer.status}")


def _text(message: Message, now: float) -> str:
    """Give the exposition format. Source: prometheus.io/docs, "Exposition formats"."""
    numbers = message.numbers
    lines = ["# HELP bumper_images Images by what became of them.", "# TYPE bumper_images gauge"]
    lines += [f'bumper_images{{status="{one}"}} {numbers.get(one, 0)}' for one in _STATUSES]
    lines += [
        "# HELP bumper_outdated Images that may move, by level.",
        "# TYPE bumper_outdated gauge",
    ]
    lines += [
        f'bumper_outdated{{level="{one}"}} {numbers.get(f"level-{one}", 0)}' for one in _LEVELS
    ]
    for name, key, means in (
        ("scanned", "uses", "Images looked at, as watchtower_containers_scanned."),
        ("updated", "updated", "Images in pull requests opened or updated now."),
        ("requests", "requests", "Registry answers used."),
    ):
        lines += [f"# HELP bumper_{name} {means}", f"# TYPE bumper_{name} gauge"]
        lines.append(f"bumper_{name} {numbers.get(key, 0)}")
    name = "bumper_last_run_timestamp_seconds"
    lines += [f"# HELP {name} When this run ended.", f"# TYPE {name} gauge", f"{name} {now:.0f}"]
    return "\n".join(lines) + "\n"
