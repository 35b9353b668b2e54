"""How other systems were started: their services in the repository, env files and command lines beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumper import catalog
from bumper.asides.beside import beside
from bumper.asides.environment import arguments, variables
from bumper.errors import UsageError
from bumper.flags.base import Started, Word, command, environment, flagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bumper.flags.base import Option
    from bumper.migrations.base import Draft
    from bumper.reading import Reading

__all__ = ["inside", "outside"]

_MOST_BYTES = 1024 * 1024


def inside(reading: Reading, names: tuple[str, ...]) -> Iterator[Draft]:
    """Yield what the services of such systems say of schedules and notifications."""
    for use in reading.scan.uses:
        system = _system_of(use.reference.repository)
        if use.format != "compose" or system is None or (names and system not in names):
            continue
        (one,) = beside(use.path, reading.texts[use.path], (use,))
        options = catalog.STARTED[system]
        known = {option.key for option in options}
        words = {
            mark.key: Word(mark.value, mark.path, mark.line)
            for mark in variables(one).values()
            if mark.key in known or mark.key.startswith("WATCHTOWER_")
        }
        started = flagged(arguments(one), options, use.path, use.line)
        yield catalog.started(system, Started({**words, **started.words}), inside=True)


def outside(files: tuple[Path, ...], commands: tuple[str, ...]) -> Iterator[Draft]:
    """Yield what env files and command lines say.

    Raises:
        UsageError: A file cannot be read, or nothing says which system is meant.
    """
    for path in files:
        found = environment(str(path), _text(path))
        systems = _spoken(found)
        if not systems:
            raise UsageError(f"{path}: no option of {_known()}", code="no-system")
        for system in systems:
            yield catalog.started(system, _of(system, found, systems), inside=False)
    for text in commands:
        yield _command(text)


def _command(text: str) -> Draft:
    """Read a command line: `docker run -e … IMAGE --flag …`, or the program itself."""
    try:
        words = command(text)
    except ValueError as error:
        raise UsageError(f"--command: {error}", code="bad-command") from error
    at = next((index for index, word in enumerate(words) if _named(word)), None)
    if at is None:
        raise UsageError(f"--command names none of {_known()}", code="no-system")
    system = _named(words[at]) or ""
    before, pairs = list(words[:at]), []
    while before:
        word = before.pop(0)
        head, equals, rest = word.partition("=")
        if head in {"-e", "--env"}:
            pairs.append(rest if equals else (before.pop(0) if before else ""))
    told = environment("--command", "\n".join(pairs))
    started = flagged(words[at + 1 :], catalog.STARTED[system], "--command")
    everything = {**_of(system, told, (system,)).words, **started.words}
    return catalog.started(system, Started(everything, started.others), inside=False)


def _of(system: str, found: Mapping[str, Word], systems: tuple[str, ...]) -> Started:
    """Give the words that are a system's, or nobody's else."""
    mine = {option.key for option in catalog.STARTED[system]}
    others = {o.key for name in systems if name != system for o in catalog.STARTED[name]}
    return Started({key: word for key, word in found.items() if key in mine or key not in others})


def _spoken(found: Mapping[str, Word]) -> tuple[str, ...]:
    """Give the systems that have an option of their own among some variables."""

    def own(name: str, options: tuple[Option, ...]) -> set[str]:
        others = {o.key for other, held in catalog.STARTED.items() if other != name for o in held}
        return {option.key for option in options} - others

    return tuple(name for name, held in catalog.STARTED.items() if own(name, held) & found.keys())


def _named(word: str) -> str | None:
    """Give the system whose image or program a word is."""
    return _system_of(word.partition("@")[0].partition(":")[0].removeprefix("docker.io/"))


def _system_of(repository: str) -> str | None:
    for name, images in catalog.STARTED_BY.items():
        if any(
            repository in {image, image.rpartition("/")[2]} or repository.endswith(f"/{image}")
            for image in images
        ):
            return name
    return None


def _known() -> str:
    return ", ".join(catalog.STARTED)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read", code="no-env-file") from error
