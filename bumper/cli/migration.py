"""Find other systems' settings on disk, move them, print what came of it, write the file if asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper import catalog, migrate
from bumper import run as line
from bumper.asides.settings import unknown
from bumper.cli import output, proposing, starts
from bumper.cli.session import Session
from bumper.config import load
from bumper.config.read import Loaded
from bumper.errors import TextError, UsageError
from bumper.patterns import BadPatternError

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.cli.options import Options
    from bumper.migrate import Moved
    from bumper.migrations.base import Draft, Entry
    from bumper.reading import Reading

__all__ = ["Wish", "run"]

_MOST_BYTES = 1024 * 1024
_LISTS = {
    "translated": "Translated: bumper.yaml says it",
    "kept": "Kept as marks in the files",
    "lost": "Cannot be said in bumper.yaml",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: whose settings, where else they stand, and where the config goes.

    `started` are env files and command lines of systems that run outside the repository.
    """

    names: tuple[str, ...] = ()
    started: tuple[tuple[Path, ...], tuple[str, ...]] = ((), ())
    write: bool = False
    force: bool = False
    branch: bool = False


def run(options: Options, wish: Wish, *, as_json: bool) -> int:
    """Run the verb; give its exit code."""
    names = wish.names
    known = list(dict.fromkeys((*catalog.MIGRATIONS, *catalog.SYSTEMS)))
    for name in names:
        if name not in known:
            raise UsageError(
                unknown("system", name, known), code="no-system", hint=", ".join(known)
            )
    work = Session(options, top=True)
    options = work.options
    there = load.find(options.root)
    if (wish.write or wish.branch) and there is not None and not wish.force:
        raise UsageError(
            f"{there.name} is there already", code="config-exists", hint="replace it by --force"
        )
    if there is not None:
        output.note(f"{there.name} is not taken into account", options)

    files = work.files()

    def read_with(loaded: Loaded) -> Reading:
        return line.read(files, loaded, options.only, work.cache)

    systems = [name for name in catalog.SYSTEMS if not names or name in names]
    found = drafts(options.root, names)
    found += [*starts.inside(read_with(Loaded()), names), *starts.outside(*wish.started)]
    try:
        moved = migrate.move(found, read_with, systems)
    except BadPatternError as error:
        raise UsageError(str(error), code="bad-settings") from error
    output.result(_json(moved) if as_json else _text(moved), options)
    if wish.write:
        _write(options, there or options.root / migrate.NAME, moved.text)
    if wish.branch:
        name = there.relative_to(options.root).as_posix() if there is not None else migrate.NAME
        url = proposing.propose(work, name, moved.text, _text(moved))
        output.note(f"proposed: {url}", options)
    return 1 if moved.lost or moved.differences else 0


def drafts(root: Path, names: tuple[str, ...]) -> list[Draft]:
    """Read the settings files of the systems that are meant."""
    found = []
    for name, member in catalog.MIGRATIONS.items():
        path = next((one for one in member.PATHS if (root / one).is_file()), None)
        if path is None or (names and name not in names):
            continue
        try:
            content = (root / path).read_bytes()
            if len(content) > _MOST_BYTES:
                raise UsageError(f"{path}: larger than a mebibyte", code="bad-settings")
            found.append(member.read(path, content.decode("utf-8-sig")))
        except TextError as error:
            where = path if error.line is None else f"{path}:{error.line}"
            raise UsageError(f"{where}: {error.message}", code="bad-settings") from error
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: {error}", code="bad-settings") from error
    return found


def _write(options: Options, path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written", code="no-write") from error
    output.note(f"{path.name} is written", options)


def _text(moved: Moved) -> str:
    lines = [moved.text]
    for key, title in _LISTS.items():
        entries: tuple[Entry, ...] = getattr(moved, key)
        lines.append(f"# {title}: {len(entries)}\n")
        lines += [_line(f"{one.path}:{one.line}  {one.old}  ->  {one.new}") for one in entries]
    if moved.aside:
        lines.append(f"# Say nothing of images: {len(moved.aside)}\n")
    same = moved.uses - len(moved.differences)
    lines.append(f"# Decided the same by both readings: {same} of {moved.uses} images\n")
    for one in moved.differences:
        what = "; ".join(f"{key}: {old} before, {new} after" for key, old, new in one.keys)
        lines.append(_line(f"{one.use.path}:{one.use.line}  {one.use.reference}  {what}"))
    return "".join(lines)


def _line(text: str) -> str:
    """Give a line that stays a comment, so that the whole can be kept as the config."""
    return f"#   {''.join(char if char.isprintable() else '?' for char in text)}\n"


def _json(moved: Moved) -> str:
    def entries(key: str) -> list[dict[str, Any]]:
        return [
            {"path": one.path, "line": one.line, "old": one.old, "new": one.new}
            for one in getattr(moved, key)
        ]

    document = {
        "schema_version": 1,
        "config": moved.text,
        **{key: entries(key) for key in (*_LISTS, "aside")},
        "uses": moved.uses,
        "differences": [
            {
                "path": one.use.path,
                "line": one.use.line,
                "image": one.use.reference.image,
                "keys": [{"key": key, "before": old, "after": new} for key, old, new in one.keys],
            }
            for one in moved.differences
        ],
    }
    return json.dumps(document, indent=2) + "\n"
