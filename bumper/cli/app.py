"""The command line: joins the verbs, turns errors into exit codes. Verbs are imported when called.

Exit codes: 0 done, 1 a finding that was asked for, 2 usage or config, 3 environment, 4 partial,
5 a bug, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from importlib import import_module
from traceback import format_exc
from typing import TYPE_CHECKING, Any

import rich_click as click
from click.exceptions import Exit

from bumper import __version__, redact
from bumper.cli import output
from bumper.cli.options import common
from bumper.errors import BumperError, InvalidReferenceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bumper.cli.options import Options

__all__ = ["app", "run"]

VERBS = {
    "init": "bumper.cli.init",
    "doctor": "bumper.cli.doctor",
    "scan": "bumper.cli.scan",
    "plan": "bumper.cli.plan",
    "explain": "bumper.cli.explain",
    "diff": "bumper.cli.diff",
    "set": "bumper.cli.set",
    "apply": "bumper.cli.apply",
    "run": "bumper.cli.run",
    "report": "bumper.cli.report",
    "history": "bumper.cli.history",
    "notify": "bumper.cli.notify",
    "demo": "bumper.cli.demo",
    "migrate": "bumper.cli.migrate",
    "config": "bumper.cli.config",
    "completion": "bumper.cli.completion",
}
EXIT_CODES = {
    0: "done",
    1: "a finding that was asked for",
    2: "usage or config",
    3: "environment",
    4: "partial (some images are unknown, the rest is done)",
    5: "a bug",
    130: "interrupted",
}


class Verbs(click.RichGroup):
    """The verbs by name; one module is imported, the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Give the verbs in the order people meet them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb, or fail with the name it was probably meant to be."""
        if cmd_name not in VERBS:
            near = get_close_matches(cmd_name, VERBS, n=1)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such verb '{cmd_name}'.{meant}")
        # The module names are the constants above; the linter's worry is a name from outside.
        command: click.Command = import_module(VERBS[cmd_name]).command
        return command


_HELP = {
    "help_option_names": ["-h", "--help"],
    "rich_help_config": {"commands_before_options": True},
}
_EPILOG = "Exit codes: " + ", ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())


@click.group(cls=Verbs, context_settings=_HELP, epilog=f"{_EPILOG}.")
@click.version_option(__version__, prog_name="bumper")
@common
def app(options: Options) -> None:
    """Keep the container images of a Git repository current, one reviewed change at a time.

    Without a config everything found is looked up. `plan` shows what would change, `apply` edits the
    files here, `run` opens pull requests.
    """
    context = click.get_current_context()
    assert context is not None  # noqa: S101 - a verb is running
    context.obj = options


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; a user's mistake never shows a traceback."""
    output.open_streams()
    redact.learn_environment(os.environ)
    try:
        return call(arguments)
    except click.ClickException as problem:
        problem.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        return 130
    except BumperError as problem:
        output.complain(problem)
        return exit_code(problem)
    except Exception:  # noqa: BLE001 - the one place where a bug becomes an exit code
        output.say(f"this is a bug in bumper {__version__}, please report it:")
        output.say(format_exc(), lines=True)
        return 5


def call(arguments: Sequence[str]) -> int:
    """Run one command line and give what its verb gave, 0 where it gave nothing."""
    try:
        outcome: Any = app.main(list(arguments), prog_name="bumper", standalone_mode=False)
    except Exit as leave:
        return leave.exit_code
    return outcome if isinstance(outcome, int) else 0


def exit_code(problem: BumperError) -> int:
    """Give the exit code of an error that ended the run."""
    return 2 if isinstance(problem, (UsageError, InvalidReferenceError)) else 3
