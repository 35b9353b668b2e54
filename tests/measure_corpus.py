"""Measure discovery and editing against a corpus of real files: recall, precision, byte-exactness.

    python -m tests.measure_corpus FOLDER [--misses] [--extra] [--replay]

FOLDER holds `files/`, `oracle/` and `replay/`. No test: it prints a table a person reads. A row of the
oracle is found where a use of the same tag or digest stands on its line (or on that of one of its
parts, or at the same key); a use is right where a row of the oracle says so, literal or not: the tag
of a variable's default is one.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bumper import discover, edit, overwrite, run
from bumper.config.images import Files
from bumper.config.model import Config
from bumper.config.read import Loaded
from bumper.errors import BumperError
from bumper.model import Bump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import ImageUse

Row = dict[str, Any]
Uses = dict[tuple[str, str], list["ImageUse"]]
EVERYWHERE = Loaded(Config(files=Files(exclude=())))
LITERAL = ("pinned", "digest", "floating", "untagged", "var-default")
# What is a reference too, of a kind that has no literal tag of its own, or whose tag may not be changed.
ALSO = (
    *LITERAL,
    "var-env",
    "marker",
    "tag-only",
    "split-notag",
    "split-emptytag",
    "templated-repo",
)


def checkout(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file, sorted; links are read once, under their own target."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def measure(folder: Path, *, misses: bool, extra: bool) -> None:
    found: Uses = defaultdict(list)
    problems: list[str] = []
    size, seconds = 0, 0.0
    for repository in sorted((folder / "files").iterdir()):
        files = list(checkout(repository))
        size += sum(len(content) for _, content in files)
        start = time.process_time()
        reading = run.read(files, EVERYWHERE)
        seconds += time.process_time() - start
        for use in reading.scan.uses:
            found[repository.name, use.path].append(use)
        problems += (f"{repository.name}/{one.path}: {one.code}" for one in reading.scan.problems)
    rows = [
        (file.stem, json.loads(line))
        for file in sorted((folder / "oracle").iterdir())
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    recall(found, rows, misses=misses)
    precision(found, rows, extra=extra)
    print(f"{sum(map(len, found.values()))} uses, {len(problems)} problems")
    print(f"{size / 1e6:.1f} MB in {seconds:.2f} s CPU")


def recall(found: Uses, rows: list[tuple[str, Row]], *, misses: bool) -> None:
    wanted: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for name, row in rows:
        if not row["cls"].startswith(LITERAL):
            continue
        wanted[row["style"]] += 1
        uses = found.get((name, row["file"]), [])
        if any(says_same(use, row) and is_there(use, row) for use in uses):
            hit[row["style"]] += 1
        elif misses:
            print(
                f"missed {row['style']} {name}/{row['file']}:{row['line']} {row['cls']} {row['raw']!r} {row['key']}"
            )
    for style, number in wanted.most_common():
        print(f"{style:60} {hit[style]:5} of {number:5}  {hit[style] / number:7.1%}")
    total, good = sum(wanted.values()), sum(hit.values())
    print(f"{'recall':60} {good:5} of {total:5}  {good / total:7.2%}")


def precision(found: Uses, rows: list[tuple[str, Row]], *, extra: bool) -> None:
    told: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for name, row in rows:
        told[name, row["file"]].append(row)
    right, wrong = 0, []
    for place, uses in found.items():
        for use in uses:
            good = any(r["cls"].startswith(ALSO) and is_there(use, r) for r in told[place])
            # A variable of a `.env` file is told of where it is used.
            right += good or (use.format == "dotenv" and "(" in use.where)
            if not good and not (use.format == "dotenv" and "(" in use.where):
                classes = [r["cls"] for r in told[place] if is_there(use, r)]
                wrong.append(
                    f"extra {place[0]}/{use.path}:{use.line} {use.reference} {use.where} {classes}"
                )
    total = right + len(wrong)
    print(f"{'precision':60} {right:5} of {total:5}  {right / total:7.2%}")
    print("\n".join(wrong if extra else []))


def says_same(use: ImageUse, row: Row) -> bool:
    if row["cls"].startswith("var-default"):
        return True
    tag = str(row["tag"]).strip("\"'") if row["tag"] is not None else None
    return use.reference.tag == tag and (
        row["digest"] is None or use.reference.digest == row["digest"]
    )


def is_there(use: ImageUse, row: Row) -> bool:
    """Whether a use and a row speak of the same place: a line of the row, or its key."""
    lines = {row["line"], row.get("repo_line")}
    parts = row.get("parts") or []
    values = list(parts.values()) if isinstance(parts, dict) else parts
    lines |= {part.get("line") for part in values if isinstance(part, dict)}
    where = use.where.replace("[", ".").replace("]", "").strip(".")
    same_key = (
        bool(row["key"]) and where.startswith(row["key"]) and str(row["dep"]) in use.reference.name
    )
    return use.line in lines or (same_key and abs(use.line - row["line"]) < 4)


def replay(folder: Path) -> None:
    counts: Counter[str] = Counter()
    blobs = folder / "replay" / "blobs"
    for line in (folder / "replay" / "replay.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if len(row["changed_lines"]) != 1 or not is_bump(row):
            continue
        after = (blobs / row["after"]).read_bytes()
        try:
            result = bumped(row, (blobs / row["before"]).read_bytes())
            verdict = "exact" if result == after else "different"
        except BumperError as error:
            verdict = error.code
        counts[verdict] += 1
        if verdict != "exact":
            print(f"{verdict}: {row['repo']}/{row['file']}:{row['line']} {row['style']}")
            print(f"    {row['old_line']}\n    {row['new_line']}")
    print(dict(counts))


def is_bump(row: Row) -> bool:
    """Whether a row changes a tag or a digest and nothing else of its line."""
    line = row["old_line"]
    for old, new in ((row["old_digest"], row["new_digest"]), (row["old"], row["new"])):
        if (old is None) != (new is None):
            return False
        if old is not None:
            line = line.replace(old, new)
    return bool(line.rstrip() == row["new_line"].rstrip() != row["old_line"].rstrip())


def bumped(row: Row, before: bytes) -> bytes:
    """The file as `set` would leave it, given the row's line as the only place."""
    name = row["file"]
    text = discover.decode(before)
    uses = [use for use in run.uses_of(name, text) if use.line == row["line"]]
    digest = f"@{row['new_digest']}" if row["new_digest"] else ""
    outcomes = [
        done
        for use in uses
        for done in overwrite.overwrite(
            [use], [overwrite.target(f"{use.reference.image}={row['new'] or ''}{digest}")]
        )
    ]
    if not outcomes:
        raise BumperError("not found", code="not-found")
    bumps = [done for done in outcomes if isinstance(done, Bump)]
    return edit.edit(name, text, bumps, run.uses_of).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what was not found")
    parser.add_argument("--extra", action="store_true", help="list what is no reference")
    parser.add_argument("--replay", action="store_true", help="edit as real commits did")
    arguments = parser.parse_args()
    if arguments.replay:
        replay(arguments.folder)
    else:
        measure(arguments.folder, misses=arguments.misses, extra=arguments.extra)


if __name__ == "__main__":
    main()
