"""Measure discovery and editing against a corpus of real files: recall, precision, byte-exactness.

    python -m tests.measure_corpus FOLDER [--misses STYLE] [--extra] [--replay]

FOLDER holds `files/`, `oracle/` and `replay/`. No test: it prints a table a person reads.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bumper import catalog, discover, edit, overwrite, run
from bumper.errors import BumperError, TextError
from bumper.model import Bump

if TYPE_CHECKING:
    from bumper.model import ImageUse

Place = tuple[str, str, int]
Found = dict[tuple[str, str], list["ImageUse"]]
Rows = dict[Place, list[dict[str, Any]]]
LITERAL = {"pinned", "digest", "floating", "untagged", "var-default"}


def uses_of(path: Path, name: str) -> tuple[ImageUse, ...]:
    content = path.read_bytes()
    if path.is_symlink() or not discover.worth_reading(name, content):
        return ()
    return discover.read(name, discover.decode(content), catalog.FORMATS).uses


def measure(folder: Path, misses: str | None, *, extra: bool) -> None:
    found: Found = defaultdict(list)
    problems: list[str] = []
    start = time.perf_counter()
    size = 0
    for checkout in sorted((folder / "files").iterdir()):
        for path in sorted(p for p in checkout.rglob("*") if p.is_file()):
            name = path.relative_to(checkout).as_posix()
            size += path.stat().st_size
            try:
                for use in uses_of(path, name):
                    found[checkout.name, name].append(use)
            except TextError as error:
                problems.append(f"{checkout.name}/{name}:{error.line}: {error.message}")
    seconds = time.perf_counter() - start
    rows: Rows = defaultdict(list)
    for file in sorted((folder / "oracle").iterdir()):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[file.stem, row["file"], row["line"]].append(row)
    compare(found, rows, misses, extra=extra)
    print(f"{sum(map(len, found.values()))} uses, {len(problems)} unreadable files")
    print(f"{size / 1e6:.1f} MB in {seconds:.2f} s")


def compare(found: Found, rows: Rows, misses: str | None, *, extra: bool) -> None:
    wanted: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    seen: set[Place] = set()
    places = {
        (checkout, name, use.line): use for (checkout, name), uses in found.items() for use in uses
    }
    for (checkout, name, line), row in literal(rows):
        wanted[row["style"]] += 1
        lines = {line, *(part.get("line", line) for part in parts_of(row))}
        match = next((n for n in lines if (checkout, name, n) in places), None)
        if match is not None:
            hit[row["style"]] += 1
            seen.add((checkout, name, match))
        elif misses == row["style"]:
            print(f"missed {checkout}/{name}:{line} {row['cls']} {row['raw']!r} {row['key']}")
    for style, number in wanted.most_common():
        print(f"{style:45} {hit[style]:5} of {number:5}  {hit[style] / number:7.1%}")
    total, good = sum(wanted.values()), sum(hit.values())
    print(f"{'recall':45} {good:5} of {total:5}  {good / total:7.2%}")
    right = len(places.keys() & seen)
    print(f"{'precision':45} {right:5} of {len(places):5}  {right / len(places):7.2%}")
    for place in sorted(places.keys() - seen) if extra else ():
        use = places[place]
        classes = [row["cls"] for row in rows.get(place, [])]
        print(f"extra {place[0]}/{place[1]}:{place[2]} {use.reference} {use.where} {classes}")


def literal(rows: Rows) -> list[tuple[Place, dict[str, Any]]]:
    return [
        (place, row)
        for place, here in sorted(rows.items())
        for row in here
        if row["cls"] in LITERAL
    ]


def parts_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    parts = row.get("parts") or []
    values = list(parts.values()) if isinstance(parts, dict) else parts
    return [part for part in values if isinstance(part, dict)]


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


def is_bump(row: dict[str, Any]) -> bool:
    """Whether a row changes a tag or a digest and nothing else of its line."""
    line = row["old_line"]
    for old, new in ((row["old_digest"], row["new_digest"]), (row["old"], row["new"])):
        if (old is None) != (new is None):
            return False
        if old is not None:
            line = line.replace(old, new)
    return bool(line.rstrip() == row["new_line"].rstrip() != row["old_line"].rstrip())


def bumped(row: dict[str, Any], before: bytes) -> bytes:
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
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses")
    parser.add_argument("--extra", action="store_true")
    parser.add_argument("--replay", action="store_true")
    arguments = parser.parse_args()
    if arguments.replay:
        replay(arguments.folder)
    else:
        measure(arguments.folder, arguments.misses, extra=arguments.extra)


if __name__ == "__main__":
    main()
