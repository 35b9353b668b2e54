"""What many tests say: a use, a run of the command line, a golden case."""

from __future__ import annotations

import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bumper import reference
from bumper.cli.app import run
from bumper.model import ImageUse
from tests import canaries

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HERE", "Ran", "bumper", "need", "shared", "use", "write"]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def bumper(*arguments: str | Path) -> Ran:
    """Run one command line in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    canaries.watch.hear("bumper's stdout", out.getvalue())
    canaries.watch.hear("bumper's stderr", err.getvalue())
    return Ran(code, out.getvalue(), err.getvalue())


def use(written: str, path: str = "compose.yaml", line: int = 1) -> ImageUse:
    """A use without a place to edit, for what is decided about it."""
    return ImageUse(path, line, 1, "test", "image", reference.parse(written), ())


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def need(part: str, reason: str) -> None:
    """Skip for want of a real part; where every part is required, fail."""
    if os.environ.get("BUMPER_REQUIRE_REAL_PARTS"):
        pytest.fail(f"{part}: {reason}")
    pytest.skip(f"{part}: {reason}")


def shared() -> Path:
    """The folder of real files beside the checkout, or a skip that says it is missing."""
    folder = Path(os.environ.get("BUMPER_SHARED") or HERE.parent.parent / "shared")
    if not folder.is_dir():
        pytest.skip("the corpus is not here: set BUMPER_SHARED to its folder")
    return folder
