"""The work of `init`: choose the files, show or write them, say what comes next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from bumper import __version__
from bumper.cli import output, session, surroundings
from bumper.cli.starters import WHAT
from bumper.config import load
from bumper.errors import EnvironmentFailure, UsageError

if TYPE_CHECKING:
    from bumper.cli.options import Options
    from bumper.cli.surroundings import Found

__all__ = ["config", "start", "template"]

_TEMPLATES = Path(__file__).parent / "templates"
_SCHEMA = "https://raw.githubusercontent.com/OWNER/bumper/v1/bumper/schema.json"


def start(options: Options, what: tuple[str, ...], *, printed: bool, yes: bool) -> int:
    """Print or write what was asked for, else the config and the workflow; give the exit code."""
    work = session.Session(options, top=True)
    options = work.options
    found = surroundings.look(work)
    names = what or _wanted(options.root, found)
    texts = {name: config(found) if name == "config" else template(name) for name in names}
    if not what:
        _tell(found, options)
    shown = [name for name in names if printed or not WHAT[name][1]]
    for name in shown:
        head = f"# ── {WHAT[name][1] or name}\n" if len(shown) > 1 else ""
        output.result(f"{head}{texts[name]}", options)
    written = [name for name in names if name not in shown]
    places = [WHAT[name][1] for name in written if _is_free(options, WHAT[name][1])]
    if places and not yes:
        _ask(places)
    for name in written:
        if WHAT[name][1] in places:
            _write(options.root, WHAT[name][1], texts[name])
            output.result(f"written  {WHAT[name][1]}\n", options)
    if not names:
        output.note("nothing to write: the config is there already", options)
    if written:
        output.note(
            "next: `bumper plan` shows what would change, `bumper doctor` what is missing", options
        )
    return 0


def template(name: str) -> str:
    """Give the text of a template."""
    text = (_TEMPLATES / WHAT[name][0]).read_text(encoding="utf-8")
    return text.replace("@VERSION@", __version__)


def config(found: Found) -> str:
    """Give a config that says what was found, and sets only what would not be known else."""
    stacks = ", ".join(f"{name} ({number})" for name, number in found.stacks.items())
    lines = [
        f"# yaml-language-server: $schema={_SCHEMA}",
        "# What bumper does here. Every key is optional; `bumper config lint` finds mistakes.",
        f"# Found in {found.files} file{'' if found.files == 1 else 's'}: {stacks or 'no image yet'}.",
    ]
    lines += [f"# {line}." for line in found.excluded]
    lines += [
        f"# Read where they stand: the marks of {name} ({number} file{'' if number == 1 else 's'}); "
        f"`compat: {{{name.replace('-', '_')}: false}}` leaves them unread."
        for name, number in found.peers.items()
    ]
    lines += [f"# `bumper migrate` says here what {path} says." for path in found.settings]
    lines += ["version: 1"]
    if found.kind:
        lines += ["forge:", f"  kind: {found.kind}  # the remote's address does not say so"]
    lines += [
        "defaults:",
        "  policy: major  # digest, patch, minor, major, ignore, or a range; a major is a pull request of its own",
        "# rules:",
        "#   - match: postgres",
        "#     policy: patch",
    ]
    return "".join(f"{line}\n" for line in lines)


def _wanted(root: Path, found: Found) -> tuple[str, ...]:
    """Give what `init` alone makes: no second config, and a workflow where something would run it."""
    names = () if load.find(root) is not None else ("config",)
    return (*names, found.ci) if found.ci else names


def _tell(found: Found, options: Options) -> None:
    stacks = ", ".join(f"{number} in {name}" for name, number in found.stacks.items())
    output.note(
        f"found: {stacks or 'no image references'}; run by: {found.ci or 'nothing yet'}", options
    )
    for line in found.excluded:
        output.note(line, options)
    for name, number in found.peers.items():
        files = f"{number} file{'' if number == 1 else 's'}"
        output.note(f"found: marks of {name} in {files}; they are read where they stand", options)
    for path in found.settings:
        output.note(f"found: {path}; `bumper migrate` says the same in bumper.yaml", options)
    if not found.ci:
        names = ", ".join(name for name in WHAT if name != "config")
        output.note(f"no forge and no CI is named here: `bumper init WHAT` with {names}", options)


def _is_free(options: Options, path: str) -> bool:
    if not (options.root / path).exists() and not (options.root / path).is_symlink():
        return True
    output.note(f"{path}: is there already and stays as it is; `--print` shows ours", options)
    return False


def _ask(places: list[str]) -> None:
    if not sys.stdin.isatty():
        hint = "`-y` writes without asking, `--print` shows the files"
        raise UsageError("nobody is here to ask", code="not-asked", hint=hint)
    click.confirm(f"write {' and '.join(places)}?", default=True, abort=True, err=True)


def _write(root: Path, path: str, text: str) -> None:
    """Write a new file; no folder on the way may be a link to elsewhere."""
    target = root.resolve() / path
    if target.parent.resolve() != target.parent:
        raise UsageError(f"{path}: a link stands in its place", code="link")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        problem = f"{path}: cannot be written ({error.strerror})"
        raise EnvironmentFailure(problem, code="not-writable") from error
