"""Which test holds which row of the fault list: `python -m tests.rows [FIRST-LAST …] [--missing]`.

    129  tests/test_worktree.py::test_row_129_a_shallow_clone_works
    130  none

A row is held by every test whose name says `row_129`, and by every line of a table whose id says
`row-129`. Where no test can hold a row, `rows.tsv` says why in one sentence.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["held", "reasons"]

HERE = Path(__file__).parent
LAST = 250
_ID = re.compile(r"row-\d+-[\w-]+")
_NAMED = re.compile(r"(?<![a-z])row[_-](\d+)(?![0-9])")


def held(folder: Path = HERE) -> dict[int, list[str]]:
    """Give the tests that hold each row, in the order of the files."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        where = path.relative_to(folder.parent).as_posix()
        for name in _names(ast.parse(path.read_text(encoding="utf-8"))):
            for number in _NAMED.findall(name):
                found[int(number)].append(f"{where}::{name}")
    return found


def _names(tree: ast.Module) -> Iterator[str]:
    """Give the name of every test, and the id of every line of a table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test_"):
                yield node.name
        elif isinstance(node, ast.Constant) and _ID.fullmatch(str(node.value)):
            yield str(node.value)


def reasons(folder: Path = HERE) -> dict[int, str]:
    """Give the sentence of every row that no test can hold."""
    lines = (folder / "rows.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {int(number): why for number, why in pairs}


def _shown(row: int, tests: Mapping[int, Sequence[str]], why: Mapping[int, str]) -> Iterator[str]:
    told = [*tests.get(row, ()), *([f"no test: {why[row]}"] if row in why else ())]
    yield f"{row:>4}  {told[0] if told else 'none'}"
    yield from (f"      {more}" for more in told[1:])


def _main() -> int:
    parser = argparse.ArgumentParser(description="which test holds which row of the fault list")
    parser.add_argument("rows", nargs="*", default=[f"1-{LAST}"], metavar="FIRST-LAST")
    parser.add_argument("--missing", action="store_true", help="only rows that nothing holds")
    given = parser.parse_args()
    tests, why = held(), reasons()
    missing = 0
    for part in given.rows:
        first, _, last = part.partition("-")
        for row in range(int(first), int(last or first) + 1):
            unheld = row not in tests and row not in why
            missing += unheld
            if unheld or not given.missing:
                print("\n".join(_shown(row, tests, why)))
    print(f"{missing} rows held by nothing", file=sys.stderr)
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(_main())
