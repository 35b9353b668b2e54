"""Between runs: a second run asks on condition, --offline asks nobody and says how old its word is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes import docker_registry
from tests.support import bumper, need, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def planned(root: Path, *flags: str) -> dict[str, Any]:
    ran = bumper("plan", "-C", root, "-f", "json", *flags)
    found: dict[str, Any] = json.loads(ran.out)
    assert found["summary"]["failed"] == 0, ran.err
    return found


def test_what_was_asked_once_is_known_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUMPER_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "registry").mkdir()
    root = tmp_path / "repository"
    try:
        with docker_registry.serve(tmp_path / "registry") as host:
            registry = docker_registry.Registry(host)
            for tag in ("1.0.0", "1.1.0"):
                registry.push("acme/web", tag, ("linux/amd64", "linux/arm64"))
            write(root, {
                "compose.yaml": f"services: {{a: {{image: '{host}/acme/web:1.0.0'}}}}\n",
                "bumper.yaml": f"registries: {{'{host}': {{insecure: true}}}}\n",
            })  # fmt: skip
            first, second = planned(root), planned(root)
            fresh = planned(root, "--no-cache")
            registry.push("acme/web", "1.2.0", ("linux/amd64", "linux/arm64"))
            third = planned(root)
    except FileNotFoundError:
        need("docker-registry", "not installed (Debian: apt install docker-registry)")
    assert [one["outcomes"][0]["new_tag"] for one in (first, second, fresh, third)] == [
        "1.1.0", "1.1.0", "1.1.0", "1.2.0",
    ]  # fmt: skip
    assert (first["requests"]["cached"], fresh["requests"]["cached"]) == (0, 0)
    assert second["requests"]["cached"] > 0
    assert sum(second["requests"]["by_registry"].values()) < sum(
        first["requests"]["by_registry"].values()
    )
    soon = planned(root, "--max-age", "10m")
    assert soon["outcomes"][0]["new_tag"] == "1.2.0"
    assert soon["requests"]["by_registry"] == {}
    offline = planned(root, "--offline")
    assert offline["outcomes"][0]["new_tag"] == "1.2.0"
    assert "by what was known" in offline["outcomes"][0]["reason"]
    assert offline["requests"]["by_registry"] == {}


def test_offline_without_a_past_is_unknown_and_never_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUMPER_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path / "r", {"compose.yaml": "services: {a: {image: 'nginx:1.25.3'}}\n"})
    ran = bumper("plan", "-C", tmp_path / "r", "-f", "json", "--offline")
    assert json.loads(ran.out)["outcomes"][0]["code"] == "offline"
    assert (ran.code, "run once without --offline" in ran.err) == (3, True)
