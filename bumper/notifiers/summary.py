"""A message as Markdown at the end of a file, as GitHub's and Gitea's job summaries are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bumper.errors import NotifyError

if TYPE_CHECKING:
    from bumper.notifiers.base import Message

__all__ = ["Summary"]


@dataclass(frozen=True, slots=True)
class Summary:
    """Appends to the file, such as `$GITHUB_STEP_SUMMARY`."""

    EVERY_RUN = True

    path: str

    async def send(self, message: Message) -> None:
        """Append the message; see `notifiers.base.Notifier`."""
        lines = [f"### {_plain(message.title)}", ""]
        lines += [
            f"- {_plain(event.kind)}: {_plain(event.text)} {event.url}" for event in message.events
        ]
        try:
            self._append("\n".join(lines).rstrip() + "\n\n")
        except OSError as error:
            raise NotifyError(f"{self.path}: cannot be written ({error.strerror})") from None

    def _append(self, text: str) -> None:
        with Path(self.path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _plain(text: str) -> str:
    """Keep foreign text from being read as markup."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|@#" else char for char in text)
