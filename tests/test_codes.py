"""Every code that a message can carry has its row in the README, and every row is a code."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.support import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = HERE.parent
CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# What says that something went wrong, and which argument its code is.
PLACES = {"Problem": 2, "Failure": 2, "Incomplete": 0, "error": 1}


def codes(source: str) -> Iterator[str]:
    """The codes that stand in a source: of the errors it raises, and of what it could not do."""
    tree = ast.parse(source)
    named = {
        ast.unparse(one.targets[0]): one.value for one in tree.body if isinstance(one, ast.Assign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Error", "Failure")):
            yield from (
                text
                for part in node.body
                if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "code"
                for text in texts(part.value)
            )
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name.endswith(("Error", "Failure")) or name in PLACES:
                for keyword in node.keywords:
                    value = named.get(ast.unparse(keyword.value), keyword.value)
                    yield from texts(value) if keyword.arg == "code" else ()
            if name in PLACES and len(node.args) > PLACES[name]:
                yield from texts(node.args[PLACES[name]])


def texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from (*texts(value.body), *texts(value.orelse))
    elif isinstance(value, ast.Constant) and CODE.fullmatch(str(value.value)):
        yield str(value.value)


def told() -> list[str]:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    section = readme.partition("\n## Troubleshooting\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert all(len(row) == 3 for row in rows), "a place, a cause and a fix"
    return [code for row in rows for code in re.findall(r"`([^`]+)`", row[0])]


def test_every_code_has_a_row_with_its_cause_and_a_fix() -> None:
    raised = {
        code
        for path in sorted((TOP / "bumper").rglob("*.py"))
        for code in codes(path.read_text(encoding="utf-8"))
    }
    assert len(raised) > 80
    assert sorted(raised - set(told())) == []
    assert sorted(set(told()) - raised) == []


def test_a_code_stands_in_one_row() -> None:
    assert sorted(set(told())) == sorted(told())


def test_the_search_finds_what_is_raised() -> None:
    source = 'raise UsageError("x", code="a-b" if y else "c")\nclass NewError(E):\n    code = "d"\nProblem(p, 1, "e", "f")'
    source += '\nG = "g"\nraise ForgeError("x", code=G)'
    assert sorted(codes(source)) == ["a-b", "c", "d", "e", "g"]
