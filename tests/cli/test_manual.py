"""`explain KEY`: every key of the config has its page, made from the code."""

from __future__ import annotations

import pytest

from bumper.cli import manual
from bumper.config.model import Config
from tests.support import bumper
from tests.test_truth import keys


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
