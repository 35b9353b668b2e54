"""`explain KEY`: every key of the config has its page, made from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bumper.cli import manual
from bumper.config.model import Config
from tests.support import bumper
from tests.test_truth import keys

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("key", sorted(set(keys(Config))))
def test_every_key_has_a_page_that_says_something(key: str) -> None:
    for part in manual.page(key).split("\n\n"):
        head, *told = part.splitlines()
        assert key in head
        assert told, part


def test_a_page() -> None:
    ran = bumper("explain", "commit-style")
    assert (ran.code, ran.err) == (0, "")
    head, *told = ran.out.splitlines()
    assert head == "pull-requests.commit-style"
    assert "  values: plain, conventional" in told
    assert '  default: "plain"' in told


@pytest.mark.parametrize(
    ("word", "said"),
    [
        pytest.param("polcy", "polcy is no key of the config; did you mean 'policy'?\n", id="a-word"),
        pytest.param("pull-requests.limt", "pull-requests.limt is no key of the config; did you mean 'pull-requests.limit'?\n", id="a-place"),
        pytest.param("nginx", "", id="an-image"),
        pytest.param("acme/polcy", "", id="a-path"),
    ],
)  # fmt: skip
def test_a_word_that_was_meant_as_a_key(word: str, said: str, tmp_path: Path) -> None:
    ran = bumper("explain", "-C", tmp_path, word)
    assert (ran.code, ran.err) == (0, said)


@pytest.mark.parametrize(
    ("word", "head"),
    [
        pytest.param("policy", "defaults.policy, rules.policy", id="where-it-may-stand"),
        pytest.param("rules.policy", "rules.policy", id="a-place"),
        pytest.param("registries.accounts.username", "registries.accounts.username", id="below-a-name"),
        pytest.param("nginx:1.25", "", id="an-image-is-none"),
        pytest.param("polcy", "", id="a-mistake-is-none"),
    ],
)  # fmt: skip
def test_where_a_key_stands(word: str, head: str) -> None:
    assert manual.page(word).partition("\n")[0] == head
