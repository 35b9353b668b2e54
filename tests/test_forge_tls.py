"""A forge whose certificate no authority of the system signed: its API and its Git, on every dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bumper.apis import github
from tests.fakes import disturbed
from tests.fakes.certificates import Authority
from tests.fakes.disturbed import TOKEN
from tests.support import bumper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.disturbed import World
    from tests.support import Ran


@pytest.fixture(params=["github", "gitea", "gitlab"])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 0)
    monkeypatch.setattr(github, "RETRIES", 0)
    monkeypatch.setenv("BUMPER_TOKEN", TOKEN)
    context = Authority(tmp_path).issue("forge", "127.0.0.1").context()
    with disturbed.serve(request.param, tmp_path, context) as world:
        world.fresh()
        yield world


def run(world: World, verb: str, forge: str) -> Ran:
    """Run with more below `forge:`; the registry, at the same address, has no trust of its own."""
    path = world.clone / "bumper.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "insecure: true}}", f"ca: {world.folder}/ca.pem}}}}"
    )
    if not forge:
        text = text.partition("registries:")[0]
    path.write_text(text.replace("forge: {", f"forge: {{{forge}"), encoding="utf-8")
    return bumper(verb, "-C", world.clone, "-f", "plain", "--no-cache")


@pytest.mark.parametrize("setting", ["ca: {ca}, ", "insecure: true, "], ids=["ca", "insecure"])
def test_row_195_a_certificate_of_ones_own_is_taken_where_the_config_says_so(
    world: World, setting: str
) -> None:
    ca = world.folder / "ca.pem"
    ran = run(world, "run", setting.format(ca=ca))
    assert ran.code == 0, ran.out + ran.err
    assert [one.state for one in world.forge.pulls.values()] == ["open"] * 3
    writes = world.writes()
    assert bumper("run", "-C", world.clone, "-f", "plain", "--no-cache").code == 0
    assert world.writes() == writes


def test_row_195_a_ca_may_be_named_by_its_place_in_the_repository(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (world.clone / "ca.pem").write_bytes((world.folder / "ca.pem").read_bytes())
    (world.clone / "web").mkdir(exist_ok=True)
    monkeypatch.chdir(world.clone)
    ran = run(world, "run", "ca: ca.pem, ")
    assert ran.code == 0, ran.out + ran.err
    assert len(world.forge.pulls) == 3


@pytest.mark.parametrize("verb", ["run", "doctor"])
def test_row_195_what_nobody_vouches_for_is_refused_and_the_setting_named(
    world: World, verb: str
) -> None:
    ran = run(world, verb, "")
    assert ran.code != 0
    assert "`forge.ca`" in ran.out + ran.err
    assert world.asked == []


def test_row_195_another_authority_is_no_help(world: World) -> None:
    other = world.folder / "other"
    other.mkdir()
    ran = run(world, "run", f"ca: {Authority(other).ca}, ")
    assert "`forge.ca`" in ran.err
    assert world.asked == []


def test_row_195_that_nobody_is_asked_for_a_certificate_is_told(world: World) -> None:
    assert (
        "whoever answers at its address is given the token"
        in run(world, "doctor", "insecure: true, ").out
    )


def test_a_ca_that_is_not_there_is_said(world: World) -> None:
    ran = run(world, "run", "ca: nowhere.pem, ")
    assert (ran.code, world.asked) == (2, [])
    assert "`forge.ca`: nowhere.pem: No such file" in ran.err
