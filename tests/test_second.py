"""The second process finds what this one finds, and nothing is lost where it ends too soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bumper import reading, second
from bumper.config.read import Loaded
from bumper.second import Second
from tests.support import HERE

if TYPE_CHECKING:
    from bumper.model import Scan

FILES = [
    (path.relative_to(HERE / "golden").as_posix(), path.read_bytes())
    for path in sorted((HERE / "golden").rglob("*"))
    if path.is_file() and not path.is_symlink()
]


def scan() -> Scan:
    return reading.read(FILES, Loaded()).scan


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(second, "_NOT_BEFORE", 0)
    monkeypatch.setattr(second, "_cores", lambda: 2)
    monkeypatch.setattr(reading, "_FOR_US", 3)
    monkeypatch.setattr(reading, "_FOR_SECOND", 20)
    return monkeypatch


def test_it_finds_the_same_in_the_same_order(at_once: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    inner = Second.answer

    def answered(self: Second) -> None:
        sent.append(1)
        inner(self)

    at_once.setattr(Second, "answer", answered)
    found = scan()
    at_once.setattr(second, "_NOT_BEFORE", 10**9)
    assert sent
    assert found == scan()
    assert len(found.uses) > 100


def test_where_it_ends_too_soon_its_texts_are_read_here(at_once: pytest.MonkeyPatch) -> None:
    inner = Second.answer

    def killed(self: Second) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        inner(self)

    at_once.setattr(Second, "answer", killed)
    at_once.setattr(Second, "has_answered", lambda self: self._line is None)
    found = scan()
    at_once.setattr(second, "_NOT_BEFORE", 10**9)
    assert found == scan()


@pytest.mark.parametrize("obstacle", [OSError("no processes"), RuntimeError("no main module")])
def test_where_it_cannot_start_all_is_read_here(
    at_once: pytest.MonkeyPatch, obstacle: Exception
) -> None:
    class Context:
        Pipe = staticmethod(lambda: (Line(), Line()))

        class Process:
            def __init__(self, **_: object) -> None: ...

            def start(self) -> None:
                raise obstacle

    class Line:
        def close(self) -> None: ...

    at_once.setattr(second, "get_context", lambda _: Context)
    assert len(scan().uses) > 100
