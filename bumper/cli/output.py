"""What the program prints, and where: stdout is the result, stderr the talk."""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bumper import redact
from bumper.errors import EnvironmentFailure
from bumper.harmless import printable

if TYPE_CHECKING:
    from bumper.cli.options import Options
    from bumper.errors import BumperError

__all__ = [
    "colourful",
    "complain",
    "error",
    "note",
    "open_streams",
    "result",
    "say",
    "style",
    "width",
]

_PLAIN = str.maketrans("─━│→✓✗…·", "--|>+x.|")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def result(text: str, options: Options) -> None:
    """Print a result, without colour where none is wanted."""
    clean = redact.clean(text if colourful(options) else _ESCAPES.sub("", text))
    try:
        sys.stdout.write(_writable(clean, sys.stdout.encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away (`bumper plan | head`): not our failure, and the work goes on.
        _to_nowhere()
    except OSError as problem:
        _to_nowhere()
        told = f"stdout: cannot be written ({problem.strerror})"
        raise EnvironmentFailure(told, code="not-writable") from problem


def open_streams() -> None:
    """Give the process a stdout and a stderr where it was started without (`>&-`)."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _to_nowhere() -> None:
    """Let whatever is printed from here on, and what is left unprinted, end in nothing."""
    with Path(os.devnull).open("wb") as nowhere, suppress(OSError, ValueError):
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def note(text: str, options: Options, *, level: int = 0) -> None:
    """Say something on the way; `level` 1 needs `-v`, and one `-q` silences level 0."""
    if options.verbose - options.quiet >= level:
        say(text)


def complain(problem: BumperError) -> None:
    """Say an error with its code and its hint: what, where, what to do."""
    for index, line in enumerate(problem.message.splitlines() or [""]):
        mark = "error: " if index == 0 or problem.code == "config" else "       "
        say(f"{mark}{line} [{problem.code}]")
    if problem.hint:
        say(f" hint: {problem.hint}")


def error(place: str, code: str, reason: str, hint: str = "") -> None:
    """Say that one file or image could not be handled while the others go on."""
    say(f"{place}  {reason} [{code}]")
    if hint:
        say(f" hint: {hint}")


def say(text: str, *, lines: bool = False) -> None:
    """Write to stderr: one line that shows what is not printable, or `lines` as they are."""
    clean = redact.clean(text)
    told = clean if lines else f"{redact.clean(printable(clean))}\n"
    with suppress(OSError):  # nobody listens, and nowhere else could that be said
        sys.stderr.write(_writable(told, sys.stderr.encoding))


def _writable(text: str, encoding: str | None) -> str:
    """Give a text that the stream can write: plain lines and marks where it knows no others."""
    name = encoding or "utf-8"
    if not name.lower().replace("-", "").startswith("utf8"):
        text = text.translate(_PLAIN)
    # Git keeps paths that are no text: they are shown with a mark, and end nothing.
    return text.encode(name, "replace").decode(name)


def colourful(options: Options) -> bool:
    """Say whether to colour: `--color`, then what the environment asks for, then the terminal.

    Source: no-color.org, force-color.org, bixense.com/clicolors.
    """
    choice = options.color or "auto"
    if choice != "auto":
        return choice == "always"
    said = os.environ.get
    if said("NO_COLOR") or said("TERM") == "dumb" or said("CLICOLOR") == "0":
        return False
    forced = said("FORCE_COLOR") or said("CLICOLOR_FORCE", "0") != "0"
    return bool(forced) or sys.stdout.isatty()


def style(options: Options) -> str:
    """Give the name of the report: a table at a terminal, annotations in Actions, else plain lines."""
    if options.format not in {None, "auto"}:
        return str(options.format)
    if sys.stdout.isatty():
        return "table"
    # Gitea's and Forgejo's runners set it too, and show an annotation as the text it is.
    peer = os.environ.get("GITEA_ACTIONS") or os.environ.get("FORGEJO_ACTIONS")
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" and not peer else "plain"


def width() -> int:
    """Give the terminal's width in columns, or a page's where there is none."""
    return shutil.get_terminal_size((120, 24)).columns
