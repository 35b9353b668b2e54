"""`bumper config`: what the settings are, whether they are right, and their schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from bumper import redact
from bumper.cli.options import common

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.cli.options import Options
    from bumper.config.read import Loaded
    from bumper.dialects.base import Dialect, Far
    from bumper.model import Scan

__all__ = ["command"]


_SECRETS = frozenset(
    {"password", "token", "key", "app-key", "apprise", "shoutrrr", "webhook", "pushgateway"}
)
_OF_SETTINGS = frozenset({"bad-directive", "bad-setting", "unknown-setting"})


@click.group("config")
def command() -> None:
    """Show, check or describe the settings."""


@command.command("show")
@common
def show(options: Options) -> int:
    """Show the settings as they count, defaults included; secrets stay `$NAME`."""
    import json  # noqa: PLC0415 - see `scan`

    from bumper.cli import home, output  # noqa: PLC0415 - as above
    from bumper.config import load, settle  # noqa: PLC0415 - as above

    loaded = load.load(home.at_top(options)[0].root, options.config)
    document = loaded.config.model_dump(by_alias=True, mode="json")
    known = settle.unset()
    document["defaults"] = {
        key: known.get(key) if value is None else value
        for key, value in document["defaults"].items()
    }
    output.note(f"read from {loaded.path or 'no file: these are the defaults'}", options)
    output.result(json.dumps(_masked(document), indent=2) + "\n", options)
    return 0


def _masked(value: Any, key: str = "") -> Any:  # noqa: ANN401 - any part of the document
    """Give the settings without what is a secret, or an address that holds one, unless it is `$NAME`."""
    if isinstance(value, dict):
        return {name: _masked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, key) for inner in value]
    secret = key in _SECRETS and isinstance(value, str) and not value.startswith("$")
    return redact.MASK if secret and value else value


@command.command("lint")
@common
def lint(options: Options) -> int:
    """Check the config file, and the settings in the files; every mistake with its line.

    Exit 1 if there is one.
    """
    from bumper.cli import output, session  # noqa: PLC0415 - see `scan`
    from bumper.errors import ConfigError  # noqa: PLC0415 - as above

    try:
        work = session.Session(options)
    except ConfigError as error:
        output.result("".join(f"{problem}\n" for problem in error.problems), options)
        return 1
    scan = work.read().scan
    problems = [one for one in scan.problems if one.code in _OF_SETTINGS]
    lines = [f"{doubt}\n" for doubt in (*work.loaded.doubts, *_unfilled(work.loaded))]
    lines += [f"{one.path}:{one.line}: {one.reason}\n" for one in problems]
    lines += [f'{place}: ignored without a reason; add reason="…"\n' for place in _silent(scan)]
    name = work.loaded.path or "no config file"
    output.result("".join(lines) or f"{name}: no mistakes\n", options)
    return 1 if lines else 0


def _unfilled(loaded: Loaded) -> Iterator[str]:
    """Yield what the templates of the config name and nothing fills in."""
    from dataclasses import fields  # noqa: PLC0415 - see `scan`

    from bumper import templates  # noqa: PLC0415 - as above
    from bumper.messages import body  # noqa: PLC0415 - as above
    from bumper.notifiers.base import Message  # noqa: PLC0415 - as above

    told: dict[str, tuple[str | None, tuple[str, ...]]] = {
        "pull-requests.template": (loaded.config.pull_requests.template, body.VALUES)
    }
    names = tuple(field.name for field in fields(Message))
    for index, channel in enumerate(loaded.config.notify):
        told[f"notify.{index}.template"] = (channel.template, names)
    for key, (text, known) in told.items():
        if text is not None:
            yield from (f"{loaded.path}: {key}: {one}" for one in templates.unknown(text, known))


def _silent(scan: Scan) -> Iterator[str]:
    """Yield the places of our own `ignore` that does not say why."""
    told: dict[str, None] = {}
    for use in scan.uses:
        ignores = [
            one.source for one in use.settings if (one.key, one.value) == ("policy", "ignore")
        ]
        ours = [place for place in ignores if "(comment)" in place or " bumper." in place]
        if ours and not any(one.key == "reason" for one in use.settings):
            told.setdefault(ours[0])
    yield from told


@command.command("template")
@common
def template(options: Options) -> int:
    """Print the template of a pull request's text, to change it under `pull-requests.template`."""
    from bumper.cli import output  # noqa: PLC0415 - see `scan`
    from bumper.messages import body  # noqa: PLC0415 - as above

    output.result(body.template(), options)
    return 0


@command.command("dialects")
@common
def dialects(options: Options) -> int:
    """Print every setting that is read in the files, ours and other systems', and what it means."""
    from bumper import catalog  # noqa: PLC0415 - see `scan`
    from bumper.cli import output  # noqa: PLC0415 - as above

    lines = []
    members: dict[str, Dialect | Far] = {**catalog.DIALECTS, **catalog.FAR_DIALECTS}
    for name, dialect in members.items():
        lines += ["", f"## {name}", "", "| setting | values | means here |", "| --- | --- | --- |"]
        cells = ((row.key, row.values, row.means) for row in dialect.ROWS)
        lines += [f"| `{key}` | {values or '-'} | {means} |" for key, values, means in cells]
    output.result("\n".join(lines[1:]) + "\n", options)
    return 0


@command.command("schema")
@common
def schema(options: Options) -> int:
    """Print the JSON Schema of the config file, for editors."""
    from bumper.cli import output  # noqa: PLC0415 - see `scan`
    from bumper.config import schema as made  # noqa: PLC0415 - as above

    output.result(made.text(), options)
    return 0
