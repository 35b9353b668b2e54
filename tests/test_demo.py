"""The demo is the line's shortest proof: everything but the network, twice."""

from __future__ import annotations

from bumper.config import schema
from bumper.config.read import read
from tests.support import HERE, bumper


def test_the_demo_proposes_and_a_second_run_changes_nothing() -> None:
    ran = bumper("demo")
    assert ran.code == 0, ran.err
    assert ran.out.count("\ncreated  ") >= 5
    assert "+    image: 'postgres:16.6-alpine'" in ran.out
    assert "pull requests unchanged" in ran.out


def test_the_schema_and_the_example_are_in_step_with_the_code() -> None:
    top = HERE.parent
    assert (top / "bumper/schema.json").read_text(encoding="utf-8") == schema.text()
    read("config.example.yaml", (top / "config.example.yaml").read_text(encoding="utf-8"))
