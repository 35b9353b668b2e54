"""`diff`: what changed inside an image, against a real registry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.fakes import docker_registry
from tests.support import bumper, need, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = {"Volumes": {"/var/lib/db/data": {}}, "Env": ["DB_PASSWORD=hunter2", "MODE=a"]}
NEW = {"Volumes": {"/var/lib/db": {}}, "Env": ["DB_PASSWORD=other", "MODE=b"], "User": "999"}
SMALL = ("linux/amd64",)
BOTH = (*SMALL, "linux/arm64")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with docker_registry.serve(tmp_path_factory.mktemp("registry")) as served:
            registry = docker_registry.Registry(served)
            registry.push("acme/db", "17.1", BOTH, inside=OLD)
            registry.push("acme/db", "18.0", SMALL, inside=NEW)
            registry.push("acme/one", "1", inside=OLD)
            registry.push("acme/one", "2", inside=NEW)
            yield served
    except FileNotFoundError:
        need("docker-registry", "not installed (Debian: apt install docker-registry)")


@pytest.fixture
def root(host: str, tmp_path: Path) -> Path:
    write(tmp_path, {"bumper.yaml": f"registries: {{'{host}': {{insecure: true}}}}\n"})
    return tmp_path


def test_what_changed_is_told_with_what_to_look_at(host: str, root: Path) -> None:
    ran = bumper("diff", f"{host}/acme/db:17.1", "18.0", "-C", root)
    assert ran.code == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == f"{host}/acme/db:17.1 -> {host}/acme/db:18.0 linux/amd64"
    assert "platforms lost: linux/arm64" in lines
    assert any(line.startswith("VOLUME /var/lib/db/data gone ! a mount below") for line in lines)
    assert any(line.startswith("USER (none) -> 999 !") for line in lines)
    assert "ENV MODE a -> b" in lines
    assert lines[-1] == "4 settings differ, 3 to look at"
    assert "hunter2" not in ran.out


@pytest.mark.parametrize("name", ["linux/arm64/v8", "linux/aarch64", "linux/arm64"])
def test_a_platform_is_found_by_any_of_its_names(host: str, root: Path, name: str) -> None:
    ran = bumper("diff", f"{host}/acme/db:17.1", "17.1", "-C", root, "--platform", name)
    assert (ran.code, "no setting differs" in ran.out) == (0, True), ran.err


@pytest.mark.parametrize("first", ["db:17.1", "one:1"], ids=["an-index", "a-single-image"])
def test_json_has_the_same(host: str, root: Path, first: str) -> None:
    second = {"db:17.1": "18.0", "one:1": "2"}[first]
    ran = bumper("diff", f"{host}/acme/{first}", second, "-C", root, "-f", "json")
    document = json.loads(ran.out)
    assert document["schema_version"] == 1
    assert [one["name"] for one in document["differences"]][:1] == ["USER"]
    assert len(document["differences"]) == 4


def test_an_image_does_not_differ_from_itself(host: str, root: Path) -> None:
    ran = bumper("diff", f"{host}/acme/db:17.1", f"{host}/acme/db:17.1", "-C", root)
    assert ran.out.endswith("no setting differs\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["acme/db:17.1", "18.0", "--platform", "linux/arm64"], 2, "[no-platform]", id="no-such-platform"),
        pytest.param(["acme/db:17.1", "99"], 3, "[registry-not-found]", id="no-such-tag"),
        pytest.param(["acme/db:17.1", "a:b:c"], 2, "[reference]", id="no-reference"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(
    host: str, root: Path, arguments: list[str], code: int, told: str
) -> None:
    first, *rest = arguments
    ran = bumper("diff", f"{host}/{first}", *rest, "-C", root)
    assert (ran.code, told in ran.err) == (code, True), ran.err
