"""The flags every verb takes, before or after its name, each with its `BUMPER_…` twin.

A flag behind the verb wins over the same flag before it, which wins over the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Options", "common", "take"]

# The names of `catalog.REPORTS`, written out: a flag must not load the catalog.
FORMATS = (
    "auto", "table", "plain", "json", "jsonl", "markdown", "csv", "github", "sarif", "gitlab", "junit",
    "prometheus", "html",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """The global flags, checked; None and empty where the user said nothing."""

    folder: Path | None = None
    config: Path | None = None
    only: tuple[str, ...] = ()
    format: str | None = None
    quiet: int = 0
    verbose: int = 0
    color: str | None = None
    jobs: int | None = None
    timeout: float | None = None
    offline: bool | None = None
    no_cache: bool | None = None
    max_age: int | None = None
    record: Path | None = None
    replay: Path | None = None

    @property
    def root(self) -> Path:
        """The folder to work in, the current one if none was named."""
        return self.folder or Path()


def _duration(_context: click.Context, _flag: click.Parameter, text: str | None) -> int | None:
    """Read a duration; None where nothing is said."""
    if text is None:
        return None
    from bumper.asides.settings import seconds  # noqa: PLC0415 - who says nothing need not pay for it

    try:
        return seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


_FLAGS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("-C", "--directory", "folder"),
        {"type": click.Path(path_type=Path), "metavar": "DIR", "help": "Work in DIR."},
    ),
    (
        ("-c", "--config"),
        {"type": click.Path(path_type=Path), "metavar": "FILE", "help": "Read settings from FILE."},
    ),
    (
        ("--only",),
        {"multiple": True, "metavar": "GLOB", "help": "Only images or paths that match; repeatable."},
    ),
    (
        ("-f", "--format"),
        {"type": click.Choice(FORMATS), "help": "How to print: table on a terminal, else plain."},
    ),
    (("-q", "--quiet"), {"count": True, "help": "Say less on stderr."}),
    (("-v", "--verbose"), {"count": True, "help": "Say more."}),
    (("--color",), {"type": click.Choice(("auto", "always", "never")), "help": "Colour the output."}),
    (
        ("--jobs",),
        {"type": click.IntRange(1, 200), "metavar": "N", "help": "Requests at once to one host (50)."},
    ),
    (
        ("--timeout",),
        {"type": click.FloatRange(0.1), "metavar": "SECONDS", "help": "How long one request may take."},
    ),
    (("--offline",), {"is_flag": True, "default": None, "help": "Ask no registry and no forge."}),
    (("--no-cache",), {"is_flag": True, "default": None, "help": "Keep and use nothing between runs."}),
    (
        ("--max-age",),
        {"callback": _duration, "metavar": "DURATION",
         "help": "Believe what registries said less than so long ago (10m); else all are asked."},
    ),
    (
        ("--record",),
        {"type": click.Path(path_type=Path), "metavar": "FILE", "help": "Write what registries answer."},
    ),
    (
        ("--replay",),
        {"type": click.Path(path_type=Path), "metavar": "FILE", "help": "Answer from FILE, no network."},
    ),
)  # fmt: skip


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the global flags to a verb; it gets them as one `Options` named `options`."""

    @click.pass_context
    def wrapped(context: click.Context, /, **arguments: Any) -> Any:  # noqa: ANN401 - click's own
        return context.invoke(command, options=take(context, arguments), **arguments)

    result: Callable[..., Any] = update_wrapper(wrapped, command)
    for names, settings in reversed(_FLAGS):
        long = next(name for name in names if name.startswith("--"))
        twin = "BUMPER_" + long.removeprefix("--").replace("-", "_").upper()
        result = click.option(*names, envvar=twin, show_envvar=True, **settings)(result)
    return result


def take(context: click.Context, arguments: dict[str, Any]) -> Options:
    """Move the global flags out of `arguments` and join them with those before the verb."""
    above = context.find_object(Options) or Options()
    mine = {item.name: arguments.pop(item.name, None) for item in fields(Options)}
    said = {
        name: value
        for name, value in mine.items()
        if value not in {None, (), 0} or name_was_given(context, name)
    }
    return replace(above, **said)


def name_was_given(context: click.Context, name: str) -> bool:
    """Say whether a flag stands on the command line itself."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def environment() -> dict[str, str]:
    """Give the environment as it is now, as a plain dict."""
    return dict(os.environ)
