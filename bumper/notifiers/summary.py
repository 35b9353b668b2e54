"""A message as Markdown at the end of a file, as GitHub's and Gitea's job summaries are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bumper import harmless
from bumper.errors import NotifyError

if TYPE_CHECKING:
    from bumper.notifiers.base import Message

__all__ = ["Summary"]


@dataclass(frozen=True, slots=True)
class Summary:
    """Appends to the file, such as `$GITHUB_STEP_SUMMARY`."""

    EVERY_RUN = True

    path: str
    # Whether the body is Markdown in the user's own words.
    own: bool = False

    async def send(self, message: Message) -> None:
        """Append the message; see `notifiers.base.Notifier`."""
        lines = [f"### {harmless.prose(message.title)}", ""]
        lines += [
            f"- {event.kind}: {harmless.prose(event.text)} {event.url}" for event in message.events
        ]
        text = message.body if self.own else "\n".join(lines)
        try:
            self._append(f"{text.rstrip()}\n\n")
        except OSError as error:
            raise NotifyError(f"{self.path}: cannot be written ({error.strerror})") from None

    def _append(self, text: str) -> None:
        with Path(self.path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
