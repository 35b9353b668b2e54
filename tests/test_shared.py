"""Images that take their tag from one place: a variable of a `.env` file, an anchor."""

from __future__ import annotations

import asyncio

import pytest

from bumper import run
from bumper.config.read import Loaded
from bumper.reading import read
from bumper.registries.recorded import Replay

FILES = [
    (".env", b"STACK=8.13.0\n"),
    ("compose.yaml", b"services:\n  a:\n    image: acme/a:${STACK}\n  b:\n    image: acme/b:${STACK}\n"),
]  # fmt: skip


def planned(a: list[str], b: list[str]) -> tuple[list[str], str]:
    """The outcomes of both images, and the variable's line afterwards."""
    answers = {
        f"docker.io/acme/{name}": {
            "tags": tags,
            "manifests": {
                tag: {"digest": f"sha256:{index:064x}"} for index, tag in enumerate(tags)
            },
        }
        for name, tags in (("a", a), ("b", b))
    }
    reading = read(FILES, Loaded())
    registry = Replay("docker.io", answers)
    decided = asyncio.run(run.look_up(reading, Loaded(), lambda _: registry))
    outcomes = run.prove(reading, decided)
    changed = run.edited(reading, [one for one in outcomes if one.status == "bump"])  # type: ignore[misc] # told apart by the status
    said = [f"{one.status} {getattr(one, 'new_tag', None)}" for one in outcomes]
    return said, changed.get(".env", "STACK=8.13.0\n")


@pytest.mark.parametrize(
    ("a", "b", "said", "line"),
    [
        pytest.param(
            ["8.13.0", "8.13.2"], ["8.13.0", "8.13.2"], ["bump 8.13.2"] * 2, "STACK=8.13.2\n",
            id="both-have-the-newest",
        ),
        pytest.param(
            ["8.13.0", "8.13.2", "8.14.0"], ["8.13.0", "8.13.2"], ["bump 8.13.2"] * 2,
            "STACK=8.13.2\n", id="the-newest-that-both-have",
        ),
        pytest.param(
            ["8.13.0", "8.14.0"], ["8.13.0"], ["hold 8.14.0", "current None"], "STACK=8.13.0\n",
            id="nothing-that-both-have",
        ),
    ],
)  # fmt: skip
def test_one_variable_moves_only_to_a_tag_that_all_its_images_have(
    a: list[str], b: list[str], said: list[str], line: str
) -> None:
    assert planned(a, b) == (said, line)
