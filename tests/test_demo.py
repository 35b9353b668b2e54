"""The demo is the line's shortest proof: everything but the network, twice."""

from __future__ import annotations

from tests.support import bumper


def test_the_demo_proposes_and_a_second_run_changes_nothing() -> None:
    ran = bumper("demo")
    assert ran.code == 0, ran.err
    assert ran.out.count("\ncreated  ") >= 5
    assert "+    image: 'postgres:16.6-alpine'" in ran.out
    assert "pull requests unchanged" in ran.out
