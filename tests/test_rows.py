"""The table of rows tells the truth: it finds names and ids, and no row is both held and excused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import rows
from tests.support import write

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
def test_row_85_row_86_both() -> None: ...
def test_arrow_7_is_none() -> None: ...
@pytest.mark.parametrize("one", [pytest.param(1, id="row-90-odd"), pytest.param(2, id="plain")])
async def test_row_86_too(one: int) -> None: ...
def row_3_helper() -> None: ...
"""


def test_a_row_is_held_by_names_and_by_ids(tmp_path: Path) -> None:
    write(tmp_path, {"tests/sub/test_it.py": FILE, "tests/other.py": "def test_row_1(): ..."})
    where = "tests/sub/test_it.py::"
    assert rows.held(tmp_path / "tests") == {
        85: [f"{where}test_row_85_row_86_both"],
        86: [f"{where}test_row_85_row_86_both", f"{where}test_row_86_too"],
        90: [f"{where}row-90-odd"],
    }


def test_what_is_excused_is_a_row_that_no_test_holds() -> None:
    excused = rows.reasons()
    assert set(excused) <= set(range(1, rows.LAST + 1))
    assert not set(excused) & set(rows.held())
    assert all(why.endswith(".") for why in excused.values())
