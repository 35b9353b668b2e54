"""Texts made to harm: each is refused or done; none ends the interpreter or holds it for long.

They run in processes of their own, some at a time. How long each takes is for `make bench` to say; a
cost that grows with the square would take minutes here and meets the limit.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from bumper import yaml_text
from bumper.config.read import Loaded
from bumper.errors import TextError
from bumper.reading import read
from tests.hostile import TEXTS, found, moved
from tests.support import HERE

SECONDS = 60
GROUPS = 4


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_hostile_text_is_refused_or_done(group: int) -> None:
    names = list(TEXTS)[group::GROUPS]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.hostile", *names],
        cwd=HERE.parent, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.partition("\t")[0] for line in ran.stdout.splitlines()] == names


@pytest.mark.parametrize(
    ("name", "uses", "codes"),
    [
        pytest.param("merge bomb", 1, [], id="row-100-a-merge-bomb-is-never-merged"),
        pytest.param("alias bomb", 1, [], id="row-99-an-alias-bomb-is-never-walked"),
        pytest.param(
            "open brackets", 0, ["too-deep"], id="row-101-brackets-are-counted-before-they-are-read"
        ),
        pytest.param("blocks in blocks", 50, [], id="what-is-in-blocks-is-found-to-a-depth"),
        pytest.param("documents", 0, ["too-large"], id="100,000-documents"),
        pytest.param("tag handles", 0, ["too-large"], id="tag-handles"),
    ],
)
def test_what_becomes_of_it(name: str, uses: int, codes: list[str]) -> None:
    scan = found(name, TEXTS[name]())
    assert (len(scan.uses), [problem.code for problem in scan.problems]) == (uses, codes)


def test_many_images_of_one_file_move_at_once() -> None:
    text = "".join(f"i{n}:\n  repository: a/b\n  tag: 1.2\n" for n in range(500))
    assert moved(text) == 500


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"image: a:1\n\0", "not-text", id="nul"),
        pytest.param(b"image: a:1\n\xff\xfe", "not-utf-8", id="not-utf-8"),
        pytest.param(
            "image: a:1\n".encode("utf-16"), None, id="row-104-utf-16-holds-no-word-of-ours"
        ),
        pytest.param(b"image: \xed\xa0\x80:1\n", "not-utf-8", id="row-104-a-lone-surrogate"),
    ],
)
def test_bytes_that_are_no_text_are_told(content: bytes, code: str | None) -> None:

    scan = read([("values.yaml", content)], Loaded()).scan
    assert (scan.uses, [problem.code for problem in scan.problems]) == ((), [code] if code else [])


def test_the_error_is_for_people() -> None:

    with pytest.raises(TextError, match="more than 5,000 documents"):
        yaml_text.read("--- a\n" * 6_000)
