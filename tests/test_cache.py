"""What is kept between runs: found again, private, bounded, and never in the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bumper import sqlite_store
from bumper.cache import NoCache, folder, open_cache
from bumper.sqlite_entries import MOST_DAYS
from bumper.sqlite_store import NAME, Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = 86_400.0


def kept(path: Path, key: str = "key") -> bytes | None:
    store = Store(path)
    value = store.get("test", key)
    store.close()
    return value


def keep(path: Path, value: bytes = b"value", key: str = "key") -> None:
    store = Store(path)
    store.put("test", key, value)
    store.close()


def test_what_was_put_is_found_before_and_after_closing(tmp_path: Path) -> None:
    store = Store(tmp_path / NAME)
    store.put("test", "key", b"\0value")
    assert store.get("test", "key") == b"\0value"
    store.close()
    assert kept(tmp_path / NAME) == b"\0value"


def test_the_last_value_counts(tmp_path: Path) -> None:
    keep(tmp_path / NAME, b"old")
    keep(tmp_path / NAME, b"new")
    assert kept(tmp_path / NAME) == b"new"


def test_a_namespace_is_a_world_of_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path / NAME)
    store.put("one", "key", b"1")
    assert store.get("two", "key") is None
    assert store.get("on", "e\0key") is None
    store.close()


def test_many_are_asked_for_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path / NAME)
    for number in range(1200):
        store.put("test", str(number), b"%d" % number)
    store.close()
    store = Store(tmp_path / NAME)
    found = store.get_many("test", map(str, range(1300)))
    store.close()
    assert found == {str(number): b"%d" % number for number in range(1200)}


def test_a_key_may_be_any_path_a_system_allows(tmp_path: Path) -> None:
    keep(tmp_path / NAME, key="a\udcff\n😀")
    assert kept(tmp_path / NAME, "a\udcff\n😀") == b"value"


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "MOST_BYTES_EACH", 3)
    keep(tmp_path / NAME, b"1234")
    assert kept(tmp_path / NAME) is None


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    open_cache({"BUMPER_CACHE_DIR": str(tmp_path / "made" / "here")}, pytest.fail).close()
    assert (tmp_path / "made" / "here").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "made" / "here" / NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_what_others_could_write_is_not_believed(tmp_path: Path) -> None:
    keep(tmp_path / NAME)
    (tmp_path / NAME).chmod(0o666)
    assert kept(tmp_path / NAME) is None
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def torn(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def no_database(path: Path) -> None:
    path.write_bytes(b"not SQLite at all" * 1000)


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    path.write_bytes(content)


def another_table(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("create table entry (other text)")
    database.close()
    path.chmod(0o600)


def changed_value(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("update entry set value = substr(value, 1, 16) || 'forged'")
    database.close()


def text_for_bytes(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("update entry set value = 'text'")
    database.close()


def moved_value(path: Path) -> None:
    keep(path, b"other", key="other")
    with sqlite3.connect(path) as database:
        database.execute("update entry set value = (select max(value) from entry)")
        database.execute("update entry set value = (select min(value) from entry)")
    database.close()


@pytest.mark.parametrize(
    "harm",
    [torn, no_database, scribbled, another_table, changed_value, text_for_bytes],
)
def test_row_225_a_corrupt_or_foreign_entry_is_a_miss(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = tmp_path / NAME
    keep(path)
    harm(path)
    assert kept(path) is None
    keep(path, b"again")
    assert kept(path) == b"again"


def test_row_225_a_value_moved_to_another_key_is_a_miss(tmp_path: Path) -> None:
    path = tmp_path / NAME
    keep(path)
    moved_value(path)
    assert [kept(path), kept(path, "other")].count(None) == 1


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(MOST_DAYS, b"value", id="still-young"),
        pytest.param(MOST_DAYS + 1, None, id="nobody-asked-for-it"),
        pytest.param(-5, None, id="from-the-future"),
    ],
)
def test_age(tmp_path: Path, days: int, expected: bytes | None) -> None:
    store = Store(tmp_path / NAME, now=lambda: 100 * DAY)
    store.put("test", "key", b"value")
    store.close()
    later = Store(tmp_path / NAME, now=lambda: (100 + days) * DAY)
    later.put("test", "other", b"")
    later.close()
    assert kept(tmp_path / NAME) == expected


def test_what_is_asked_for_stays(tmp_path: Path) -> None:
    for day in (100.0, 150.0, 200.0):
        store = Store(tmp_path / NAME, now=lambda day=day: day * DAY)  # type: ignore[misc] # mypy cannot infer it
        if store.get("test", "key") is None:
            assert day == 100.0
            store.put("test", "key", b"value")
        store.close()
    assert kept(tmp_path / NAME) == b"value"


def test_the_oldest_go_first_when_it_is_full(tmp_path: Path) -> None:
    for day in range(40):
        store = Store(tmp_path / NAME, now=lambda day=day: (100 + day) * DAY, most_bytes=200_000)  # type: ignore[misc] # as above
        store.put("test", str(day), os.urandom(10_000))
        store.close()
    last = Store(tmp_path / NAME, now=lambda: 139 * DAY)
    left = sorted(map(int, last.get_many("test", map(str, range(40)))))
    last.close()
    assert 10 <= len(left) < 20
    assert left == list(range(left[0], 40))
    assert (tmp_path / NAME).stat().st_size < 300_000


def test_a_locked_file_is_a_miss_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "_LOCK_SECONDS", 0.01)
    keep(tmp_path / NAME)
    store = Store(tmp_path / NAME)
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("begin exclusive")
    assert store.get("test", "key") is None
    store.put("test", "key", b"new")
    store.close()
    other.execute("commit")
    other.close()
    assert kept(tmp_path / NAME) == b"value"


WRITER = """
import sys
from pathlib import Path
from bumper.sqlite_store import Store
for turn in range(20):
    store = Store(Path(sys.argv[1]))
    for number in range(20):
        store.put("test", f"{sys.argv[2]}.{turn}.{number}", sys.argv[2].encode())
    store.close()
"""


def test_several_processes_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / NAME)]
    running = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    keys = [
        f"{process}.{turn}.{n}" for process in range(3) for turn in range(20) for n in range(20)
    ]
    store = Store(tmp_path / NAME)
    assert len(store.get_many("test", keys)) == len(keys)
    store.close()


def a_file(path: Path) -> None:
    path.write_text("")


def a_link(path: Path) -> None:
    path.mkdir()
    (path / NAME).symlink_to(path / "elsewhere")


def a_folder_in_its_place(path: Path) -> None:
    (path / NAME).mkdir(parents=True)


@pytest.mark.parametrize("obstacle", [a_file, a_link, a_folder_in_its_place])
def test_where_nothing_can_be_kept_one_note_says_so(
    tmp_path: Path, obstacle: Callable[[Path], None]
) -> None:
    obstacle(tmp_path / "cache")
    notes: list[str] = []
    cache = open_cache({"BUMPER_CACHE_DIR": str(tmp_path / "cache")}, notes.append)
    assert isinstance(cache, NoCache)
    assert len(notes) == 1
    assert "nothing is kept between runs" in notes[0]


def test_no_cache_keeps_nothing() -> None:
    cache = NoCache()
    cache.put("test", "key", b"value")
    assert cache.get("test", "key") is None
    assert cache.get_many("test", ["key"]) == {}


def test_the_folder_is_the_named_one_else_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert folder({"BUMPER_CACHE_DIR": "/named"}).as_posix() == "/named"
    assert folder({}).name == "bumper"
    if sys.platform == "linux":
        assert folder({}) == tmp_path / "bumper"
