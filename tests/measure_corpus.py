"""Measure discovery and editing against a corpus of real files: recall, precision, byte-exactness.

    python -m tests.measure_corpus FOLDER [--misses STYLE] [--extra] [--replay]

FOLDER holds `files/`, `oracle/` and `replay/`. No test: it prints a table a person reads.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bumper import catalog, discover
from bumper.errors import BumperError, TextError
from bumper.model import ImageUse

LITERAL = {"pinned", "digest", "floating", "untagged", "var-default"}


def uses_of(path: Path, name: str) -> tuple[ImageUse, ...]:
    content = path.read_bytes()
    if path.is_symlink() or not discover.worth_reading(name, content):
        return ()
    return discover.read(name, discover.decode(content), catalog.FORMATS).uses


def measure(folder: Path, misses: str | None, *, extra: bool) -> None:
    found: dict[tuple[str, str], list[ImageUse]] = defaultdict(list)
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
    rows: dict[tuple[str, str, int], list[dict[str, Any]]] = defaultdict(list)
    for file in sorted((folder / "oracle").iterdir()):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[file.stem, row["file"], row["line"]].append(row)
    compare(found, rows, misses, extra=extra)
    print(f"{sum(map(len, found.values()))} uses, {len(problems)} unreadable files")
    print(f"{size / 1e6:.1f} MB in {seconds:.2f} s")


def compare(
    found: dict[tuple[str, str], list[ImageUse]],
    rows: dict[tuple[str, str, int], list[dict[str, Any]]],
    misses: str | None,
    *,
    extra: bool,
) -> None:
    wanted: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    seen: set[tuple[str, str, int]] = set()
    places = {
        (checkout, name, use.line): use for (checkout, name), uses in found.items() for use in uses
    }
    names = defaultdict(list)
    for (checkout, name), uses in found.items():
        for use in uses:
            names[checkout, name, use.reference.tag].append(use)
    for (checkout, name, line), here in sorted(rows.items()):
        for row in here:
            if row["cls"] not in LITERAL:
                continue
            wanted[row["style"]] += 1
            lines = {line, *(p.get("line", line) for p in parts_of(row))}
            match = next(
                (places[checkout, name, n] for n in lines if (checkout, name, n) in places), None
            )
            if match is not None:
                hit[row["style"]] += 1
                seen.add((checkout, name, match.line))
            elif misses == row["style"]:
                print(f"missed {checkout}/{name}:{line} {row['cls']} {row['raw']!r} {row['key']}")
    for style, number in wanted.most_common():
        print(f"{style:45} {hit[style]:5} of {number:5}  {hit[style] / number:7.1%}")
    total, good = sum(wanted.values()), sum(hit.values())
    print(f"{'recall':45} {good:5} of {total:5}  {good / total:7.2%}")
    wrong = [key for key in places if key not in seen]
    print(
        f"{'precision':45} {len(places) - len(wrong):5} of {len(places):5}  {1 - len(wrong) / len(places):7.2%}"
    )
    if extra:
        for checkout, name, line in sorted(wrong):
            use = places[checkout, name, line]
            classes = [row["cls"] for row in rows.get((checkout, name, line), [])]
            print(f"extra {checkout}/{name}:{line} {use.reference} {use.where} {classes}")


def parts_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    parts = row.get("parts") or []
    values = list(parts.values()) if isinstance(parts, dict) else parts
    return [part for part in values if isinstance(part, dict)]


def replay(folder: Path) -> None:
    from bumper.run import overwrite  # noqa: PLC0415 - only this measurement needs the line

    counts: Counter[str] = Counter()
    for line in (folder / "replay" / "replay.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if len(row["changed_lines"]) != 1 or row["kind"].startswith("same tag"):
            continue
        blobs = folder / "replay" / "blobs"
        before = (blobs / row["before"]).read_bytes()
        after = (blobs / row["after"]).read_bytes()
        try:
            result = overwrite(row["file"], before, row)
        except BumperError as error:
            result, verdict = b"", error.code
        else:
            verdict = "exact" if result == after else "different"
        counts[verdict] += 1
        if verdict != "exact":
            print(
                f"{verdict}: {row['repo']}/{row['file']}:{row['line']} {row['style']} {row['old_line']} => {row['new_line']}"
            )
    print(dict(counts))


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
    sys.exit(main())
